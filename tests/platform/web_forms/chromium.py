"""A page signed in as someone of the city, that fails a test on any script error."""

from __future__ import annotations


def page_of(browser, live_server, client, errors, width=1440):
    """Return a page signed in as the person of ``client``; script errors go to ``errors``."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
    return page

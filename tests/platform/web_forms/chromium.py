"""A real Chromium, signed in as someone of the city, that fails a test on any script error."""

from __future__ import annotations

import shutil
from contextlib import contextmanager


@contextmanager
def chromium():
    """Start the browser of the system."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--disable-dev-shm-usage"])
        yield browser
        browser.close()


def page_of(browser, live_server, client, errors, width=1440):
    """Return a page signed in as the person of ``client``; script errors go to ``errors``."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
    return page

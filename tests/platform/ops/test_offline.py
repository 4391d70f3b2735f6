"""No request leaves the machine: every page, loaded in a real browser, asks only the site itself."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from tests.platform.chromium import chromium
from tests.platform.ops.conftest import FILL
from tests.platform.ops.test_deploy import serving

pytestmark = [pytest.mark.browser, pytest.mark.postgres("brings a server of its own")]
MOST = 60
SESSION = "\nprint(city.client('city_officer').cookies['sessionid'].value)"


def links(page, address):
    """The site's own pages that this one links to."""
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href.split('#')[0])")
    return [link for link in found if link.startswith(f"{address}/") and "logout" not in link]


@pytest.mark.slow
def test_every_page_asks_only_its_own_site(make_place, tmp_path):
    place = make_place()
    session = place.python(FILL + SESSION).splitlines()[-1]
    asked, refused, seen = set(), [], []
    with serving(place, tmp_path) as address, chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.on("request", lambda request: asked.add(request.url))
        page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"{address}/account/login/", wait_until="networkidle")
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        waiting = [f"{address}/"]
        while waiting and len(seen) < MOST:
            url = waiting.pop(0)
            answer = page.goto(url, wait_until="networkidle")
            assert answer.status < 500, url
            if len(seen) == 0:
                assert "/login" not in page.url, "the session is not taken"
            seen.append(url)
            waiting += [link for link in dict.fromkeys(links(page, address)) if link not in (*seen, *waiting)]
    own = urlsplit(address).netloc
    away = sorted(url for url in asked if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != own)
    assert away == []
    assert refused == [], "an inline script or style, or a foreign address, was refused"
    assert any("/static/" in url for url in asked) and seen

"""Every role in a real browser: its own workbench, its one main page, and nothing of others."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.platform.chromium import chromium
from tests.platform.web_forms.chromium import page_of

ROLES = yaml.safe_load(Path(__file__).with_name("roles.yaml").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_each_role_sees_its_own_work_and_nothing_else(city, live_server):
    errors = []
    with chromium() as browser:
        for role, said in ROLES.items():
            page = page_of(browser, live_server, city.client(role), errors)
            page.goto("/")
            assert said["sees"] in page.locator("main").inner_text(), role
            links = page.locator("nav.side a")
            shown = {text.strip() for text in links.all_inner_texts()}
            assert shown.isdisjoint(said["lacks"]), role
            links.get_by_text(said["opens"], exact=True).click()
            page.wait_for_load_state()
            text = page.locator("main").inner_text()
            assert said["finds"] in text, role
            assert "hidden" not in said or said["hidden"] not in text, role
            page.context.close()
    assert errors == []


def test_the_audit_administrator_begins_a_check(city, live_server):
    errors = []
    with chromium() as browser:
        page = page_of(browser, live_server, city.client("audit_admin"), errors)
        page.goto("/")
        page.get_by_role("link", name="从未").click()
        page.locator("main form button").first.click()
        page.wait_for_url("**/jobs/**")
        assert "审计" in page.locator("h1").inner_text()
    assert errors == []

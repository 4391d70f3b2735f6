"""Every page in a real Chromium, at a desk and on a phone, in both languages, for the roles that may open it."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.utils import timezone
from tests.platform.accounts.test_single_sign_on import configured, provider
from tests.platform.browser.looks import SAID, all_looks, fast_looks, read

exhaustive = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]
GROUPS = sorted({look.address.partition(":")[0].partition("_")[0] for look in all_looks()})


@pytest.fixture
def _django_db_helper(stage):
    """Leave the city where it is between the tests of this module: the mark only says that a database is needed."""


def group(look):
    return look.address.partition(":")[0].partition("_")[0]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_main_pages_are_well_made(stage):
    began = time.monotonic()
    assert not "\n".join(fault for look in fast_looks() for fault in stage.faults(look))
    assert time.monotonic() - began < 120, "what runs in every test run stays short"


@pytest.mark.parametrize("wanted", [pytest.param(one, marks=exhaustive) for one in GROUPS])
def test_every_page_is_well_made(stage, wanted):
    assert not "\n".join(fault for look in all_looks() if group(look) == wanted for fault in stage.faults(look))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_pages_of_single_sign_on_are_well_made(stage, settings):
    settings.SOCIALACCOUNT_PROVIDERS = configured("http://127.0.0.1:9")
    assert stage.faults_after(stage.single_sign_on, "sign-in_with_single_sign_on", press=False) == []
    assert stage.faults_after(stage.single_sign_on, "single_sign_on_down", 503) == []
    with provider("somebody_else") as url:
        settings.SOCIALACCOUNT_PROVIDERS = configured(url)
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        leads_there = policy | {"form-action": [*policy["form-action"], url]}  # as JIGAI_OIDC_URL would have it
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": leads_there}
        assert stage.faults_after(stage.single_sign_on, "single_sign_on_unknown", origin=url) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_pages_of_a_sign_in_that_failed_are_well_made(stage):
    assert stage.faults_after(stage.wrong_password, "sign-in_wrong") == []
    assert stage.faults_after(stage.page_too_old, "page_too_old", 403) == []
    assert stage.faults_after(stage.locked_out, "locked_out", 429) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("text", SAID["printed"])
def test_a_page_prints_as_an_official_sheet(stage, text):
    """No navigation and no button; city, person and time above; the width of A4 is enough for every table."""
    look = read(*text.split(" ", 1))
    page = stage.page(look.role)
    page.set_viewport_size({"width": 673, "height": 990})  # A4 less its margins, in CSS pixels
    page.goto(stage.url + stage.path(look))
    page.emulate_media(media="print")
    try:
        head = page.locator(".printhead").inner_text()
        assert settings.CITY_NAME in head
        assert stage.people[look.role].user.name in head
        assert f"{timezone.localdate():%Y-%m-%d}" in head
        assert page.locator("h1").is_visible()
        for hidden in ("nav.side", "header.top", "main .btn", ".fb", ".pagehelp"):
            assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
        wide = page.evaluate("Math.max(...[...document.querySelectorAll('main, main table')].map(e => e.scrollWidth))")
        assert wide <= 673
    finally:
        page.emulate_media(media="screen")

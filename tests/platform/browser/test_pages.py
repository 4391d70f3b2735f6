"""Every page in a real Chromium, at a desk and on a phone, for the roles that may open it."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.platform.chromium import chromium
from tests.platform.matrix.addresses import addresses
from tests.platform.web_forms.chromium import page_of

from jigai.platform.accounts.acting import MEMBERSHIP
from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places.models import ManagingUnit
from jigai.platform.registers.definition import registers
from jigai.platform.sample.loading import load_city
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

SAID = yaml.safe_load(Path(__file__).with_name("pages.yaml").read_text(encoding="utf-8"))
YEAR = 2025
WIDTHS = (1440, 390)
FRAME = "nav.side a, main h2, main th, main legend, main button, .ph__act a, summary:not(.who summary), .foot"
CHINESE = re.compile("[\u4e00-\u9fff]")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def small_city(db):
    """Twelve enterprises with people of every role; returns one account of each role."""
    load_city(Reference.load(date(2026, 11, 1)), 12)
    with transaction.atomic(), use_scope(command_scope("test")):
        return {key: Membership.objects.filter(role_key=key).order_by("pk").first() for key in roles()}


def arguments(membership, name):
    """Fill the arguments of an address with something of the person's own where there is such a thing."""
    with transaction.atomic(), use_scope(command_scope("test")):
        kind = SAID["arguments"].get(name)
        people = LegalPerson.objects.order_by("pk")
        own = people.filter(org=membership.organisation).first()
        near = people.filter(manager_code=membership.organisation.manager_code).first()
        person = own or near or people.first()
        return {
            None: {},
            "enterprise": {"pk": person.pk},
            "site": {"pk": Site.objects.filter(legal_person=person).order_by("pk").first().pk},
            "sheet": {"pk": person.pk, "year": YEAR},
            "year": {"year": YEAR},
            "register": {"key": next(iter(registers()))},
            "unit": {"code": ManagingUnit.objects.first().code},
            "person": {"pk": User.objects.get(username="head").pk},
        }[kind]


def names_of_things():
    """Return every name in the database that may stand in a frame as data."""
    with transaction.atomic(), use_scope(command_scope("test")):
        found = {*LegalPerson.objects.values_list("name", flat=True), *Site.objects.values_list("name", flat=True)}
        found |= set(Organisation.objects.values_list("name", flat=True)) | set(
            User.objects.values_list("name", flat=True)
        )
        return sorted(found | {unit.name for unit in ManagingUnit.objects.all()}, key=len, reverse=True)


def signed_in(membership):
    client = Client()
    client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[MEMBERSHIP] = membership.pk
    session.save()
    return client


def faults(page, server, path, label, names):
    """Open a page at both widths and in English and return everything that is wrong with it, in words."""
    found = []
    elsewhere, errors = [], []
    page.on("request", lambda one: elsewhere.append(one.url) if not one.url.startswith((server, "data:")) else None)
    page.on("console", lambda one: errors.append(one.text) if one.type == "error" else None)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(server + path)
        if answer.status != 200:
            return [f"{label}: {answer.status}"]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{label} {width}: {wide}px sideways"] if wide > 0 else []
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append(f"{label} {width}: {one['id']} {one['nodes'][0]['html'][:120]}")
        if folder := os.environ.get("JIGAI_TEST_SHOTS"):
            page.screenshot(
                path=Path(folder) / f"{label.replace(':', '_').replace(' ', '_')}_{width}.png", full_page=True
            )
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": server}])
    page.goto(server + path)
    for text in page.locator(FRAME).all_inner_texts():
        for name in names:
            text = text.replace(name, "")
        found += [f"{label} en: {text.strip()[:40]}"] if CHINESE.search(text) else []
    page.context.clear_cookies(name="django_language")
    return found + [f"{label} console: {one}" for one in errors] + [f"{label} asks {one}" for one in elsewhere]


def look(server, membership, names_of_pages):
    names, errors, found = names_of_things(), [], []
    with chromium() as browser:
        for name in names_of_pages:
            page = page_of(browser, server, signed_in(membership), errors)
            path = reverse(name, kwargs=arguments(membership, name))
            found += faults(page, server.url, path, f"{name} {membership.role_key}", names)
            page.context.close()
    return found + errors


@pytest.mark.parametrize(("name", "role"), SAID["fast"].items())
def test_five_pages_are_well_made(small_city, live_server, name, role):
    assert look(live_server, small_city[role], [name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", roles())
def test_every_page_is_well_made(small_city, live_server, role):
    """All pages a role may open whose address is complete or can be filled from the sample city."""
    pages = [
        one.name
        for one in addresses()
        if one.ours
        and one.name not in SAID["not_pages"]
        and (not one.arguments or one.name in SAID["arguments"])
        and one.capability in roles()[role].capabilities
    ]
    assert pages
    assert look(live_server, small_city[role], pages) == []


def test_the_help_belongs_to_pages():
    from jigai.platform.web.help import help_texts

    assert set(help_texts()) <= {one.name for one in addresses()}
    assert all(zh and en for zh, en in help_texts().values())

"""The loaded city before the browser: who signs in how, which page is opened with what, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.conf import settings
from django.core.cache import cache as told
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.platform.accounts.signing import sign_in
from tests.platform.accounts.test_second_factor import set_up
from tests.platform.browser.looks import LANGUAGES, WIDTHS, Look, wrong_with
from tests.platform.browser.things import Things
from tests.platform.chromium import browser
from tests.platform.matrix.addresses import addresses

from jigai.platform.accounts.acting import MEMBERSHIP
from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.sample import PASSWORD
from jigai.platform.sample.loading import load_city
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

SIZE = 12


@cache
def with_arguments() -> set[str]:
    """Return the addresses that take arguments; what a thing gives beyond them is only made to be there."""
    return {one.name for one in addresses() if one.arguments}


@dataclass
class Stage:
    """``url`` is the server; ``people`` one membership of each role; ``things`` what pages are about."""

    url: str
    people: dict[str, Membership]
    things: Things
    clients: dict[str, Client] = field(default_factory=dict)
    pages: dict[str, object] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @classmethod
    def build(cls, url: str) -> Stage:
        load_city(Reference.load(date(2026, 11, 1)), SIZE)
        with transaction.atomic(), use_scope(command_scope("test")):
            codes = set(LegalPerson.objects.values_list("manager_code", flat=True))
            people = {key: cls._one_of(key, codes) for key in roles()}
        return cls(url, people, Things(people))

    @staticmethod
    def _one_of(role: str, counties: set[str]) -> Membership:
        """Return someone of a role, of a county that has enterprises where there is such a person."""
        held = list(Membership.objects.filter(role_key=role).select_related("user", "organisation").order_by("pk"))
        return next((one for one in held if one.organisation.manager_code in counties), held[0])

    def close(self) -> None:
        """Close the windows, so that the server has nobody to wait for."""
        for page in self.pages.values():
            page.context.close()

    def faults(self, look: Look) -> list[str]:
        """Open a page at both widths and in both languages and return everything that is wrong with it."""
        path = self.path(look)
        page = self.page(look.role)

        def open_it():
            answer = page.goto(self.url + path + look.query)
            if not look.press:
                return answer.status
            page.locator(look.press).first.click()
            page.wait_for_load_state()
            return look.status

        return self._looked_at(page, open_it, look.label, look.status)

    def path(self, look: Look) -> str:
        """Return the path of a look, its arguments filled by its thing."""
        if look.address.startswith("/"):
            return look.address
        given = self.things.arguments(look.thing, look.role)
        path = reverse(look.address, kwargs=given if look.address in with_arguments() else {})
        ticked = "&".join(f"pick={number}" for number in given.get("pick", ()))
        return f"{path}?{ticked}" if ticked else path

    def faults_after(self, act: Callable, label: str, status: int = 200, origin: str = "", **more) -> list[str]:
        """Look at what stands there after someone not signed in has acted."""
        page = self._fresh_page()
        found = self._looked_at(page, lambda: act(page, **more), label, status, origin)
        page.context.close()
        return found

    def _looked_at(self, page, open_it, label, status, origin="") -> list[str]:
        found, elsewhere, errors = [], [], []
        ours = (self.url, "data:", "blob:", *([origin] if origin else []))

        def asked(request):
            if not request.url.startswith(ours):
                elsewhere.append(request.url)

        def said(message):
            # The browser itself reports a page that answers with a fault; that fault is what was asked for.
            refused = status != 200 or "=" in label or "status of 4" in message.text
            if message.type == "error" and not (refused and "Failed to load resource" in message.text):
                errors.append(message.text)

        def broke(error):
            errors.append(str(error))

        page.on("request", asked)
        page.on("console", said)
        page.on("pageerror", broke)
        for language in LANGUAGES:
            page.context.add_cookies([{"name": "django_language", "value": language, "url": self.url}])
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                got = open_it()
                if got != status:
                    found.append(f"answers {got}, not {status}")
                found += wrong_with(page, label, width, language, self.known_names())
        for event, listener in (("request", asked), ("console", said), ("pageerror", broke)):
            page.remove_listener(event, listener)
        found += [f"console: {one}" for one in errors] + [f"asks {one}" for one in elsewhere]
        return [f"{label}: {one}" for one in dict.fromkeys(found)]

    # ── who looks ──

    def page(self, role: str):
        if role not in self.pages:
            page = self._fresh_page()
            if role != "nobody":
                key = self.client(role).cookies["sessionid"].value
                page.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
            self.pages[role] = page
            if role == "factored":
                self._add_key(page)
        return self.pages[role]

    def _fresh_page(self):
        context = browser().new_context(locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def client(self, role: str) -> Client:
        if role not in self.clients:
            makers = {name: getattr(self, f"_{name}") for name in ("fresh", "apart", "factored", "halfway", "keyless")}
            self.clients[role] = makers[role]() if role in makers else self._of_role(self.people[role])
        return self.clients[role]

    def _of_role(self, membership: Membership) -> Client:
        client = Client()
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[MEMBERSHIP] = membership.pk
        session.save()
        return client

    def _fresh(self) -> Client:
        return sign_in(self.people["bank"].user.username, PASSWORD)

    def _factored(self) -> Client:
        client = sign_in(self.people["expert"].user.username, PASSWORD)
        set_up(client)
        return client

    def _add_key(self, page) -> None:
        """Register a security key, as a person does with one in the machine."""
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(f"{self.url}{reverse('mfa_add_webauthn')}")
        page.fill("#id_name", "办公室钥匙")
        page.click("#add_key")
        page.wait_for_selector("text=安全密钥已添加")

    def _apart(self) -> Client:
        return self._fresh()

    def _halfway(self) -> Client:
        self.page("factored")
        return sign_in(self.people["expert"].user.username, PASSWORD)

    def _keyless(self) -> Client:
        held = self.people["supplier"]
        with transaction.atomic(), use_scope(command_scope("test")):
            user = User.objects.create(username="keyless", name="无口令")
            user.set_unusable_password()
            user.save()
            held = Membership.objects.create(user=user, organisation=held.organisation, role_key="supplier")
        return self._of_role(held)

    # ── what someone not signed in does ──

    def single_sign_on(self, page, press: bool = True):
        page.goto(f"{self.url}{reverse('account_login')}")
        if not press:
            return 200
        with page.expect_navigation() as answered:
            page.locator("form[action*='/oidc/'] button").click()
        return answered.value.status

    def wrong_password(self, page, name: str = "nobody-here"):
        told.clear()
        page.goto(f"{self.url}{reverse('account_login')}")
        page.fill("#id_login", name)
        page.fill("#id_password", "not the password")
        with page.expect_navigation() as answered:
            page.locator("main form.form button[type=submit]").first.click()
        return answered.value.status

    def locked_out(self, page):
        for _ in range(20):
            if (status := self.wrong_password(page, "locked-one")) == 429:
                return status
        return status

    def page_too_old(self, page):
        key = self.client("bank").cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        page.goto(f"{self.url}{reverse('accounts:me')}")
        page.context.clear_cookies(name="csrftoken")
        with page.expect_navigation() as answered:
            page.locator("main form button.btn-primary").first.click()
        return answered.value.status

    def known_names(self) -> list[str]:
        """Return every name in the database that may stand in a frame as data."""
        with transaction.atomic(), use_scope(command_scope("test")):
            found = {settings.CITY_NAME, "中文"}
            for model in (LegalPerson, Site, Organisation, User, ManagingUnit, Park, Place):
                found |= set(model.objects.values_list("name", flat=True))
            found |= set(self.things.words())
        return sorted(filter(None, found), key=len, reverse=True)

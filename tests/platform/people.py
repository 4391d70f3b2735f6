"""A small city for tests: two counties, an enterprise in each, and one person in every role."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone

from jigai.platform.accounts.acting import MEMBERSHIP, actor_for
from jigai.platform.accounts.models import FormerPassword, Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope

EAST, WEST = "510402", "510403"


@dataclass
class City:
    """``people`` are users by role key (of the east where a county matters), ``west`` the same of the west."""

    people: dict[str, User] = field(default_factory=dict)
    west: dict[str, User] = field(default_factory=dict)
    east_enterprise: LegalPerson = None  # type: ignore[assignment]
    west_enterprise: LegalPerson = None  # type: ignore[assignment]
    east_site: Site = None  # type: ignore[assignment]
    west_site: Site = None  # type: ignore[assignment]

    @classmethod
    def build(cls) -> City:
        city = cls()
        with transaction.atomic(), use_scope(command_scope("test city")):
            top = Place.objects.create(code="510400", name="示范市", level="city")
            for order, (code, name) in enumerate({EAST: "东区", WEST: "西区"}.items()):
                place = Place.objects.create(code=code, name=name, parent=top, level="county", order=order)
                ManagingUnit.objects.create(code=code, name=name, place=place, order=order)
            city.east_enterprise, city.east_site = _enterprise("东风轧钢有限公司", "91510400MA00000018", EAST)
            city.west_enterprise, city.west_site = _enterprise("西山水泥有限公司", "91510400MA0000002X", WEST)
            _people(
                (city.people, EAST, city.east_enterprise),
                (city.west, WEST, city.west_enterprise),
            )
        return city

    def actor(self, key: str, *, west: bool = False) -> Actor:
        """Return who acts in a role."""
        user = (self.west if west else self.people)[key]
        return actor_for(Membership.objects.get(user=user))

    def client(self, key: str, *, west: bool = False) -> Client:
        """Return a browser signed in in a role."""
        user = (self.west if west else self.people)[key]
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[MEMBERSHIP] = Membership.objects.get(user=user).pk
        session.save()
        return client


def _enterprise(name: str, code: str, county: str) -> tuple[LegalPerson, Site]:
    organisation = Organisation.objects.create(kind="legal_person", name=name, credit_code=code, manager_code=county)
    columns = {"org": organisation, "manager_code": county, "place_code": county}
    person = LegalPerson.objects.create(name=name, credit_code=code, industry_code="3130", **columns)
    site = Site.objects.create(
        legal_person=person, enterprise_name=name, credit_code=code, name=f"{name}主厂区", **columns
    )
    site.site = site
    site.save()
    return person, site


def _people(*sides: tuple[dict[str, User], str, LegalPerson]) -> None:
    """Put someone in every role on each side; in a few statements, since nearly every test begins here."""
    password = make_password("correct horse battery")
    now = timezone.now()
    offices: dict[tuple[str, str], Organisation] = {}
    posts: list[Membership] = []
    for side, county, enterprise in sides:
        for key, role in roles().items():
            kind = sorted(role.org_kinds)[0]
            side[key] = User(
                username=f"{key}_{county}", name=role.zh, password=password, password_changed_at=now, date_joined=now
            )
            if "legal_person" in role.org_kinds:
                organisation = enterprise.org
            else:
                code = county if kind == "county_bureau" else ""
                new = Organisation(kind=kind, name=f"{kind} {county}", manager_code=code)
                organisation = offices.setdefault((kind, county), new)
            posts.append(Membership(user=side[key], organisation=organisation, role_key=key))
    people = [post.user for post in posts]
    Organisation.objects.bulk_create(offices.values())
    User.objects.bulk_create(people)
    FormerPassword.objects.bulk_create(FormerPassword(user=user, password=password) for user in people)
    Membership.objects.bulk_create(posts)

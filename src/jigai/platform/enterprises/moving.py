"""An enterprise or site that changes its managing unit takes along what belongs to it (D13, D19)."""

from __future__ import annotations

from typing import Final

from django.apps import apps

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line, SheetStep, Site, Title
from jigai.platform.places.moving import move_register_rows
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.models import Scoped

_OF_ORGANISATION: Final = (
    ("imports", "Upload"),
    ("imports", "RememberedMapping"),
    ("ledger", "Bulk"),
    ("ledger", "BulkFile"),
    ("accounts", "Invitation"),
    ("accounts", "Registration"),
)
"""What an enterprise's people handed in or asked for: the county that manages it now sees it, the former no longer."""

_OF_SITE: Final = (
    ("imports", "Upload"),
    ("ledger", "Device"),
    ("ledger", "DeviceState"),
    ("ledger", "OpenLine"),
    ("ledger", "Act"),
    ("ledger", "ReturnSlip"),
    ("screening", "Run"),
    ("screening", "SiteRun"),
    ("screening", "Finding"),
    ("screening", "ObsoleteStep"),
    ("screening", "RestsOn"),
    ("replies", "Photo"),
    ("replies", "Told"),
    ("replies", "Objection"),
    ("replies", "ObjectionStep"),
    ("replies", "SiteCheck"),
    ("replies", "CheckItem"),
    ("replies", "CheckAnswer"),
    ("campaigns", "Entry"),
    ("campaigns", "Step"),
    ("campaigns", "Note"),
    ("campaigns", "Reminder"),
    ("plan", "Contribution"),
)
"""What stands at a site and was said of it, in apps that build on this one."""


def move(actor: Actor, old: LegalPerson | Site, new: LegalPerson | Site) -> None:
    """Bring the scope columns, and the names kept beside, of all dependent rows in line with ``new``."""
    if isinstance(new, LegalPerson) and isinstance(old, LegalPerson):
        _move_person(actor, old, new)
    elif isinstance(new, Site) and _columns(old) != _columns(new):
        _move_rows_of_site(new, _columns(new))


def _move_person(actor: Actor, old: LegalPerson, new: LegalPerson) -> None:
    named = {"name": new.name, "credit_code": new.credit_code}
    if {"name": old.name, "credit_code": old.credit_code} != named:
        new.sites.update(enterprise_name=new.name, credit_code=new.credit_code)
        Organisation.objects.filter(pk=new.org_id or 0).update(**named)
    if _columns(old) == _columns(new):
        return
    of_person: tuple[type[Scoped], ...] = (Title, AboveScale, SheetStep)
    for model in of_person:
        model.objects.filter(legal_person=new).update(**_columns(new))
    for model in (Fact, apps.get_model("plan", "Contribution")):
        model.objects.filter(legal_person=new, site__isnull=True).update(**_columns(new))
    move_register_rows({"legal_person": new, "site__isnull": True}, _columns(new))
    if old.manager_code != new.manager_code:
        Organisation.objects.filter(pk=new.org_id or 0).update(manager_code=new.manager_code)
        for app, name in _OF_ORGANISATION:
            own = apps.get_model(app, name).objects.filter(org_id=new.org_id or 0)
            own.update(manager_code=new.manager_code)
        for site in new.sites.filter(manager_code=old.manager_code):
            _move_site(actor, site, {"manager_code": new.manager_code})


def _move_site(actor: Actor, site: Site, columns: dict[str, str]) -> None:
    before = {"manager_code": site.manager_code, "version": site.version}
    site.manager_code, site.version = columns["manager_code"], site.version + 1
    site.save()
    record(actor, "site.moved", site, before=before, after=columns | {"version": site.version})
    _move_rows_of_site(site, columns)


def _move_rows_of_site(site: Site, columns: dict[str, str]) -> None:
    of_site: tuple[type[Scoped], ...] = (Line, Fact)
    for model in of_site:
        model.objects.filter(site=site).update(**columns)
    for app, name in _OF_SITE:
        apps.get_model(app, name).objects.filter(site=site).update(**columns)
    move_register_rows({"site": site}, columns)


def _columns(row: LegalPerson | Site) -> dict[str, str]:
    return {"manager_code": row.manager_code, "place_code": row.place_code}

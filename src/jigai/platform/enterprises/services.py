"""Create and edit enterprises, sites, lines and titles. Every function takes the acting user first.

What a caller may rely on: the capability is asked, values are checked (``ValidationError`` by field, in Chinese, with
the remedy), scope columns are set, every change is audited, an edit of an older version is refused
(`EditedMeanwhileError`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.enterprises import rules
from jigai.platform.enterprises.models import LegalPerson, Line, Site
from jigai.platform.enterprises.moving import move
from jigai.platform.enterprises.naming import initials
from jigai.platform.walls.actor import Actor
from jigai.platform.web.editing import save_edit

EDIT = "enterprise.edit"


def create_enterprise(actor: Actor, values: Mapping[str, Any]) -> LegalPerson:
    """Create a legal person and the organisation its people act for.

    ``values``: ``name, credit_code, manager_code, place_code`` are needed; ``industry_code, park, address,
    registered_on, predecessors, status, sample`` may be given.
    """
    actor.require(EDIT)
    checked = rules.check_person(actor, values)
    organisation = {
        "kind": Organisation.Kind.LEGAL_PERSON,
        "name": checked["name"],
        "manager_code": checked["manager_code"],
    }
    try:
        with transaction.atomic():
            org, _made = Organisation.objects.get_or_create(credit_code=checked["credit_code"], defaults=organisation)
            person = LegalPerson.objects.create(org=org, initials=initials(checked["name"]), **checked)
    except IntegrityError:
        raise ValidationError(
            {"credit_code": _("已有企业登记了这个代码。查不到的可能归其他县区管理，请联系市经信部门。")}
        ) from None
    record(actor, "enterprise.created", person, after=_said(checked))
    return person


def edit_enterprise(
    actor: Actor, person: LegalPerson, changes: Mapping[str, Any], version: int, *, reason: str = ""
) -> LegalPerson:
    """Change a legal person. Name, code and managing unit are changed by the authorities only.

    A new managing unit takes the sites along that had the old one, with their lines and figures.
    """
    actor.require(EDIT)
    checked = rules.check_person(actor, changes, person)
    if "name" in checked:
        checked["initials"] = initials(checked["name"])
    try:
        with transaction.atomic():
            edited = save_edit(actor, person, checked, version, action="enterprise.edited", reason=reason)
            move(actor, person, edited)
    except IntegrityError:
        raise ValidationError({"credit_code": _("另一家企业已登记了这个代码，请核对营业执照。")}) from None
    return edited


def archive_enterprise(actor: Actor, person: LegalPerson, reason: str) -> Event:
    """Take an enterprise out of lists; history stays. Returns the event, from which it can be undone."""
    actor.require(EDIT)
    rules.authorities_only(actor)
    rules.reason_given(reason)
    return _set(actor, person, "enterprise.archived", reason, status=LegalPerson.Status.ARCHIVED)


def create_site(actor: Actor, person: LegalPerson, values: Mapping[str, Any]) -> Site:
    """Create a site (厂区) of an enterprise: ``name, place_code, manager_code`` needed (D13)."""
    actor.require(EDIT)
    rules.whole_enterprise(actor)
    checked = rules.check_site(actor, values)
    own = {"legal_person": person, "org": person.org, "enterprise_name": person.name, "credit_code": person.credit_code}
    with transaction.atomic():
        site = Site.objects.create(**own, **checked)
        site.site = site
        site.save()
        record(actor, "site.created", site, after=_said(checked))
    return site


def edit_site(actor: Actor, site: Site, changes: Mapping[str, Any], version: int, *, reason: str = "") -> Site:
    """Change a site; a new managing unit or place takes its lines and figures along."""
    actor.require(EDIT)
    checked = rules.check_site(actor, changes, site)
    with transaction.atomic():
        edited = save_edit(actor, site, checked, version, action="site.edited", reason=reason)
        move(actor, site, edited)
    return edited


def close_site(actor: Actor, site: Site, reason: str) -> Event:
    """Mark a site as no longer used."""
    actor.require(EDIT)
    rules.reason_given(reason)
    return _set(actor, site, "site.closed", reason, active=False)


def create_line(actor: Actor, site: Site, values: Mapping[str, Any]) -> Line:
    """Create a production line: ``name, product`` needed; ``process, capacity, capacity_unit, unit_energy,
    unit_energy_unit, environmental_grade, commissioned, retired, planned_exit, planned_exit_note`` may be given."""
    actor.require(EDIT)
    checked = rules.check_line(values)
    columns = {"org": site.org, "manager_code": site.manager_code, "place_code": site.place_code}
    line = Line.objects.create(site=site, **columns, **checked)
    record(actor, "line.created", line, after=_said(checked))
    return line


def edit_line(actor: Actor, line: Line, changes: Mapping[str, Any], version: int, *, reason: str = "") -> Line:
    """Change a production line."""
    actor.require(EDIT)
    return save_edit(actor, line, rules.check_line(changes, line), version, action="line.edited", reason=reason)


def retire_line(actor: Actor, line: Line, year: int, reason: str) -> Event:
    """Record the year a line left production (退出)."""
    actor.require(EDIT)
    rules.reason_given(reason)
    rules.check_line({"retired": year}, line)
    return _set(actor, line, "line.retired", reason, retired=year)


def _set(actor: Actor, subject: Any, action: str, reason: str, **values: Any) -> Event:
    """Change single fields whatever version was seen, and return the event that can be undone."""
    with transaction.atomic():
        fresh = type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
        before = {name: getattr(fresh, name) for name in values} | {"version": fresh.version}
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.version += 1
        fresh.save()
        after = {name: getattr(fresh, name) for name in values} | {"version": fresh.version}
        return record(actor, action, fresh, before=before, after=after, reason=reason)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "pk", value) for name, value in values.items() if value not in (None, "", [])}

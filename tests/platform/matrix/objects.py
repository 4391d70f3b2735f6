"""Objects of the east and the west for the matrix: what each address is tried with, and who may see it.

Everything of the west carries the name 西山, so that a page of the east that says it has leaked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.platform.matrix import things
from tests.platform.people import EAST, WEST, City

from jigai.platform.accounts.roles import Role

Make = Callable[[City, str, bool], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """How the arguments of an address are made, and who sees what they name.

    ``seen_by``: *scope* (whoever has the enterprise in scope), *unit* (the managing unit and the city), *owner* (the
    person themselves), *administrator* (of the managing unit), *everyone* (belongs to nobody), *nobody*,
    *nowhere* (no address can name it).
    ``all_for`` is the capability that shows the objects of all owners.
    """

    make: Make
    seen_by: str
    all_for: str = ""


KINDS: dict[str, Kind] = {}


def kind(name: str, seen_by: str = "scope", all_for: str = "") -> Callable[[Make], Make]:
    """Register a kind of object."""

    def keep(make: Make) -> Make:
        KINDS[name] = Kind(make, seen_by, all_for)
        return make

    return keep


def sees(one: Kind, role: Role, *, west: bool) -> bool:
    """Say whether a role of the east sees an object of the east, or of the ``west``."""
    if one.all_for and one.all_for in role.capabilities:
        return True
    match one.seen_by:
        case "everyone":
            return True
        case "nobody":
            return False
        case "owner" | "administrator":
            return not west
    if role.scope == "city":
        return True
    if west:
        return False
    organisation = role.scope == "organisation" and "legal_person" in role.org_kinds
    return role.scope == "managing_unit" or (organisation and one.seen_by == "scope")


def _pk(name: str, **more: Any) -> Make:
    """Return a maker that looks the object up among what was built for its side."""
    return lambda city, role, west: {**more, "pk": things.of(city, west)[name].pk}


for _name in ("enterprise", "site", "line", "title", "above_scale", "upload", "registration", "invitation", "token"):
    kind(_name)(_pk(_name))
for _name in ("device", "run", "rehearsal", "bulk", "claim", "slip"):
    kind(_name)(_pk(_name))
for _name in ("change", "reference_set"):
    kind(_name, "everyone")(_pk(_name))
kind("dataset", "everyone")(lambda city, role, west: {"name": "elimination-3"})
kind("dataset_row", "everyone")(lambda city, role, west: {"name": "elimination-3", "table": "rules", "number": 1})
kind("dataset_rule", "everyone")(lambda city, role, west: {"name": "elimination-3"})
kind("site_and_kind")(lambda city, role, west: {"site": things.of(city, west)["site"].pk, "kind": "motor"})
for _name in ("objection", "photo", "check"):
    kind(_name)(_pk(_name))
kind("objection_step")(_pk("objection", key="reject"))
kind("objective", "everyone")(lambda city, role, west: {"id": "O8"})
kind("indicator", "everyone")(lambda city, role, west: {"indicator": "nc_rate"})
kind("plan_version", "everyone")(_pk("plan_spare"))
kind("paper", "everyone")(lambda city, role, west: {"form": "docx"})
kind("scorecard", "everyone")(_pk("scorecard"))
kind("scored_unit", "everyone")(lambda city, role, west: {"code": EAST})
kind("scorecard_unit", "everyone")(_pk("scorecard", code=EAST))
kind("survey", "everyone")(_pk("survey"))
kind("survey_draft", "everyone")(_pk("survey_draft"))
kind("report_form", "everyone")(_pk("report_form"))
kind("report", "everyone")(_pk("report"))
kind("report_step", "everyone")(_pk("report", key="reopen"))
kind("report_cell", "everyone")(
    lambda city, role, west: {
        "pk": things.of(city, west)["report"].pk,
        "key": str(things.of(city, west)["report_cell"].pk),
    }
)
kind("survey_entry")(_pk("survey_entry"))
kind("survey_report")(_pk("survey_entry", key="submit"))
kind("survey_return")(_pk("survey_entry", key="return"))
kind("duty", "everyone")(_pk("duty"))
kind("duty_evidence", "unit")(_pk("duty_evidence"))


def _own_duty(name: str, **more: Any) -> Make:
    """Return a maker of what the organisation of the one who asks has of the task of the city."""
    return lambda city, role, west: {**more, "pk": things.own_duty(city, role, west)[name].pk}


kind("duty_office", "everyone")(_pk("duty_office"))
kind("duty_share", "everyone")(_own_duty("share"))
kind("duty_milestone", "everyone")(_own_duty("milestone"))
kind("duty_finish", "everyone")(_own_duty("share", key="finish"))
kind("duty_return", "everyone")(_own_duty("share", key="return"))
kind("device_label")(lambda city, role, west: {"identifier": things.of(city, west)["device"].identifier})
kind("event")(lambda city, role, west: {"number": things.of(city, west)["event"].pk})
kind("membership")(lambda city, role, west: {"pk": things.side(city, west)["enterprise_finance"].memberships.get().pk})

kind("entry_enterprise")(_pk("entry_enterprise", key="green-factories"))
kind("entry_unit", "unit")(_pk("entry_unit", key="guidance-visits"))
kind("entry_park", "unit")(_pk("entry_park", key="park-risk"))
kind("entry_public", "everyone")(_pk("entry_public", key="holidays"))
kind("entry_elsewhere", "nobody")(_pk("entry_enterprise", key="smart-factories"))


def _sheet(**more: Any) -> Make:
    return lambda city, role, west: {"pk": things.of(city, west)["enterprise"].pk, "year": things.YEAR, **more}


kind("sheet")(_sheet())
kind("figure")(_sheet(key="employees"))
kind("step_submit")(_sheet(key="submit"))


@kind("figure_of_site")
def _figure_of_site(city: City, role: str, west: bool) -> dict[str, Any]:
    return _sheet(key=f"coal@{things.of(city, west)['site'].pk}")(city, role, west)


@kind("foreign_site_in_own_sheet", "nobody")
def _mixed(city: City, role: str, west: bool) -> dict[str, Any]:
    return _sheet(key=f"coal@{things.of(city, not west)['site'].pk}")(city, role, west)


@kind("person", "administrator")
def _person(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.side(city, west)["enterprise_head"].pk}


@kind("person_in_organisation", "administrator")
def _assigned(city: City, role: str, west: bool) -> dict[str, Any]:
    person = things.side(city, west)["enterprise_head"]
    return {"pk": person.pk, "organisation": person.memberships.get().organisation_id}


@kind("held_role", "administrator")
def _held(city: City, role: str, west: bool) -> dict[str, Any]:
    person = things.side(city, west)["enterprise_head"]
    return {"pk": person.pk, "membership": person.memberships.get().pk}


@kind("organisation", "administrator")
def _organisation(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.of(city, west)["enterprise"].org_id}


@kind("post", "owner")
def _post(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.side(city, west)[role].memberships.get().pk}


@kind("sign_in", "owner")
def _sign_in(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.sign_in(things.side(city, west)[role]).pk}


@kind("key", "owner")
def _key(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.key(things.side(city, west)[role]).pk}


def _job(state: str) -> Make:
    return lambda city, role, west: {"pk": things.job(things.side(city, west)[role], state).pk}


kind("job", "owner", "job.manage")(_job("done"))
kind("job_queued", "owner", "job.manage")(_job("queued"))
kind("job_failed", "owner", "job.manage")(_job("failed"))
kind("job_failed_own", "owner")(_job("failed"))
kind("view", "owner")(lambda city, role, west: {"pk": things.view(things.side(city, west)[role]).pk})
kind("notice", "owner")(lambda city, role, west: {"pk": things.notice(things.side(city, west)[role]).pk})


@kind("job_file", "owner")
def _job_file(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.job(things.side(city, west)[role], "done").pk, "name": things.FILE}


def _colleague(city: City, role: str, west: bool) -> Any:
    """A job of somebody else on the same side, inside an enterprise of the same enterprise."""
    other = "enterprise_head" if role == "enterprise_finance" else "enterprise_finance"
    return things.job(things.side(city, west)[other], "done")


@kind("job_of_colleague", "nobody", "job.manage")
def _job_of_colleague(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": _colleague(city, role, west).pk}


@kind("file_of_colleague", "nobody")
def _file_of_colleague(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": _colleague(city, role, west).pk, "name": things.FILE}


@kind("job_file_unknown", "nowhere")
def _job_file_unknown(city: City, role: str, west: bool) -> dict[str, Any]:
    return {"pk": things.job(things.side(city, west)[role], "done").pk, "name": "..%2Fother"}


kind("unit", "everyone")(lambda city, role, west: {"code": WEST if west else EAST})
kind("park", "everyone")(_pk("park"))
kind("park_kind", "everyone")(lambda city, role, west: {"kind": "parks", "key": str(things.of(city, west)["park"].pk)})
kind("unit_kind", "everyone")(lambda city, role, west: {"kind": "units", "key": WEST if west else EAST})
kind("year", "everyone")(lambda city, role, west: {"year": things.YEAR})
kind("two_years", "everyone")(lambda city, role, west: {"first": things.YEAR - 1, "second": things.YEAR})
kind("register", "everyone")(lambda city, role, west: {"key": "green-factories"})
kind("register_public", "everyone")(lambda city, role, west: {"key": "holidays"})
kind("register_unknown", "nobody")(lambda city, role, west: {"key": "no-such-register"})
kind("subject", "everyone")(lambda city, role, west: {"key": "registers.green-factories"})
kind("receipt", "everyone")(lambda city, role, west: {"word": things.WORD})
kind("provider", "nobody")(lambda city, role, west: {"provider_id": "city"})

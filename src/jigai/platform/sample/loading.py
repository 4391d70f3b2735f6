"""Store the sample city: in bulk, within the scope of a command, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jigai.platform.accounts.credit_code import check_character
from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.fact_values import read_value
from jigai.platform.enterprises.line_asking import asked_of
from jigai.platform.enterprises.line_years import line_years
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line, SheetStep, Site, Title
from jigai.platform.enterprises.naming import initials
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.places.services import load as load_places
from jigai.platform.sample import PASSWORD, SIZE
from jigai.platform.sample.devices import devices
from jigai.platform.sample.draws import table
from jigai.platform.sample.figures import YEARS, firm_figures, site_figures, titles
from jigai.platform.sample.firms import ZONE, Firm, FirmLine, firms
from jigai.platform.sample.line_figures import LINE_YEARS, exit_note, line_figures
from jigai.platform.sample.people import load_people
from jigai.platform.sample.register_rows import load_registers
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
from jigai.reference import Reference

BATCH: Final = 2_000
REPORTED_BY: Final = "示例数据"
ASKED_ON: Final = date(2026, 4, 1)
"""Day by whose documents lines of the sample were asked for their figures."""


class NotEmptyError(ValueError):
    """The database already holds enterprises: the sample city never mixes with them."""


@dataclass(frozen=True)
class Loaded:
    """How much was stored."""

    enterprises: int
    sites: int
    lines: int
    facts: int
    entries: int
    accounts: int


def load_city(reference: Reference, size: int = SIZE) -> Loaded:
    """Fill an empty database with the sample city of ``size`` enterprises and return how much that is.

    Raises:
        NotEmptyError: there are enterprises already.
    """
    actor = command("load the sample city")
    with transaction.atomic(), use_scope(actor.scope):
        if LegalPerson.objects.exists():
            raise NotEmptyError("库中已有企业；示范城市只能装入空库，不与真实数据混在一起。")
        load_places(reference)
        _chemical_parks()
        drawn = list(firms(size))
        organisations = _organisations(drawn)
        people = _legal_persons(drawn, organisations)
        sites = _sites(drawn, people)
        lines = _lines(drawn, sites)
        _lists_and_titles(drawn, people)
        machines = {firm.number: sum(1 for _ in devices(firm, reference)) for firm in drawn}
        facts = _facts(drawn, people, sites, machines) + load_line_figures(drawn, people, lines)
        accounts = load_people(organisations, PASSWORD)
        entries = load_registers(actor, drawn, people)
        record(actor, "sample.loaded", after={"enterprises": len(people), "facts": facts})
    return Loaded(
        len(people), sum(map(len, sites)), sum(len(at) for own in lines for at in own), facts, entries, accounts
    )


def unit_codes() -> dict[str, str]:
    """Return the code of every managing unit by its word in the tables; the zone has no county of its own."""
    zone = ManagingUnit.objects.filter(place=None).values_list("code", flat=True).first()
    return {code: code for code in ManagingUnit.objects.values_list("code", flat=True)} | {ZONE: zone or ""}


def _chemical_parks() -> None:
    units = unit_codes()
    for said in table("register_rows")["parks"]:
        values = {"manager_id": units[said["manager"]], "place_id": said["county"], "chemical": True}
        Park.objects.get_or_create(name=said["name"], defaults=values)


def _organisations(drawn: Sequence[Firm]) -> list[Organisation]:
    units = unit_codes()
    return Organisation.objects.bulk_create(
        [
            Organisation(
                kind=Organisation.Kind.LEGAL_PERSON,
                name=firm.name,
                credit_code=credit_code(firm),
                manager_code=units[firm.sites[0].manager],
            )
            for firm in drawn
        ],
        BATCH,
    )


def credit_code(firm: Firm) -> str:
    """Return the credit code with its check character."""
    return firm.code_body + check_character(firm.code_body)


def _legal_persons(drawn: Sequence[Firm], organisations: Sequence[Organisation]) -> list[LegalPerson]:
    return LegalPerson.objects.bulk_create(
        [
            LegalPerson(
                name=firm.name,
                credit_code=str(organisation.credit_code),
                initials=initials(firm.name),
                industry_code=firm.industry,
                address=firm.sites[0].address,
                registered_on=date(firm.founded, 1 + firm.number % 12, 1 + firm.number % 28),
                sample=True,
                org=organisation,
                manager_code=organisation.manager_code,
                place_code=firm.sites[0].county,
            )
            for firm, organisation in zip(drawn, organisations, strict=True)
        ],
        BATCH,
    )


def _sites(drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> list[list[Site]]:
    units = unit_codes()
    made = [
        [
            Site(
                legal_person=person,
                enterprise_name=person.name,
                credit_code=person.credit_code,
                name=site.name,
                address=site.address,
                industry_code=person.industry_code,
                org_id=person.org_id,
                manager_code=units[site.manager],
                place_code=site.county,
            )
            for site in firm.sites
        ]
        for firm, person in zip(drawn, people, strict=True)
    ]
    Site.objects.bulk_create([site for own in made for site in own], BATCH)
    # Each site names itself in its scope columns, so that a person of one site sees only that one.
    Site.objects.filter(site=None).update(site_id=F("pk"))
    return made


def _lines(drawn: Sequence[Firm], sites: Sequence[Sequence[Site]]) -> list[list[list[Line]]]:
    """Store the lines and return them by enterprise and site."""
    made = [
        [[_line(line, site) for line in at.lines] for at, site in zip(firm.sites, own, strict=True)]
        for firm, own in zip(drawn, sites, strict=True)
    ]
    Line.objects.bulk_create([line for own in made for at in own for line in at], BATCH)
    return made


def _line(line: FirmLine, site: Site) -> Line:
    return Line(
        site=site,
        org_id=site.org_id,
        manager_code=site.manager_code,
        place_code=site.place_code,
        name=line.name,
        product=line.product,
        process=line.process,
        capacity=str(line.capacity),
        capacity_unit=line.capacity_unit,
        unit_energy=str(line.unit_energy),
        unit_energy_unit=line.energy_unit,
        environmental_grade=line.grade,
        commissioned=line.commissioned,
    )


def _columns(row: LegalPerson | Site) -> dict[str, Any]:
    return {"org_id": row.org_id, "manager_code": row.manager_code, "place_code": row.place_code}


def _lists_and_titles(drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> None:
    AboveScale.objects.bulk_create(
        [
            AboveScale(legal_person=person, year=year, recorded_by=REPORTED_BY, **_columns(person))
            for firm, person in zip(drawn, people, strict=True)
            for year in (*YEARS, YEARS[-1] + 1)
            # A young or small enterprise came onto the list later.
            if year >= firm.founded + 1 and (firm.scale > 0.3 or year >= 2023)
        ],
        BATCH,
    )
    Title.objects.bulk_create(
        [
            Title(legal_person=person, kind=title["kind"], level=title["level"], year=title["year"], **_columns(person))
            for firm, person in zip(drawn, people, strict=True)
            for title in titles(firm)
        ],
        BATCH,
    )


def _facts(
    drawn: Sequence[Firm], people: Sequence[LegalPerson], sites: Sequence[Sequence[Site]], machines: dict[int, int]
) -> int:
    """Store the figures of every year as reported in the following February, and most sheets as confirmed."""
    facts: list[Fact] = []
    steps: list[SheetStep] = []
    for firm, person, own in zip(drawn, people, sites, strict=True):
        for year in YEARS:
            said = firm_figures(firm, year)
            if said is None:
                continue
            at = reported_at(firm, year)
            facts += fact_rows(person, None, year, said, at)
            share = machines[firm.number] // len(own)
            for place, site in enumerate(own):
                facts += fact_rows(person, site, year, site_figures(firm, place, year, share) or {}, at)
            steps += _steps(person, year, at, done=year < YEARS[-1] or firm.number % 3 > 0)
    Fact.objects.bulk_create(facts, BATCH)
    SheetStep.objects.bulk_create(steps, BATCH)
    return len(facts)


def reported_at(firm: Firm, year: int) -> datetime:
    """Return when an enterprise handed in the figures of a year: in the February after it."""
    return timezone.make_aware(datetime.combine(date(year + 1, 2, 1 + firm.number % 27), time(10)))


def load_line_figures(
    drawn: Sequence[Firm], people: Sequence[LegalPerson], lines: Sequence[Sequence[Sequence[Line]]]
) -> int:
    """Store the figures of production lines, and for most lines below the baseline when they are renewed or go."""
    facts: list[Fact] = []
    for firm, person, own in zip(drawn, people, lines, strict=True):
        for place, at in enumerate(own):
            for number, line in enumerate(at):
                asked = [one.name for one in asked_of(line, ASKED_ON)]
                for year in LINE_YEARS:
                    said = line_figures(firm, place, number, year, asked) or {}
                    facts += fact_rows(person, line.site, year, said, reported_at(firm, year), line)
    Fact.objects.bulk_create(facts, BATCH)
    below = set(line_years(LINE_YEARS[-1], ASKED_ON).filter(level="below_baseline")["line"])
    leaving = [
        (firm, line) for firm, own in zip(drawn, lines, strict=True) for at in own for line in at if line.pk in below
    ]
    for place, (firm, line) in enumerate(leaving):
        if place % 4:  # a quarter has no date yet
            line.planned_exit, line.planned_exit_note = date(2026 + place % 2, 12, 31), exit_note(firm, place)
    Line.objects.bulk_update([line for _firm, line in leaving], ["planned_exit", "planned_exit_note"], BATCH)
    return len(facts)


def fact_rows(
    person: LegalPerson, site: Site | None, year: int, said: dict[str, str], at: datetime, line: Line | None = None
) -> Iterator[Fact]:
    """Yield the facts of one enterprise, site or line, as handed in at one moment."""
    described = attributes()
    for name, typed in said.items():
        value = read_value(described[name], typed)
        yield Fact(
            legal_person=person,
            site=site,
            line=line,
            subject="line" if line else "site" if site else "legal_person",
            attribute=name,
            year=year,
            value=value.text,
            number=value.number,
            recorded_at=at,
            recorded_by=REPORTED_BY,
            **_columns(site or person),
        )


def _steps(person: LegalPerson, year: int, at: datetime, *, done: bool) -> Iterator[SheetStep]:
    for step, state in (("submit", "submitted"), ("confirm", "confirmed"))[: 2 if done else 1]:
        yield SheetStep(
            legal_person=person,
            year=year,
            step=step,
            state=state,
            recorded_at=at,
            recorded_by=REPORTED_BY,
            **_columns(person),
        )

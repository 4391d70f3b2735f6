"""The yearly sheet as the page shows it: a row for each figure, and what became of what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.platform.enterprises.attributes import feeds, is_needed, offers, subject_of, visible_attributes
from jigai.platform.enterprises.completeness import field_key
from jigai.platform.enterprises.fact_values import NO, YES, shown
from jigai.platform.enterprises.facts import DoubtfulError, FigureChangedError, Key, facts_of, set_fact
from jigai.platform.enterprises.line_asking import asked_of, lines_of, needed_of
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.walls.actor import Actor


@dataclass
class Row:
    """One figure on the page.

    ``outcome`` is *saved*, *prefilled* (last year's value, to be confirmed), *empty*, or after typing *wrong*
    (refused), *odd* (wants a note), *changed* (someone else entered another value, ``theirs``).
    """

    attribute: Attribute
    site: Site | None
    fact: Fact | None
    last: Fact | None
    typed: str = ""
    note: str = ""
    outcome: str = ""
    problems: list[str] = field(default_factory=list)
    theirs: Fact | None = None
    line: Line | None = None

    def __post_init__(self) -> None:
        held = self.fact if self.fact and self.fact.value else None
        if not self.outcome:
            self.outcome = "saved" if held else "prefilled" if self.last and self.last.value else "empty"
        if not self.typed:
            source = held or (self.last if self.outcome == "prefilled" else None)
            self.typed = source.value if source else ""
        if not self.note and held:
            self.note = held.note

    @property
    def key(self) -> str:
        """Name of the field on the page: the attribute, and the site or line where it is one of these."""
        return field_key(self.attribute, self.site, self.line)

    @property
    def unit(self) -> str:
        """Unit it is given in; output and energy of a line are in the units of the line."""
        own = {"line_output": "capacity_unit", "line_unit_energy": "unit_energy_unit"}.get(self.attribute.name)
        return getattr(self.line, own) if self.line and own else self.attribute.unit

    @property
    def seen(self) -> int:
        """Key of the row the person sees, 0 where there is none."""
        return (self.fact.pk if self.fact else 0) or 0

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen."""
        return (YES, NO) if self.attribute.type == "flag" else self.attribute.choices or offers(self.attribute)

    @property
    def many(self) -> bool:
        """Whether several may be chosen."""
        return bool(offers(self.attribute))

    @property
    def needed(self) -> bool:
        """Whether the sheet cannot be submitted without it."""
        if self.line:
            return self.attribute in needed_of(self.line, timezone.localdate())
        return is_needed(self.attribute)

    @property
    def feeds(self) -> tuple[str, ...]:
        """The figures of the board that rest on it."""
        return feeds(self.attribute)

    @property
    def chosen(self) -> list[str]:
        """What is chosen of a list."""
        return self.typed.split(";")

    @property
    def shown(self) -> str:
        """The value as it is read."""
        return shown(self.attribute, self.fact.value if self.fact else "")

    @property
    def last_shown(self) -> str:
        """The value of the year before."""
        return shown(self.attribute, self.last.value if self.last else "")

    @property
    def theirs_shown(self) -> str:
        """What the other entered meanwhile."""
        return shown(self.attribute, self.theirs.value if self.theirs else "")


@dataclass(frozen=True)
class Section:
    """The figures of the legal person, of one site, or of one of its lines, by group."""

    title: str
    site: Site | None
    groups: list[tuple[str, list[Row]]]
    line: Line | None = None


def sections(actor: Actor, person: LegalPerson, year: int, on: date | None = None) -> list[Section]:
    """Return the sheet of an enterprise: its own figures, then those of each site in use and in scope and its lines."""
    now, last = facts_of(actor, person, year, on), facts_of(actor, person, year - 1, on)
    known = visible_attributes(actor).values()
    found = [_section(_("企业整体"), None, [one for one in known if subject_of(one) == "legal_person"], now, last)]
    sites = list(Site.objects.filter(legal_person=person, active=True))
    lines = [(line, asked_of(line, timezone.localdate())) for line in lines_of([one.pk for one in sites], year)]
    for site in sites:
        found.append(_section(site.name, site, [one for one in known if subject_of(one) == "site"], now, last))
        for line, wanted in lines:
            if wanted and line.site_id == site.pk:
                found.append(_section(f"{site.name} · {line.name}", site, wanted, now, last, line))
    return found


def _section(
    title: str,
    site: Site | None,
    attributes: list[Attribute],
    now: Mapping[Key, Fact],
    last: Mapping[Key, Fact],
    line: Line | None = None,
) -> Section:
    groups: dict[str, list[Row]] = {}
    for one in attributes:
        key = (site.pk if site else None, line.pk if line else None, one.name)
        groups.setdefault(one.extra["group"], []).append(Row(one, site, now.get(key), last.get(key), line=line))
    return Section(title, site, list(groups.items()), line)


def rows_of(found: list[Section]) -> Iterator[Row]:
    """Yield every row of a sheet."""
    for section in found:
        for _group, rows in section.groups:
            yield from rows


def enter(actor: Actor, person: LegalPerson, year: int, row: Row, post: Mapping[str, str], typed: str) -> Row:
    """Enter what was typed in one row, and return the row as it is shown afterwards."""
    same = f"same-{row.key}" in post and row.last is not None
    value = row.last.value if same and row.last else typed
    note, seen = post.get(f"note-{row.key}", ""), post.get(f"seen-{row.key}", "")
    again = Row(row.attribute, row.site, row.fact, row.last, typed=value, note=note, line=row.line)
    try:
        again.fact = set_fact(
            actor,
            person,
            year,
            row.attribute.name,
            value,
            site=row.site,
            line=row.line,
            seen=int(seen) if seen.isdecimal() else row.seen,
            note=note,
            reason=post.get("reason", ""),
            status="same" if same else "entered",
        )
        return Row(row.attribute, row.site, again.fact, row.last, line=row.line)
    except DoubtfulError as error:
        again.outcome, again.problems = "odd", [one.text for one in error.doubts]
    except FigureChangedError as error:
        again.outcome, again.theirs, again.fact = "changed", error.current, error.current
    except ValidationError as error:
        again.outcome, again.problems = "wrong", list(error.messages)
    return again

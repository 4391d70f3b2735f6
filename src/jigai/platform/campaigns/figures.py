"""What the ledgers of the sites come to, and the overview by managing unit and industry with its shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast, Coalesce

from jigai.platform.campaigns.data import FLOW, REPORTED
from jigai.platform.campaigns.models import Campaign, Entry, Note
from jigai.platform.campaigns.standing import with_standing
from jigai.platform.ledger.models import Device, OpenLine

CLEAN = ~Q(kind="") & ~Q(model="") & Q(quantity__isnull=False, silent_since__isnull=True)
"""Lines without problems (``measures.csv``: clean)."""
DECIDED = ~Q(verdict__in=("", "needs_data", "unknown_kind"))
"""Lines that could be judged (``measures.csv``: decided)."""


@dataclass(frozen=True)
class Ledger:
    """What the ledger of a site, or of many, comes to: lines, machines, power [kW], and lines of each quality.

    ``asked`` are lines of which nobody has said which device they are, ``silent`` devices the last whole ledger did
    not name; ``checked`` and ``matched`` count spot checks.
    """

    lines: int = 0
    machines: int = 0
    power: float = 0.0
    clean: int = 0
    decided: int = 0
    must: int = 0
    silent: int = 0
    asked: int = 0
    checked: int = 0
    matched: int = 0

    def __add__(self, other: Ledger) -> Ledger:
        """Add up two."""
        return Ledger(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def clean_share(self) -> float | None:
        """Share of lines without problems, in per cent; None where there is no line."""
        return percent(self.clean, self.lines + self.asked)

    @property
    def decided_share(self) -> float | None:
        """Share of lines that could be judged, in per cent."""
        return percent(self.decided, self.lines)

    @property
    def matched_share(self) -> float | None:
        """Share of spot checks that matched, in per cent."""
        return percent(self.matched, self.checked)


@dataclass
class Part:
    """A managing unit, an industry or all of it: how many should report, by state, and what their ledgers come to."""

    key: str
    name: str
    states: Counter[str] = field(default_factory=Counter)
    ledger: Ledger = field(default_factory=Ledger)
    of_reported: Ledger = field(default_factory=Ledger)

    @property
    def should(self) -> int:
        """How many should report."""
        return sum(self.states.values())

    @property
    def reported(self) -> int:
        """How many have."""
        return sum(number for key, number in self.states.items() if key in REPORTED)

    @property
    def coverage(self) -> float | None:
        """Reported ÷ should, in per cent."""
        return percent(self.reported, self.should)

    @property
    def by_machines(self) -> float | None:
        """The same weighted by the machines the ledgers hold."""
        return percent(self.of_reported.machines, self.ledger.machines)

    @property
    def by_power(self) -> float | None:
        """The same weighted by power."""
        return percent(self.of_reported.power, self.ledger.power)

    @property
    def by_state(self) -> list[tuple[Any, int]]:
        """Every state with its number, in order."""
        return [(one, self.states[key]) for key, one in FLOW.states.items()]


@dataclass(frozen=True)
class Row:
    """An entry as it counts: its state and what its ledger comes to, live or as recorded at the close."""

    entry: Entry
    state: str
    manager: str
    industry: str
    ledger: Ledger
    late: bool
    changed: bool


def percent(part: float, whole: float) -> float | None:
    """Return a share in per cent, None of nothing."""
    return part * 100 / whole if whole else None


def ledgers(entries: Any) -> dict[int, Ledger]:
    """Return what the ledger of each site of ``entries`` (a query) comes to, by the number of the site."""
    sites = entries.order_by().values("site")
    machines = Coalesce(F("quantity"), 1)
    rows = (
        Device.objects.filter(gone_at__isnull=True, site__in=sites)
        .order_by()
        .values("site")
        .annotate(
            lines=Count("pk"),
            machines=Sum(machines),
            power=Coalesce(Sum(Cast(F("power_kw"), FloatField()) * machines), 0.0),
            clean=Count("pk", filter=CLEAN),
            decided=Count("pk", filter=DECIDED),
            must=Coalesce(Sum(machines, filter=Q(verdict="must_replace")), 0),
            silent=Count("pk", filter=Q(silent_since__isnull=False)),
        )
    )
    asked = OpenLine.objects.filter(settled_at__isnull=True, site__in=sites).order_by().values("site")
    waiting = dict(asked.values_list("site").annotate(number=Count("pk")))
    checks = {
        site: (checked, matched)
        for site, checked, matched in Note.objects.filter(entry__in=entries.order_by().values("pk"))
        .filter(kind__in=(Note.Kind.MATCHES, Note.Kind.DIFFERS))
        .order_by()
        .values_list("site")
        .annotate(checked=Count("pk"), matched=Count("pk", filter=Q(kind=Note.Kind.MATCHES)))
    }
    found = {row.pop("site"): row for row in rows}
    return {
        site: Ledger(
            **found.get(site, {}),
            asked=waiting.get(site, 0),
            **dict(zip(("checked", "matched"), checks.get(site, (0, 0)), strict=True)),
        )
        for site in {*found, *waiting, *checks}
    }


def rows_of(campaign: Campaign) -> list[Row]:
    """Return every entry on the list as it counts, within the scope in force: of a closed survey as recorded."""
    if campaign.status == Campaign.Status.CLOSED:
        kept = Entry.objects.filter(campaign=campaign, final__isnull=False)
        return [_recorded(one) for one in kept.select_related("site", "campaign").order_by("pk")]
    listed = Entry.objects.filter(campaign=campaign, removed_at__isnull=True)
    held = ledgers(listed)
    found = with_standing(listed.select_related("site", "campaign")).order_by("pk")
    return [
        Row(
            one,
            one.state,
            one.manager_code,
            one.industry_code[:2],
            held.get(one.site_id or 0, Ledger()),
            *_marks(one),
        )
        for one in found
    ]


def _marks(one: Any) -> tuple[bool, bool]:
    """Return whether a report in force came late, and whether the ledger changed since."""
    counts = one.state in REPORTED
    return counts and bool(one.late), counts and bool(one.changed)


def _recorded(entry: Entry) -> Row:
    said: Mapping[str, Any] = entry.final or {}
    return Row(
        entry,
        said.get("state", "unseen"),
        said.get("manager", entry.listed_manager),
        entry.industry_code[:2],
        Ledger(**said.get("ledger", {})),
        bool(said.get("late")),
        False,
    )


def parts(rows: Iterable[Row], key: Callable[[Row], str], names: Mapping[str, str]) -> list[Part]:
    """Return the rows added up by ``key``, in the order of ``names``; what has no name comes last."""
    found: dict[str, Part] = {}
    for row in rows:
        part = found.setdefault(key(row), Part(key(row), names.get(key(row), key(row) or "—")))
        _count(part, row)
    order = {one: place for place, one in enumerate(names)}
    return sorted(found.values(), key=lambda one: (order.get(one.key, len(order)), one.key))


def total(rows: Iterable[Row]) -> Part:
    """Return all rows added up."""
    whole = Part("", "")
    for row in rows:
        _count(whole, row)
    return whole


def _count(part: Part, row: Row) -> None:
    part.states[row.state] += 1
    part.ledger += row.ledger
    if row.state in REPORTED:
        part.of_reported += row.ledger

"""All milestones and progress of a plan on one line of months: a picture for wide pages, a list for narrow ones."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext as _

from jigai.platform.duties.data import FLOW
from jigai.platform.duties.models import Adoption, Duty, Milestone, Report, Share
from jigai.platform.web.workflow import Word

MONTH: Final = 18
"""Width of a month in the picture [units of the picture]."""
HEIGHT: Final = 24
"""Height of a row [units of the picture]."""


@dataclass(frozen=True)
class Mark:
    """Something on the line of a task: where it stands, what it is, how it is (``ok``, ``stop``, ``idle``)."""

    x: float
    words: str
    tone: str

    @property
    def left(self) -> float:
        """Where the square of a report begins."""
        return self.x - 3

    @property
    def diamond(self) -> str:
        """The corners of a milestone."""
        middle = HEIGHT / 2
        return f"{self.x},{middle - 6} {self.x + 6},{middle} {self.x},{middle + 6} {self.x - 6},{middle}"


@dataclass
class Row:
    """A task on the line: since when somebody has it, up to today, its milestones and reports."""

    duty: Duty
    state: Word
    start: float | None = None
    width: float = 0
    milestones: list[Mark] = field(default_factory=list)
    reports: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """A year on the line, with where it begins and how wide it is."""

    year: int
    x: int
    width: int


@dataclass
class Month:
    """What falls into one month: milestones, each with how it is, and the tasks reported, each with how far it is."""

    first: date
    milestones: list[tuple[Milestone, str, str]] = field(default_factory=list)
    reports: list[tuple[Duty, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """The picture: its months, today, and its rows under the key task they belong to."""

    months: int
    years: tuple[Year, ...]
    today: float | None
    groups: tuple[tuple[Duty, tuple[Row, ...]], ...]
    listed: tuple[Month, ...]

    @property
    def width(self) -> int:
        """How wide the picture is [units of the picture]."""
        return self.months * MONTH

    @property
    def height(self) -> int:
        """How high a row is [units of the picture]."""
        return HEIGHT


def draw(adoption: Adoption, on: date) -> Line:
    """Return the picture of a plan as it stands on a day, in the scope in force."""
    first = adoption.first_day.replace(day=1)
    months = _between(first, adoption.last_day) + 1
    duties = list(Duty.objects.filter(plan_id=adoption.plan_id, ended_at__isnull=True).select_related("parent"))
    rows = {duty.pk: Row(duty, FLOW.states[duty.state]) for duty in duties}
    _bars(rows, first, months, on)
    points = list(Milestone.objects.filter(duty__in=rows, ended_at__isnull=True).select_related("duty"))
    for point in points:
        tone = "ok" if point.reached_on else "stop" if point.due < on else "idle"
        words = f"{point.due:%Y-%m-%d} {point.title}"
        rows[point.duty_id].milestones.append(Mark(_x(first, point.due, months), words, tone))
    reports = list(
        Report.objects.filter(share__duty__in=rows).values_list("share__duty", "month", "percent").order_by("pk")
    )
    last: dict[tuple[int, date], int] = {}
    for duty, month, percent in reports:
        last[duty, month] = max(percent, last.get((duty, month), 0))
    for (duty, month), percent in last.items():
        words = _("%(month)s 进展 %(n)d%%") % {"month": f"{month:%Y-%m}", "n": percent}
        rows[duty].reports.append(Mark(_x(first, month, months) + MONTH / 2, words, "ok"))
    today = _x(first, on, months) if first <= on <= adoption.last_day else None
    return Line(months, _years(first, months), today, _grouped(rows.values()), _listed(points, last, rows, on))


def _bars(rows: dict[int, Row], first: date, months: int, on: date) -> None:
    held = Share.objects.filter(duty__in=rows, since__isnull=False).exclude(state__in=("refused", "released"))
    since = held.values("duty").annotate(first=Min("since"))
    for found in since.order_by().values_list("duty", "first"):
        row, begun = rows[found[0]], found[1]
        row.start = _x(first, max(begun, first), months)
        row.width = max(_x(first, on, months) - row.start, 2)


def _grouped(rows: Iterable[Row]) -> tuple[tuple[Duty, tuple[Row, ...]], ...]:
    groups: dict[int, tuple[Duty, list[Row]]] = {}
    for row in rows:
        head = row.duty.parent or row.duty
        held = groups.setdefault(head.pk, (head, []))[1]
        if not row.duty.gathers or row.milestones:
            held.append(row)
    return tuple((head, tuple(held)) for head, held in groups.values())


def _listed(
    points: Iterable[Milestone], last: dict[tuple[int, date], int], rows: dict[int, Row], on: date
) -> tuple[Month, ...]:
    """Return the same by month, the newest first: milestones, and which tasks were reported."""
    by_month: dict[date, Month] = {}
    for point in sorted(points, key=lambda one: one.due):
        badge = "ok" if point.reached_on else "stop" if point.due < on else "idle"
        word = _("已达到") if point.reached_on else _("逾期") if point.due < on else _("未到期")
        month = point.due.replace(day=1)
        by_month.setdefault(month, Month(month)).milestones.append((point, badge, word))
    for (duty, month), percent in last.items():
        by_month.setdefault(month, Month(month)).reports.append((rows[duty].duty, percent))
    return tuple(by_month[month] for month in sorted(by_month, reverse=True))


def _years(first: date, months: int) -> tuple[Year, ...]:
    found, place = [], 0
    while place < months:
        year, month = divmod(first.month - 1 + place, 12)
        count = min(12 - month, months - place)
        found.append(Year(first.year + year, place * MONTH, count * MONTH))
        place += count
    return tuple(found)


def _between(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _x(first: date, day: date, months: int) -> float:
    """Return where a day stands: months are equally wide; what lies outside stands at the edge."""
    share = (day.day - 1) / calendar.monthrange(day.year, day.month)[1]
    return round(min(max((_between(first, day) + share) * MONTH, 0), months * MONTH), 1)

"""All registers at a glance: how many entries each has in scope, and when it was last kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from jigai.platform.registers.definition import GROUPS, Register, registers
from jigai.platform.registers.models import PublicVersion, RegisterVersion


@dataclass(frozen=True)
class Line:
    """One register in the overview."""

    register: Register
    count: int
    recorded_at: datetime | None


def overview() -> list[tuple[str, list[Line]]]:
    """Return the registers by group; counts and dates are of what is in scope."""
    counts: dict[str, int] = {}
    dates: dict[str, datetime] = {}
    for model in (RegisterVersion, PublicVersion):
        held = Count("pk", filter=Q(superseded_at__isnull=True, removed=False))
        for row in model.objects.order_by().values("register").annotate(held=held, last=Max("recorded_at")):
            counts[row["register"]], dates[row["register"]] = row["held"], row["last"]
    groups: dict[str, list[Line]] = {name: [] for name in GROUPS}
    for key, register in registers().items():
        groups[register.group].append(Line(register, counts.get(key, 0), dates.get(key)))
    return [(group_word(name), lines) for name, lines in groups.items() if lines]


def group_word(name: str) -> str:
    """Return the name of a group in the language of the page."""
    words = {
        "green": _("绿色低碳"),
        "digital": _("数字化"),
        "infrastructure": _("数字基础设施"),
        "safety": _("安全"),
        "calendar": _("日历"),
    }
    return words.get(name, _("其他"))

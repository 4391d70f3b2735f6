"""A rehearsal's effects in words and sums, the same on the page and in the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jigai.platform.enterprises.reference import class_name
from jigai.platform.ledger.words import kind_word
from jigai.platform.places.models import ManagingUnit
from jigai.platform.screening.impact import WORSE, Told


@dataclass(frozen=True)
class Row:
    """One group: what it is called, machines newly must and should be replaced, whole kilowatts, enterprises."""

    names: tuple[str, ...]
    must: int
    should: int
    kw: int
    enterprises: int


@dataclass(frozen=True)
class Table:
    """One way to sum up; ``heads`` name the columns that ``Row.names`` fill."""

    key: str
    title: str
    heads: tuple[str, ...]
    rows: list[Row]


def tables(told: Told, today: date) -> list[Table]:
    """Return the sums by managing unit, industry, kind, and document with its deadline, named as ``today``."""
    units = dict(ManagingUnit.objects.values_list("code", "name"))

    def unit(code: str | None) -> str:
        return units.get(code or "", code or _("未定管理主体"))

    def industry(code: str | None) -> str:
        return class_name(code, today) if code else _("未填行业")

    def kind(key: str | None) -> str:
        return kind_word(key) if key else _("种类不明")

    return [
        _table(told, "unit", _("按管理主体"), {"manager_code": (_("管理主体"), unit)}),
        _table(told, "industry", _("按行业"), {"industry_code": (_("行业小类"), industry)}),
        _table(told, "kind", _("按设备种类"), {"kind": (_("设备种类"), kind)}),
        _table(
            told,
            "document",
            _("按依据和期限"),
            {
                "document": (_("依据文件"), lambda one: one or _("无")),
                "deadline": (_("淘汰期限"), lambda one: one or _("目录未载期限")),
            },
        ),
    ]


def _table(told: Told, key: str, title: str, of: dict[str, tuple[str, Callable[[str | None], str]]]) -> Table:
    rows = [
        Row(
            tuple(say(one[name]) for name, (_head, say) in of.items()),
            one["must"],
            one["should"],
            round(one["kw"]),
            one["enterprises"],
        )
        for one in told.by(*of)
    ]
    return Table(key, title, tuple(head for head, _say in of.values()), rows)


def headline(told: Told) -> list[dict[str, Any]]:
    """Return the figures on top: lines, machines, kilowatts and enterprises of each way a verdict can change."""
    groups = {
        "must_replace": told.newly(WORSE[0]),
        "should_replace": told.newly(WORSE[1]),
        "better": told.better,
    }
    return [
        {
            "key": key,
            "lines": rows.height,
            "machines": int(rows["machines"].sum()),
            "kw": round(rows["kw"].sum()),
            "enterprises": rows["enterprise"].n_unique() if rows.height else 0,
        }
        for key, rows in groups.items()
    ]

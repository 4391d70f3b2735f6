"""What rows of a register must not say, and what looks wrong beside the others: ``checks`` of ``register.yaml``.

*at_most*: a column is never more than another; such a row is refused. *rising*: cumulative columns do not fall along
another one. *parts*: what the parts say adds up to what the whole (the row of the city) says. The last two only ask,
for what was told may be revised later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from jigai.platform.registers.definition import Register
from jigai.platform.registers.values import in_columns
from jigai.platform.registers.versions import versions
from jigai.platform.web.wording import label, word

KINDS: Final = {
    "at_most": ("column", "limit"),
    "rising": ("columns", "along", "within"),
    "parts": ("columns", "within", "tolerance"),
}
"""What a check of each kind says, beside its kind."""
WHOLE: Final = "city"
"""Subject part of the identity of the row that tells the whole."""


class ImpossibleError(ValueError):
    """A row that cannot be true; ``column`` is where it is said."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


def refuse_impossible(register: Register, values: Mapping[str, Any]) -> None:
    """Refuse values that contradict each other.

    Raises:
        ImpossibleError: a column is more than the one that limits it.
    """
    for check in _of(register, "at_most"):
        value, limit = (values.get(check[name]) for name in ("column", "limit"))
        if value is not None and limit is not None and value > limit:
            items = [register.table.attribute(check[name]) for name in ("column", "limit")]
            said = {
                "what": label(items[0]),
                "value": word(items[0], value),
                "limit": label(items[1]),
                "most": word(items[1], limit),
            }
            raise ImpossibleError(
                check["column"], _("%(what)s %(value)s 大于%(limit)s %(most)s，请核对是否填反或错位。") % said
            )


def doubts(register: Register) -> Iterator[str]:
    """Yield what looks wrong among the rows that count now, within the scope in force."""
    wanted = [check for check in register.checks if check["kind"] != "at_most"]
    if not wanted:
        return
    rows = versions(register).annotate(text=Cast(F("values"), TextField())).order_by("entry")
    said = list(rows.values_list("entry__identity", "text"))
    frame = pl.DataFrame(said, schema={"identity": pl.String(), "text": pl.String()}, orient="row")
    frame = frame.select(about=pl.col("identity").str.split("|").list.first()).hstack(
        in_columns(register.table, frame["text"])
    )
    for check in wanted:
        yield from (_falls if check["kind"] == "rising" else _differs)(register, check, frame)


def _falls(register: Register, check: Mapping[str, Any], rows: pl.DataFrame) -> Iterator[str]:
    keys = ["about", *check["within"]]
    for name in check["columns"]:
        before = [pl.col(one).shift().over(keys).alias(f"{one} before") for one in (name, check["along"])]
        ordered = rows.sort(*keys, check["along"], nulls_last=False).with_columns(before)
        for row in ordered.filter(pl.col(name) < pl.col(f"{name} before")).to_dicts():
            said = _words(register, row, name) | {
                "earlier": word(register.table.attribute(check["along"]), row[f"{check['along']} before"]),
                "before": word(register.table.attribute(name), row[f"{name} before"]),
            }
            yield _("%(who)s%(what)s %(value)s，小于 %(earlier)s 时的 %(before)s；累计数不应下降，请核对。") % said


def _differs(register: Register, check: Mapping[str, Any], rows: pl.DataFrame) -> Iterator[str]:
    within, names = list(check["within"]), list(check["columns"])
    whole = pl.col("about") == WHOLE
    parts = rows.filter(~whole).group_by(within).agg(pl.col(name).sum().name.suffix(" parts") for name in names)
    both = rows.filter(whole).join(parts, on=within, nulls_equal=True, maintain_order="left")
    for name in names:
        apart = (pl.col(name) - pl.col(f"{name} parts")).abs() > check["tolerance"]
        for row in both.filter(apart).to_dicts():
            item = register.table.attribute(name)
            said = _words(register, row, name) | {"parts": word(item, row[f"{name} parts"])}
            yield _("%(who)s%(what)s %(value)s，各县区合计 %(parts)s，对不上，请与提供方核对。") % said


def _words(register: Register, row: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return whom and what a row is about, and its value, in words."""
    item = register.table.attribute(name)
    keys = [one for one in register.table.keys if row.get(one.name) is not None]
    who = " ".join(word(one, row[one.name]) + (one.unit if one.type == "year" else "") for one in keys)
    return {"who": f"{who}：", "what": label(item), "value": word(item, row[name])}


def _of(register: Register, kind: str) -> list[Mapping[str, Any]]:
    return [check for check in register.checks if check["kind"] == kind]

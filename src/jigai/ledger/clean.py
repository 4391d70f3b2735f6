"""Raw attribute columns → clean ones: every cell read by its type, what cannot be used said with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from jigai.attributes import Attribute, AttributeTable
from jigai.ledger.cells import parse
from jigai.ledger.columns import ledger_table
from jigai.ledger.problems import Problems
from jigai.ledger.table import Table
from jigai.ledger.values import bounds, tidied

_HOMES: Final = ("capacity_kva", "capacity_kvar", "capacity_tph")
"""Attributes a cell moves to when its own unit says so, whatever column it stands in."""
_STATE_CODES: Final = {"not_a_choice": "state_unknown"}


@dataclass
class Cleaned:
    """Clean columns of one table, and for every attribute the references of the cells its values came from."""

    values: pl.DataFrame
    references: dict[str, list[pl.Series]] = field(default_factory=dict)
    subject: AttributeTable = field(default_factory=ledger_table)

    def put(self, name: str, value: pl.Series, reference: pl.Series) -> None:
        """Add values to an attribute where it has none yet, with the cells they came from."""
        dtype = self.subject.attribute(name).dtype
        value = value.cast(dtype, strict=False)
        held = self.values[name] if name in self.values.columns else pl.Series(name, [None] * len(value), dtype=dtype)
        frame = pl.DataFrame({"held": held, "new": value, "reference": reference})
        fresh = pl.col("held").is_null() & pl.col("new").is_not_null()
        done = frame.select(pl.coalesce("held", "new").alias(name), pl.when(fresh).then("reference").alias("reference"))
        self.values = self.values.with_columns(done[name])
        self.references.setdefault(name, []).append(done["reference"])


def clean(table: Table, problems: Problems, as_of: date | None = None) -> Cleaned:
    """Read every column of ``table``; the result has ``row`` and the attributes, in the same order of lines."""
    cleaned = Cleaned(table.raw.select("row"), subject=table.subject)
    second: list[tuple[str, str, pl.Series]] = []
    for name, column in table.columns.items():
        if name == "quantity" and table.subject is ledger_table():
            continue
        item = table.subject.attribute(name)
        raw = table.raw[name]
        found = parse(raw, item, column.unit, as_of)
        moved = _move_by_unit(table, name, found, cleaned, problems)
        found = _both_names(found, raw, column.label, column.also, column.unit)
        code = found.select(pl.when(~moved).then(pl.col("code")).alias("code")).to_series()
        report(table, item, raw, found.with_columns(code), problems, as_of)
        own = pl.col(name).is_not_null() & ~moved
        reference = table.raw.select(pl.when(own).then(table.reference(name))).to_series()
        cleaned.put(name, found["value"], reference)
        cleaned.references[name].append(reference)
        second += [(extra, name, found[extra]) for extra in ("lv_kv", "voltage2_kv") if extra in found.columns]
    for extra, name, value in second:
        if value.is_not_null().any():
            cleaned.put(extra, value, table.raw.select(table.reference(name).alias("reference"))["reference"])
    return cleaned


def _both_names(found: pl.DataFrame, raw: pl.Series, label: str, also: tuple[str, ...], unit: str) -> pl.DataFrame:
    """A header such as 扬程/全压 does not say which of the two a number without unit is: that cell is a question."""
    if not also or unit or "/" not in label.replace("／", "/"):
        return found
    bare = raw.to_frame("raw").select(tidied(pl.col("raw")).str.contains(r"^[\d.]+$").fill_null(value=False))["raw"]
    return found.with_columns(
        pl.when(~bare).then(pl.col("value")).alias("value"),
        pl.when(bare).then(pl.lit("unit_missing")).otherwise("code").alias("code"),
    )


def _move_by_unit(table: Table, name: str, found: pl.DataFrame, cleaned: Cleaned, problems: Problems) -> pl.Series:
    """Put cells whose unit belongs to another attribute there; returns which lines were moved."""
    wrong = (found["code"] == "unit_not_convertible").fill_null(value=False)
    moved = pl.Series([False] * len(wrong), dtype=pl.Boolean)
    if not wrong.any():
        return moved
    for home in dict.fromkeys([*table.columns[name].also, *_HOMES]):
        if home == name or home not in table.subject.by_name:
            continue
        item = table.subject.attribute(home)
        raw = table.raw.select(pl.when(wrong & ~moved).then(pl.col(name))).to_series()
        other = parse(raw, item)
        fits = (other["value"].is_not_null() & other["code"].is_null()).fill_null(value=False)
        if not fits.any():
            continue
        reference = table.raw.select(pl.when(fits).then(table.reference(name)).alias("reference"))["reference"]
        cleaned.put(home, other["value"], reference)
        places = table.raw.select(
            table.row_expr(name).alias("row"), pl.lit(table.letter(name)).alias("column"), pl.col(name).alias("raw")
        ).filter(fits)
        problems.add_rows("moved_by_unit", places, sheet=table.sheet, attribute_zh=item.zh, attribute_en=item.en)
        moved = moved | fits
    return moved


def report(
    table: Table, item: Attribute, raw: pl.Series, found: pl.DataFrame, problems: Problems, as_of: date | None
) -> None:
    """Turn the codes of one column into problems with their places."""
    if not found["code"].is_not_null().any():
        return
    lowest, highest = bounds(item)
    frame = table.raw.select(
        table.row_expr(item.name).alias("row"), pl.lit(table.letter(item.name)).alias("column"), raw.alias("raw")
    ).with_columns(found["code"], found["value"].cast(pl.String).alias("value"))
    frame = frame.filter(pl.col("code").is_not_null())
    for code in codes_of(frame):
        chosen = frame.filter(pl.col("code") == code).with_columns(
            (pl.col("raw").str.extract(r"([\d.]+)").cast(pl.Float64, strict=False) * 100)
            .round_sig_figs(12)
            .alias("times100")
        )
        problems.add_rows(
            _STATE_CODES.get(code, code) if item.name == "use_state" else code,
            chosen,
            sheet=table.sheet,
            attribute_zh=item.zh,
            attribute_en=item.en,
            wanted=item.unit,
            minimum=lowest,
            maximum=highest,
            choices="、".join(item.answer(choice).zh for choice in item.choices),
            as_of=as_of.isoformat() if as_of else "",
        )


def codes_of(frame: pl.DataFrame) -> Iterable[str]:
    """Return the distinct problem codes of a frame, in a stable order."""
    return sorted(frame["code"].unique().to_list())

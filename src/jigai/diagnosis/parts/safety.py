"""Safety equipment the plan wants in a sector: there by ledger or answer, lacking by the answer, else not known."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.model import NOT_APPLICABLE, UNKNOWN
from jigai.diagnosis.telling import KEY, Told, left_out, shares, together

DATASET: Final = "safety-equipment"
PART: Final = "safety_equipment"
YES, NO, NOT_HERE = "有", "没有", "不适用"


def items(case: Case) -> pl.DataFrame:
    """Return ``enterprise_id, item_id, zh, en, clause, certainty, present, device_id``: a row per item that applies.

    ``present`` is null where neither ledger nor answer says anything: a ledger without the thing proves nothing.
    ``device_id`` is the first ledger line that shows it.
    """
    columns = ["item_id", "zh", "en", "clause", "certainty", "sectors", "industries", "name_any"]
    if not case.reference.has(DATASET):
        rows = pl.DataFrame(
            schema=dict.fromkeys(columns[:5], pl.String()) | dict.fromkeys(columns[5:], pl.List(pl.String))
        )
    else:
        rows = case.reference.table(DATASET, "items").select(columns)
    found = []
    words = pl.concat_str("name", "model", separator=" ", ignore_nulls=True)
    for row in rows.iter_rows(named=True):
        mine = _meant(case.enterprises, row["sectors"], row["industries"]).select(KEY)
        shown = pl.any_horizontal(words.str.contains(word, literal=True) for word in row["name_any"])
        held = case.machines.join(mine, on=KEY, how="semi").filter(shown).unique(KEY, keep="first", maintain_order=True)
        told = {name: pl.lit(row[name]) for name in columns[:5]}
        found.append(mine.with_columns(**told).join(held.select(KEY, "device_id"), on=KEY, how="left"))
    schema = {KEY: pl.String(), **dict.fromkeys(columns[:5], pl.String()), "device_id": pl.String()}
    every = pl.concat(found) if found else pl.DataFrame(schema=schema)
    said = case.answers.filter(pl.col("feeds") == PART).select(KEY, item_id="figure", answer="text")
    every = every.join(said, on=[KEY, "item_id"], how="left").filter(
        pl.col("answer").is_null() | (pl.col("answer") != NOT_HERE)
    )
    present = (
        pl.when((pl.col("answer") == YES) | (pl.col("answer").is_null() & pl.col("device_id").is_not_null()))
        .then(pl.lit(value=True))
        .when(pl.col("answer") == NO)
        .then(pl.lit(value=False))
    )
    return every.with_columns(present=present).sort(KEY, "item_id")


def safety_equipment(case: Case) -> Told:
    """Return the share of the sector's safety equipment that is there."""
    told = items(case)
    frame = told.select(
        KEY,
        thing="item_id",
        machines=pl.lit(1),
        weight=pl.lit(1.0),
        points=pl.col("present").cast(pl.Float64),
        certainty="certainty",
        missing=pl.concat_list(pl.concat_str(pl.lit("item:"), "item_id")),
    )
    rest = case.enterprises.join(frame, on=KEY, how="anti")
    nameless = rest.filter(pl.col("industry_code").is_null())
    others = rest.filter(pl.col("industry_code").is_not_null())
    return together(
        [
            shares(frame, PART, 1, "item"),
            left_out(nameless, PART, 1, UNKNOWN, [("asked", "industry_code")]),
            left_out(others, PART, 1, NOT_APPLICABLE, []),
        ]
    )


def _meant(enterprises: pl.DataFrame, sectors: list[str] | None, industries: list[str] | None) -> pl.DataFrame:
    by_sector = pl.any_horizontal(pl.col("sectors").list.contains(one) for one in sectors or [""])
    by_code = pl.any_horizontal(pl.col("code").str.starts_with(one) for one in industries or ["-"])
    return enterprises.filter(by_sector | by_code.fill_null(value=False))

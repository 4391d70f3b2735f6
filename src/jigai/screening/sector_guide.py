"""What a city's plan wants renewed in each sector, and to what (dataset ``sector-guide``): advice, never a verdict.

A row names sectors (or industry classes), equipment, and a trigger: the outcomes at which the renewal is due. What a
trigger means is data as well; several conditions of one trigger are alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import polars as pl

from jigai.reference import Reference
from jigai.reference.condition import Condition, parse
from jigai.reference.vocabulary import ledger_vocabulary

DATASET: Final = "sector-guide"
CLASSES: Final = "gb4754-2017"
OUTCOMES: Final = ("verdict", "elimination", "guidance", "efficiency", "service_life")
"""What triggers look at, beside the attributes of a line: the verdict, and the leading outcome of each check."""
COLUMNS: Final[dict[str, pl.DataType]] = {
    "device_id": pl.String(),
    "entry_id": pl.String(),
    "clause": pl.String(),
    "focus_zh": pl.String(),
    "focus_en": pl.String(),
    "direction_zh": pl.String(),
    "direction_en": pl.String(),
    "due": pl.Boolean(),
}
_OPEN: Final = ("needs_data", "unknown_kind", "undecided")
_SEEN: Final = ("kind", "name", "model", "industry_code")


def entries(reference: Reference) -> list[dict[str, Any]]:
    """Return the rows of the guide in force, each with ``classes``: the industry classes it speaks of (none: all)."""
    if not reference.has(DATASET):
        return []
    classes = reference.table(CLASSES, "classes").select("code", "plan_sectors").to_dicts()
    return [row | {"classes": _classes(row, classes)} for row in reference.table(DATASET, "directions").to_dicts()]


def triggers(reference: Reference) -> dict[str, list[Condition]]:
    """Return the conditions of each trigger; one that holds is enough."""
    if not reference.has(DATASET):
        return {}
    fields = ledger_vocabulary().with_fields(dict.fromkeys(OUTCOMES, "text")).fields
    found: dict[str, list[Condition]] = {}
    for row in reference.table(DATASET, "triggers").to_dicts():
        found.setdefault(row["trigger"], []).append(parse(row["condition"], fields))
    return found


def leading_outcomes(findings: pl.DataFrame) -> pl.DataFrame:
    """Return ``device_id`` and the first outcome of each check as a column of its name."""
    checks = [name for name in OUTCOMES if name != "verdict"]
    first = findings.filter(pl.col("check").is_in(checks)).unique(["device_id", "check"], keep="first")
    wide = first.pivot("check", on_columns=checks, index="device_id", values="outcome", aggregate_function="first")
    return wide.select("device_id", *checks)


def directions(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return what the guide says of devices: a row per device and entry, in the order of both (`COLUMNS`).

    Args:
        devices: ``device_id``, what is known of each (kind, name, model, industry_code), ``verdict`` and the leading
            outcomes of the checks; a column that is absent is unknown.
        reference: in force on the day of the run.

    ``due`` says whether the trigger holds: true, false, or null where what it asks for is unknown.
    """
    wanted = [*_SEEN, *OUTCOMES]
    absent = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in devices.columns]
    frame = devices.with_columns(absent).select("device_id", *wanted).with_row_index("place")
    frame = frame.with_columns(pl.col(name).replace(dict.fromkeys(_OPEN)) for name in OUTCOMES)  # not decided: unknown
    due = {key: reduce(or_, [one.expr() for one in rule]) for key, rule in triggers(reference).items()}
    parts = [
        frame.filter(_speaks_of(row)).select(
            "place",
            "device_id",
            *(pl.lit(row[name], pl.String).alias(name) for name in COLUMNS if name not in {"device_id", "due"}),
            due=due[row["trigger"]],
        )
        for row in entries(reference)
    ]
    if not parts:
        return pl.DataFrame(schema=COLUMNS)
    return pl.concat(parts).sort("place", maintain_order=True).select(*COLUMNS)


def advice(devices: pl.DataFrame, findings: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return what the guide says of the devices of a screening, as :func:`directions` does."""
    checks = [name for name in OUTCOMES if name in devices.columns and name != "verdict"]
    known = devices.drop(checks).join(leading_outcomes(findings), on="device_id", how="left", maintain_order="left")
    return directions(known, reference)


def _classes(row: dict[str, Any], classes: Sequence[dict[str, Any]]) -> list[str]:
    sectors, named = set(row["sectors"] or ()), set(row["industries"] or ())
    return [one["code"] for one in classes if one["code"] in named or sectors & set(one["plan_sectors"] or ())]


def _speaks_of(row: dict[str, Any]) -> pl.Expr:
    """A device is meant by its kind or by a word in its name or model, and by the sector it works in."""
    words = pl.concat_str("name", "model", separator=" ", ignore_nulls=True)
    meant = [words.str.contains(word, literal=True) for word in row["name_any"] or ()]
    if row["kinds"]:
        meant.append(pl.col("kind").is_in(row["kinds"]))
    tests = [reduce(or_, meant)]
    if row["sectors"] or row["industries"]:
        tests.append(pl.col("industry_code").str.slice(0, 4).is_in(row["classes"]))
    return reduce(and_, tests).fill_null(value=False)

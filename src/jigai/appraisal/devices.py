"""A whole ledger appraised at once: one row per device and measure, with every assumption and every gap by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from jigai.appraisal.assumptions import Assumption, assumptions
from jigai.appraisal.energy import EnergyFactors
from jigai.appraisal.frame.boiler import BOILER, ELECTRIFICATION
from jigai.appraisal.frame.chiller import CHILLER
from jigai.appraisal.frame.compressor import COMPRESSOR
from jigai.appraisal.frame.drive import DRIVE
from jigai.appraisal.frame.motor import MOTOR
from jigai.appraisal.frame.pump import PUMP
from jigai.appraisal.frame.run import SCHEMA, run
from jigai.appraisal.frame.transformer import TRANSFORMER
from jigai.appraisal.frame.worth import Setting
from jigai.appraisal.tables import keyed, table
from jigai.appraisal.targets import GRADE, targets
from jigai.appraisal.tariff import Tariff
from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference

MEASURES: Final = {
    measure.name: measure for measure in (MOTOR, PUMP, DRIVE, COMPRESSOR, TRANSFORMER, BOILER, ELECTRIFICATION, CHILLER)
}
"""Every measure a frame can be appraised for; names and kinds stand in ``data/measures.csv``."""

_TEXT_FACTS: Final = ("fuel_name", "fuel_after_name")
_LIKE: Final = {
    "speed_after_rpm": pl.Float64(),
    "poles_after": pl.String(),
    "voltage_after_kv": pl.Float64(),
    "explosion_proof_after": pl.Boolean(),
}
"""What a new motor is told to be; where it is told, it must be like the old one."""


def appraise(
    devices: pl.DataFrame,
    reference: Reference,
    place: str,
    *,
    year: int | None = None,
    tariff: Tariff | None = None,
    assumed: Mapping[str, Assumption] | None = None,
    grade: int = GRADE,
) -> pl.DataFrame:
    """Return what replacing or retrofitting each device would save in a year; columns as ``data/results.csv``.

    Args:
        devices: rows of a screened ledger (``device_id``, ``kind``, ``quantity`` and attributes of
            ``ledger/columns.csv``), with operating facts as further columns named as in ``data/facts.csv`` (``hours``,
            ``load_factor`` …), each with ``_low``, ``_high``, ``_origin`` (word of D27) and ``_sample`` where known,
            ``fuel_name`` and ``fuel_after_name`` as in the energy-factors dataset, and of a motor on offer
            ``speed_after_rpm``, ``poles_after``, ``voltage_after_kv``, ``explosion_proof_after``. A column ``measure``
            chooses the measure of each row; without it each kind has its own (``data/measures.csv``). Several rows with
            one ``device_id`` are the points of its load profile and come out as separate rows to be added.
        reference: the facts in force on the day of the appraisal, ``reference.as_of``.
        place: whose grid factor holds, as the announcement names it (四川).
        year: year of the grid factor; None takes the latest published by the day.
        tariff: electricity prices; None leaves the money of electricity open where a row has no ``electricity_price``.
        assumed: assumptions by key; None takes those shipped, all of them marked 示例.
        grade: grade of the standard that a new device is taken to reach where nobody offers one.

    Rows of a kind without a measure are left out; nothing else is: a row whose inputs are missing is ``undecided`` and
    names them, one that would give less service is ``refused`` and says why. Amounts are for the whole quantity of a
    row. Expected savings only; verified ones are of another type (`jigai.appraisal.saving`).

    Raises:
        KeyError: the column ``measure`` names one that ``data/measures.csv`` does not have for the kind.
    """
    rows = _with_measure(devices)
    if not rows.height:
        return pl.DataFrame(schema=SCHEMA)
    held = _with_columns(rows)
    with_targets = _with_targets(held, reference, grade)
    setting = Setting(EnergyFactors.of(reference), place, year, tariff)
    known = assumptions() if assumed is None else assumed
    parts = [
        run(MEASURES[str(name)], part, reference, known, setting)
        for (name,), part in with_targets.partition_by("measure", as_dict=True, maintain_order=True).items()
    ]
    order = (
        with_targets.select("device_id", "measure")
        .with_row_index("_order")
        .unique(["device_id", "measure"], keep="first")
    )
    joined = pl.concat(parts)
    return (
        joined.join(order, on=["device_id", "measure"], how="left").sort("_order", maintain_order=True).drop("_order")
    )


def _with_measure(devices: pl.DataFrame) -> pl.DataFrame:
    if "measure" not in devices.columns:
        primary = {kind: row["measure"] for row in table("measures") for kind in row["primary"].split(";") if kind}
        named = devices.with_columns(
            measure=pl.col("kind").replace_strict(
                list(primary), list(primary.values()), default=None, return_dtype=pl.String
            )
        )
        return named.filter(pl.col("measure").is_not_null())
    known = keyed("measures", "measure")
    pairs = devices.select("measure", "kind").drop_nulls("measure").unique()
    for measure, kind in pairs.iter_rows():
        if measure not in known or kind not in known[measure]["kinds"].split(";"):
            raise KeyError(f"no measure {measure} for devices of kind {kind}; see data/measures.csv")
    return devices.filter(pl.col("measure").is_not_null())


def _with_columns(devices: pl.DataFrame) -> pl.DataFrame:
    """Add the attributes and facts that the measures read, empty where nobody gave them."""
    dtypes = attribute_dtypes()
    facts = {row["key"]: pl.Float64() for row in table("facts")}
    texts = dict.fromkeys(_TEXT_FACTS, pl.String())
    wanted = {**dtypes, **facts, **_LIKE, **texts}
    absent = {name: dtype for name, dtype in wanted.items() if name not in devices.columns}
    return devices.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in absent.items())


def _with_targets(devices: pl.DataFrame, reference: Reference, grade: int) -> pl.DataFrame:
    """Add the limits of the standard; a pump selected for another duty is graded at that duty."""
    duty = {"flow_m3h": ("flow_after_m3h", "flow_needed_m3h"), "head_m": ("head_after_m", "head_needed_m")}
    asked = devices.with_columns(
        pl.when(pl.col("kind") == "pump").then(pl.coalesce(*new, name)).otherwise(name).alias(name)
        for name, new in duty.items()
    )
    found = targets(asked, reference, grade)
    return devices.with_columns(found.select(pl.col("^target_.*$")))

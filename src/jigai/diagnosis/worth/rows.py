"""From measures to rows of the appraisal: which machine is appraised for what, with how it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from jigai.appraisal.devices import appraise
from jigai.appraisal.tables import keyed as facts_of
from jigai.diagnosis.model import Diagnosis
from jigai.diagnosis.tables import table
from jigai.diagnosis.telling import KEY
from jigai.diagnosis.worth.given import TEXT_FACTS, Known
from jigai.diagnosis.worth.model import ENDS, REFUSED, DeviceWorth, Spread, Words
from jigai.reference import Reference

MACHINE: Final = "machine"
_AMOUNTS: Final = ("saving", "tce", "co2_t", "money_yuan")


def appraisal_of(kind: str, device_kind: str | None) -> str | None:
    """Return the formula a measure of a kind takes for a kind of device (``data/appraisals.csv``); None for none."""
    for row in table("appraisals.csv"):
        if (row["measure_kind"], row["device_kind"]) == (kind, device_kind):
            return row["appraisal"]
    return None


def appraised(
    diagnoses: Iterable[Diagnosis], devices: pl.DataFrame, known: Known, reference: Reference
) -> dict[str, tuple[DeviceWorth, ...]]:
    """Return what each machine of each measure saves, by the id of the measure, in the order of its devices.

    Args:
        diagnoses: whose measures are appraised; a measure without a formula has no row.
        devices: those of the screening, with ``enterprise_id``.
        known: how they run.
        reference: facts in force.
    """
    found: dict[str, list[DeviceWorth]] = {}
    wanted = _wanted(diagnoses)
    if wanted.is_empty():
        return {}
    rows = _running(_as_told(wanted.join(devices, on="device_id", how="inner", maintain_order="left")), known)
    for (place,), mine in rows.partition_by("_place", as_dict=True, maintain_order=True).items():
        result = appraise(
            mine.drop("_place", "_measure"),
            reference,
            str(place or ""),
            year=known.year,
            tariff=known.tariff,
            assumed=known.assumed,
        )
        names = mine.select("device_id", "measure", "_measure", MACHINE)
        told = result.join(names, on=["device_id", "measure"], how="left", maintain_order="left")
        for row in told.iter_rows(named=True):
            found.setdefault(row["_measure"], []).append(_worth(row))
    return {measure: tuple(worths) for measure, worths in found.items()}


def _wanted(diagnoses: Iterable[Diagnosis]) -> pl.DataFrame:
    """Return measure, device and formula of everything that has one; a device is appraised once for a formula."""
    rows = []
    for diagnosis in diagnoses:
        for one in diagnosis.measures:
            formula = appraisal_of(one.kind, one.device_kind)
            if formula is not None:
                rows += [(one.id, device, formula) for device in one.devices]
    schema = {"_measure": pl.String(), "device_id": pl.String(), "measure": pl.String()}
    made = pl.DataFrame(rows, schema=schema, orient="row")
    return made.unique(["device_id", "measure"], keep="first", maintain_order=True)


def _as_told(rows: pl.DataFrame) -> pl.DataFrame:
    """Take back what screening read off a series, so that no figure of a table passes for one of the enterprise.

    The losses of a transformer are looked up again by the appraisal, which says where they come from; an inferred power
    stays and says that it is reference data.
    """
    if "inferred_fields" not in rows.columns:
        return rows

    def inferred(name: str) -> pl.Expr:
        return pl.col("inferred_fields").fill_null(";").str.contains(f";{name};", literal=True)

    losses = [name for name in ("no_load_loss_w", "load_loss_w") if name in rows.columns]
    taken_back = [pl.when(~inferred(name)).then(pl.col(name)).alias(name) for name in losses]
    return rows.with_columns(
        *taken_back, power_kw_origin=pl.when(inferred("power_kw")).then(pl.lit("reference")).otherwise(None)
    )


def _running(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Add every running fact that somebody told: that of the line, else of its kind, else of the enterprise."""
    used = rows.select(KEY).unique()
    mine = known.running.join(used, on=KEY, how="semi")
    for fact in mine["fact"].unique().sort().to_list():
        rows = _fact(rows, mine.filter(pl.col("fact") == fact), str(fact))
    places = pl.DataFrame(
        {KEY: list(known.places), "_place": list(known.places.values())}, schema={KEY: pl.String, "_place": pl.String}
    )
    names = [pl.col(name) for name in (MACHINE, "code") if name in rows.columns]
    machine = pl.coalesce(*names, "device_id") if names else pl.col("device_id")
    return rows.with_columns(machine.alias(MACHINE)).join(places, on=KEY, how="left", maintain_order="left")


def _fact(rows: pl.DataFrame, told: pl.DataFrame, fact: str) -> pl.DataFrame:
    words = fact in TEXT_FACTS
    columns = {"text": fact} if words else {"number": fact, "low": f"{fact}_low", "high": f"{fact}_high"}
    columns |= {"origin": f"{fact}_origin", "sample": f"{fact}_sample"}
    by_line = pl.col("device_id").is_not_null()
    by_kind = ~by_line & pl.col("kind").is_not_null()
    levels = {("device_id",): by_line, ("kind",): by_kind, (): ~by_line & ~by_kind}
    found = []
    for place, (more, test) in enumerate(levels.items()):
        keys = [KEY, *more]
        level = told.filter(test).select(*keys, *(pl.col(c).alias(f"_{place}_{c}") for c in columns), _there(place))
        rows = rows.join(level, on=keys, how="left", maintain_order="left")
        found.append(place)
    # a figure, its range and its origin are taken from one level together, never mixed
    made = []
    for column, name in columns.items():
        chain = pl.lit(None)
        for place in reversed(found):
            chain = pl.when(pl.col(f"_there_{place}")).then(pl.col(f"_{place}_{column}")).otherwise(chain)
        made.append(chain.alias(name))
    return rows.with_columns(made).drop("^_[0-2]_.*$", "^_there_.*$")


def _there(place: int) -> pl.Expr:
    return pl.lit(value=True).alias(f"_there_{place}")


def _worth(row: dict[str, Any]) -> DeviceWorth:
    amounts = {name: _spread(row, name) for name in _AMOUNTS}
    refused = Words("less_service", row["refused_zh"], row["refused_en"]) if row["status"] == REFUSED else None
    return DeviceWorth(
        device_id=row["device_id"],
        appraisal=row["measure"],
        machine=row[MACHINE],
        machines=row["quantity"],
        status=row["status"],
        unit=row["unit"],
        before=row["consumption_before"],
        after=row["consumption_after"],
        saving=amounts["saving"],
        tce=amounts["tce"],
        co2=amounts["co2_t"],
        money=amounts["money_yuan"],
        inputs=row["inputs"] or "",
        assumptions=row["assumptions"] or "",
        missing=tuple(dict.fromkeys(one for one in (row["missing"] or "").split(";") if one)),
        refused=refused,
        certainty=row["certainty"],
        origin=row["origin"],
        sample=bool(row["sample"] or row["sample_money"]),
    )


def _spread(row: dict[str, Any], name: str) -> Spread | None:
    low, likely, high = (row[f"{name}_{end}"] for end in ENDS)
    return None if likely is None or low is None or high is None else Spread(low, likely, high)


def inputs_of(one: DeviceWorth) -> tuple[tuple[str, str, str], ...]:
    """Return every input of a row as name of the fact, value as text with its unit, and word of its origin."""
    told = []
    for part in one.inputs.split(";"):
        name, _, rest = part.partition("=")
        value, _, origin = rest.partition("@")
        if name and value:
            unit = facts_of("facts", "key")[name]["unit"]
            told.append((name, f"{value} {unit}" if unit not in ("", "1") else value, origin))
    return tuple(told)

"""One measure over the devices it concerns: inputs, refusals, energy, worth, and the row that explains itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jigai.appraisal.assumptions import Assumption
from jigai.appraisal.energy import fuel_kgce
from jigai.appraisal.estimate import Estimate, Origin, Rest, propagate
from jigai.appraisal.frame.inputs import ORIGINS, Column, Inputs
from jigai.appraisal.frame.measure import Measure, Pair
from jigai.appraisal.frame.worth import Saved, Setting, Worth, worth
from jigai.appraisal.numbers import Number
from jigai.appraisal.refusal import say
from jigai.appraisal.tables import keyed, table
from jigai.reference import Reference

CERTAINTIES: Final = ("transcribed", "secondary", "recalled", "doubtful")
ENDS: Final = ("low", "likely", "high")
COLUMNS: Final = tuple(row["column"] for row in table("results"))


def run(
    measure: Measure, devices: pl.DataFrame, reference: Reference, assumed: Mapping[str, Assumption], setting: Setting
) -> pl.DataFrame:
    """Return one row of ``data/results.csv`` per row of ``devices``, in their order."""
    frame = measure.prepare(devices, reference)
    inputs = Inputs(frame, assumed)
    asked = measure.ask(inputs)
    missing = {name: np.isnan(np.asarray(one.likely)) for name, one in asked.items()}
    unknown = reduce(or_, missing.values())
    refused = _refused(measure, frame, asked, unknown)
    sound = ~unknown & (refused == "")
    rows = frame.select(*_head(measure), *_status(unknown, refused), pl.Series("_sound", sound))
    told = rows.with_columns(
        _assumptions(inputs, asked),
        _told(asked),
        _missing(frame, missing),
        _origin(asked),
        pl.Series("_at", np.arange(frame.height)),
    )
    if not sound.any():
        return _shaped(told)
    some = frame.filter(pl.Series(sound))
    energy = _energy(measure, {name: _some(one, sound) for name, one in asked.items()})
    saved = Saved(some, energy.get("electricity"), energy.get("fuel_before"), energy.get("fuel"), assumed)
    found = worth(saved, setting)
    figures = _figures(some, energy, found).with_columns(pl.Series("_at", np.flatnonzero(sound)))
    return _shaped(told.join(figures, on="_at", how="left", maintain_order="left"))


def _head(measure: Measure) -> list[pl.Expr]:
    quantity = pl.col("quantity").fill_null(1).cast(pl.Int64).alias("quantity")
    return [pl.col("device_id"), pl.lit(measure.name).alias("measure"), pl.col("kind"), quantity]


def _refused(
    measure: Measure, frame: pl.DataFrame, asked: Mapping[str, Estimate], unknown: NDArray[np.bool_]
) -> NDArray[np.str_]:
    """Return the first code of ``refusals.csv`` that holds at the likely inputs, blank for none."""
    values = {name: np.asarray(one.likely) for name, one in asked.items()}
    codes: NDArray[np.str_] = np.full(unknown.shape, "", dtype="<U24")
    masks: dict[str, Any] = dict(measure.worse(values))
    if measure.unlike is not None:
        masks |= {code: mask.to_numpy() for code, mask in measure.unlike(frame).items()}
    for code, mask in masks.items():
        codes = np.where((codes == "") & np.broadcast_to(np.asarray(mask), unknown.shape) & ~unknown, code, codes)
    return codes


def _status(unknown: NDArray[np.bool_], refused: NDArray[np.str_]) -> list[pl.Series]:
    status = np.where(unknown, "undecided", np.where(refused == "", "appraised", "refused"))
    codes = pl.Series("refused", refused).replace("", None)
    present = [code for code in codes.drop_nulls().unique().to_list()]
    texts = [
        codes.replace_strict(present, [say(code, language) for code in present], return_dtype=pl.String).alias(
            f"refused_{language}"
        )
        if present
        else pl.Series(f"refused_{language}", [None] * len(codes), dtype=pl.String)
        for language in ("zh", "en")
    ]
    return [pl.Series("status", status), codes, *texts]


def _assumptions(inputs: Inputs, asked: Mapping[str, Estimate]) -> pl.Series:
    """Name the assumptions each row rests on, with their figures, samples marked 示例."""
    parts = []
    for name in (*asked, *(other for other in inputs.used if other not in asked)):
        one = inputs.used.get(name)
        rest = None if one is None else one.rests[0]
        if rest is None or name not in inputs.assumed:
            continue
        assumption = inputs.assumed[name]
        mark = "（示例）" if assumption.sample else ""
        text = f"{name}={assumption.low:g}–{assumption.likely:g}–{assumption.high:g}{mark}"
        here = np.asarray(rest.origin) == Origin.CITY_ASSUMPTION
        parts.append(pl.Series(name, here).replace_strict([True, False], [text, None], return_dtype=pl.String))
    if not parts:
        return pl.Series("assumptions", [None] * inputs.frame.height, dtype=pl.String)
    joined = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True)).to_series()
    return joined.replace("", None).alias("assumptions")


def _told(asked: Mapping[str, Estimate]) -> pl.Series:
    """Name every known input of each row with its likely value and where it came from, as ``hours=6000@enterprise``."""
    words = {rank: f"@{word}" for word, rank in ORIGINS.items()}
    parts = []
    for name, one in asked.items():
        value = pl.Series(np.asarray(one.likely)).fill_nan(None).round_sig_figs(6).cast(pl.String)
        origin = pl.Series(np.asarray(one.origin)).replace_strict(list(words), list(words.values()), default="")
        plain = value.str.strip_suffix(".0")
        parts.append(
            pl.DataFrame({"value": plain, "origin": origin}).select(pl.format(f"{name}={{}}{{}}", *_BOTH).alias(name))
        )
    joined = pl.concat(parts, how="horizontal").select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True))
    return joined.to_series().replace("", None).alias("inputs")


_BOTH: Final = ("value", "origin")


def _missing(frame: pl.DataFrame, missing: Mapping[str, NDArray[np.bool_]]) -> pl.Series:
    """Name the missing inputs; where a limit of a standard was not found, what to ask for it."""
    parts = []
    for name, mask in missing.items():
        asks = keyed("facts", "key")[name]["attribute"] or name
        parts.append(pl.Series(name, mask).replace_strict([True, False], [asks, None], return_dtype=pl.String))
    of_target = "target_missing" in frame.columns
    derived = [mask for name, mask in missing.items() if f"derived_{name}" in frame.columns and "after" in name]
    if of_target and derived:
        needed = pl.Series(reduce(or_, derived))
        parts.append(
            pl.DataFrame({"m": frame["target_missing"], "n": needed})
            .select(pl.when("n").then("m").alias("target_missing"))
            .to_series()
        )
    joined = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=";", ignore_nulls=True)).to_series()
    return joined.replace("", None).alias("missing")


def _origin(asked: Mapping[str, Estimate]) -> pl.Series:
    ranks = reduce(np.maximum, [np.asarray(one.origin) for one in asked.values()])
    words = {rank: word for word, rank in ORIGINS.items()}
    return pl.Series("origin", ranks).replace_strict(list(words), list(words.values()), default=None)


def _some(one: Estimate, sound: NDArray[np.bool_]) -> Estimate:
    """Return the rows of an input that can be appraised."""
    ends = [np.asarray(getattr(one, end))[sound] for end in ENDS]
    rests = tuple(Rest(rest.name, _rows(rest.origin, sound), _rows(rest.sample, sound)) for rest in one.rests)
    return Estimate(ends[0], ends[1], ends[2], rests)


def _rows(values: Any, sound: NDArray[np.bool_]) -> Any:
    return np.broadcast_to(np.asarray(values), sound.shape)[sound]


def _energy(measure: Measure, asked: dict[str, Estimate]) -> dict[str, Estimate]:
    """Return electricity [kWh] and fuel [GJ]: ``x`` saved, ``x_before``, ``x_after``."""
    found: dict[str, Estimate] = {}
    for name, pair in (("electricity", measure.electricity), ("fuel", measure.fuel)):
        if pair is None:
            continue
        directed = {"rising": measure.rising, "falling": measure.falling}
        found[name] = propagate(_difference(pair), asked, **directed)
        # how sure the consumption of today is matters only where a change of fuel gives it another factor
        before = asked if name == "fuel" else {key: one.likely for key, one in asked.items()}
        found[f"{name}_before"] = propagate(_side(pair, 0), before)
        found[f"{name}_after"] = propagate(_side(pair, 1), {k: v.likely for k, v in asked.items()})
    return found


def _difference(pair: Pair) -> Callable[..., Column]:
    def saving(**values: Number) -> Column:
        before, after = pair(values)
        return np.asarray(before, dtype=np.float64) - np.asarray(after, dtype=np.float64)

    return saving


def _side(pair: Pair, side: int) -> Callable[..., Column]:
    return lambda **values: np.asarray(pair(values)[side], dtype=np.float64)


def _figures(frame: pl.DataFrame, energy: Mapping[str, Estimate], found: Worth) -> pl.DataFrame:
    times = frame["quantity"].fill_null(1).cast(pl.Float64).to_numpy()
    columns: dict[str, Column] = {}
    for name, unit in (("electricity", "kwh"), ("fuel", "gj")):
        for side in ("before", "after"):
            if f"{name}_{side}" in energy:
                columns[f"{name}_{side}_{unit}"] = times * np.asarray(energy[f"{name}_{side}"].likely)
    main = _main(energy)
    columns |= {name: times * values for name, values in main.items()}
    if "fuel" in energy:
        columns |= {f"saving_{end}": 1000.0 * times * np.asarray(getattr(found.amounts["tce"], end)) for end in ENDS}
    for name, amount in found.amounts.items():
        fen = 2 if name == "money_yuan" else 12
        columns |= {f"{name}_{end}": np.round(times * np.asarray(getattr(amount, end)), fen) for end in ENDS}
    unit = "kgce" if "fuel" in energy else "kWh"
    basis = energy.get("electricity", energy.get("fuel"))
    sample = np.zeros(frame.height, dtype=bool) | (False if basis is None else np.asarray(basis.sample))
    priced = np.asarray(found.amounts["money_yuan"].sample) | np.zeros(frame.height, dtype=bool)
    money = ~np.isnan(np.asarray(found.amounts["money_yuan"].likely))
    return pl.DataFrame(columns).with_columns(
        pl.col(list(columns)).fill_nan(None),
        pl.lit(unit).alias("unit"),
        pl.Series("sample", sample),
        pl.Series("sample_money", priced & money),
        _certainty(frame, found),
        _lacking(found, frame.height),
    )


def _main(energy: Mapping[str, Estimate]) -> dict[str, Column]:
    """Return consumption and saving in kWh; for measures that burn fuel the consumption in kgce (当量)."""
    if "fuel" not in energy:
        one = energy["electricity"]
        sides = {
            f"consumption_{side}": np.asarray(energy[f"electricity_{side}"].likely) for side in ("before", "after")
        }
        return sides | {f"saving_{end}": np.asarray(getattr(one, end)) for end in ENDS}
    return {f"consumption_{side}": np.asarray(fuel_kgce(energy[f"fuel_{side}"].likely)) for side in ("before", "after")}


def _certainty(frame: pl.DataFrame, found: Worth) -> pl.Series:
    """Return the weakest certainty of what was used: limits of standards, inferred figures, factors."""
    parts = [series.alias(f"{place}") for place, series in enumerate(found.certainties)]
    if "target_certainty" in frame.columns:
        parts.append(frame["target_certainty"].alias("target"))
    if "inferred" in frame.columns:
        parts.append(
            frame["inferred"]
            .fill_null(value=False)
            .replace_strict([True, False], ["recalled", None], return_dtype=pl.String)
            .alias("inferred")
        )
    ranks = pl.DataFrame(parts).select(
        pl.max_horizontal(
            pl.all().replace_strict(list(CERTAINTIES), list(range(4)), default=None, return_dtype=pl.Int8)
        )
    )
    return (
        ranks.to_series()
        .replace_strict(list(range(4)), list(CERTAINTIES), default=None, return_dtype=pl.String)
        .alias("certainty")
    )


def _lacking(found: Worth, height: int) -> pl.Series:
    parts = [series.alias(f"{place}") for place, series in enumerate(found.missing)]
    if not parts:
        return pl.Series("_lacking", [None] * height, dtype=pl.String)
    names = pl.DataFrame(parts).select(
        pl.concat_list(pl.all()).list.drop_nulls().list.unique(maintain_order=True).list.join(";")
    )
    return names.to_series().replace("", None).alias("_lacking")


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of ``data/results.csv`` in their order, blank where a row has nothing to say."""
    both = [pl.col(name) for name in ("missing", "_lacking") if name in rows.columns]
    joined = pl.concat_str(both, separator=";", ignore_nulls=True).replace("", None)
    rows = rows.with_columns(missing=joined, sample=_flag(rows, "sample"), sample_money=_flag(rows, "sample_money"))
    absent = {name: pl.String() if name in _TEXTS else pl.Float64() for name in COLUMNS if name not in rows.columns}
    return rows.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in absent.items()).select(COLUMNS)


_TEXTS: Final = ("unit", "certainty")


def _flag(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).fill_null(value=False) if name in rows.columns else pl.lit(value=False)

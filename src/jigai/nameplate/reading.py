"""Reading devices: kind, series and ratings out of what the name and the model designation say.

What the ledger states is kept; a null is filled from the nameplate and marked so; where both speak and disagree the
ledger's value stays and the disagreement is returned for the filler to settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate.grammar import grammars
from jigai.nameplate.infer import with_inferred
from jigai.nameplate.keys import with_keys
from jigai.nameplate.kinds import decide, read_models
from jigai.nameplate.language import Language, language
from jigai.nameplate.merge import fill, find_conflicts
from jigai.nameplate.naming import kinds_of_names
from jigai.nameplate.tidy import bodies, tidied
from jigai.nameplate.values import read_values
from jigai.reference import Reference

_INPUT: Final = ("name", "model", "kind_text", "kind")
_MODEL_IN_NAME: Final = r"[A-Z]\d?-?\d{2}|[A-Z]\d{1,3}(?:\.\d{1,2})?-\d\.\d|\d{1,2}-\d{2}|\d(?:M|KA|KVA|MVA|T)|Φ\d"
"""A designation or size in the name, read where the model column is empty: BX1-330交流弧焊机, 450m³高炉."""
_CASE: Final = ["name", "model", "kind_text", "kind"]


@dataclass(frozen=True)
class Reading:
    """What was read.

    ``devices``: the input with ``kind``, ``kind_reason``, attributes filled where they were null,
    ``nameplate_fields`` and ``inferred_fields`` (``;a;b;``), ``model_norm``, ``model_key``, ``model_keys``,
    ``series_keys``. ``conflicts``: one row per attribute where the cell contradicts the model, with the row's key
    (``sig`` or ``device_id``, as given), ``attribute``, ``ledger_value``, ``nameplate_value``.
    """

    devices: pl.DataFrame
    conflicts: pl.DataFrame


def read(devices: pl.DataFrame, reference: Reference) -> Reading:
    """Read every device; any frame with ``name`` and ``model`` will do, other attributes as far as they occur.

    The order and number of rows stay. A kind that cannot be settled is null, and ``kind_reason`` says why.
    Raises ``KeyError`` when the reference lacks the datasets ``nameplate-series`` or ``kinds``.
    """
    words = language(reference)
    dtypes = attribute_dtypes()
    frame = devices.with_columns(
        [
            (pl.col(name).cast(pl.String) if name in devices.columns else pl.lit(None, pl.String)).alias(name)
            for name in _INPUT
        ]
    ).with_row_index("__row")
    cases = _cases(frame, words)
    read_by_kind = read_models(cases, grammars(words), words)
    decided = decide(cases, read_by_kind, words)
    cases = cases.select("rid", *(f"__{name}" for name in _CASE), "model_norm", "name_norm", "flat", "body").join(
        decided, on="rid", how="left", maintain_order="left"
    )
    values = read_values(cases, read_by_kind, words)
    values = with_keys(values)
    frame = frame.rename({name: f"__{name}" for name in _CASE}).join(
        values.drop("rid", "name_norm", "flat", "body"),
        on=[f"__{name}" for name in _CASE],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    frame = frame.drop("__kind").rename({"__name": "name", "__model": "model", "__kind_text": "kind_text"})
    absent = [name for name in ("kind_text",) if name not in devices.columns]
    conflicts = find_conflicts(frame, words)
    frame = with_inferred(fill(frame, dtypes), reference)
    kept = [column for column in frame.columns if not column.startswith("__") and column not in absent]
    return Reading(frame.select(kept), conflicts)


def _cases(frame: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return the distinct name, model, category and given kind of ``frame``, tidied, with the kinds they name."""
    cases = frame.select(pl.col(name).alias(f"__{name}") for name in _CASE).unique(maintain_order=True)
    cases = _joined(cases, "__model", tidied(cases["__model"], words).rename({"tidied": "model_norm"}))
    cases = _joined(cases, "__name", tidied(cases["__name"], words).rename({"tidied": "name_norm"}))
    in_name = pl.when(pl.col("name_norm").str.contains(_MODEL_IN_NAME)).then(pl.col("name_norm"))
    spoken = pl.coalesce(pl.col("model_norm"), in_name)
    cases = cases.with_columns(spoken.alias("model_norm")).with_row_index("rid")
    cases = _joined(cases, "model_norm", bodies(cases["model_norm"]))
    by_name = kinds_of_names(cases["__name"], words)
    by_model = kinds_of_names(cases["model_norm"].filter(cases["model_norm"].str.contains(r"\p{Han}")), words)
    by_text = kinds_of_names(cases["__kind_text"], words).select("text", pl.col("kind").alias("texted"))
    cases = cases.join(by_name.rename({"text": "__name"}), on="__name", how="left", maintain_order="left")
    model = by_model.drop("aside").rename({"text": "model_norm"})
    cases = cases.join(model, on="model_norm", how="left", maintain_order="left", suffix="_m")
    cases = cases.join(by_text.rename({"text": "__kind_text"}), on="__kind_text", how="left", maintain_order="left")
    from_model = pl.col("kind").is_null() & pl.col("kind_m").is_not_null()
    return cases.with_columns(
        pl.coalesce("kind", "kind_m").alias("named"),
        pl.when(from_model).then(pl.col("word_m")).otherwise(pl.col("word")).alias("word"),
        pl.when(from_model).then(True).otherwise(pl.col("anchored")).fill_null(False).alias("anchored"),
        pl.when(from_model).then(False).otherwise(pl.col("firm")).fill_null(False).alias("firm"),
        pl.col("__kind").alias("given"),
    ).drop("kind", "kind_m", "word_m", "anchored_m", "firm_m")


def _joined(frame: pl.DataFrame, on: str, other: pl.DataFrame) -> pl.DataFrame:
    return frame.join(other.rename({"text": on}), on=on, how="left", maintain_order="left")

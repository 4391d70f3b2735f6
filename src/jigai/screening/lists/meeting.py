"""Does the device meet the row? Words in name and type first, then the condition, three-valued and in groups."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jigai.reference.condition import Condition, Test
from jigai.screening.lists.candidates import LISTED
from jigai.screening.lists.rulebook import TEXTS, Rulebook, parsed
from jigai.screening.lists.wording import attribute, condition_in_words, facts

_UPPER = ("<=", "<")
_ORDERED = (*_UPPER, ">=", ">")
ORIGINS = ("nameplate_fields", "inferred_fields")
TESTED = {
    "met": pl.Boolean(),
    "missing": pl.String(),
    "inferred": pl.Boolean(),
    "metric": pl.String(),
    "value": pl.Float64(),
    "limit": pl.Float64(),
    "unit": pl.String(),
    "condition_zh": pl.String(),
    "condition_en": pl.String(),
    "facts_zh": pl.String(),
    "facts_en": pl.String(),
    "deadline_now": pl.String(),
}
"""Columns that testing adds: the answer, what keeps it open, what it rests on, and how to say so."""


@dataclass(frozen=True)
class _Said:
    test: Test | None
    unit: str | None


def meet(pairs: pl.DataFrame, devices: pl.DataFrame, book: Rulebook, keep_failed: bool = False) -> pl.DataFrame:
    """Return the pairs whose row is met (``met`` true) or cannot be settled (``met`` null), with :data:`TESTED`.

    ``keep_failed`` also keeps the rows whose condition failed, to show what was tried.
    """
    needed = ["rule", "name_any", "name_not", "asks", "condition", "common", "deadlines"]
    rows = book.rules.select(needed).with_columns(pl.col("deadlines").list.len().fill_null(0).alias("_dated"))
    pairs = pairs.join(rows, on="rule", maintain_order="left").with_columns(
        condition=pl.when(pl.col("how") == LISTED).then("common").otherwise("condition")
    )
    pairs = _test_words(pairs.drop("common"), devices)
    parts = [
        _test_condition(part, text, devices, book)
        for (text,), part in pairs.partition_by("condition", as_dict=True, maintain_order=True).items()
    ]
    tested = pl.concat(parts) if parts else pairs.with_columns(pl.lit(None, t).alias(n) for n, t in TESTED.items())
    kept = tested if keep_failed else tested.filter(pl.col("met").fill_null(value=True))
    kept = kept.join(devices.select("sig", "kind", "model", "name"), on="sig", maintain_order="left")
    return _date(kept, devices).drop("name_any", "name_not", "asks", "deadlines", "_dated").sort("sig", "rule")


def _test_words(pairs: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Settle ``name_any`` / ``name_not``: add ``words`` (null: the attribute to ask is empty) and drop the false."""
    plain = pl.col("name_any").is_null() & pl.col("name_not").is_null()
    parts = [pairs.filter(plain).with_columns(words=pl.lit(value=True))]
    worded = pairs.filter(~plain)
    if worded.is_empty():
        return parts[0]
    haystack = pl.concat_str([pl.col(name) for name in TEXTS], separator=" ", ignore_nulls=True)
    texts = devices.select("sig", *TEXTS).join(worded.select("sig").unique(), on="sig", how="semi")
    worded = worded.join(texts.with_columns(_hay=haystack), on="sig", maintain_order="left")
    for (any_of, none_of, asks), part in worded.group_by("name_any", "name_not", "asks", maintain_order=True):
        has = pl.col("_hay").str.contains_any(list(any_of)) if any_of else pl.lit(value=True)
        not_ = pl.col("_hay").str.contains_any(list(none_of)) if none_of else pl.lit(value=False)
        open_ = pl.col(str(asks)).is_null() if asks else pl.lit(value=False)
        certain = ~open_ if not any_of else pl.lit(value=True)
        answer = (
            pl.when(not_)
            .then(pl.lit(value=False))
            .when(has & certain)
            .then(pl.lit(value=True))
            .when(~open_)
            .then(pl.lit(value=False))
        )
        parts.append(part.with_columns(words=answer).select(parts[0].columns))
    return pl.concat(parts).filter(pl.col("words").fill_null(value=True))


def _test_condition(part: pl.DataFrame, text: str | None, devices: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    condition = book.conditions[text] if text else Condition("", ())
    names = sorted(condition.fields)
    origins = [name for name in ORIGINS if name in devices.columns]
    frame = part.join(devices.select("sig", *names, *origins), on="sig", maintain_order="left").with_columns(
        pl.lit(None, pl.String).alias(name) for name in ORIGINS if name not in origins
    )
    said = _figure(condition)
    asked = pl.when(pl.col("words").is_null()).then(pl.col("asks"))
    open_ = condition.missing_expr()
    frame = frame.with_columns(met=pl.col("words") & condition.expr()).with_columns(
        missing=pl.concat_str([asked, pl.when(open_ != "").then(open_)], separator=";", ignore_nulls=True),
        inferred=pl.any_horizontal(
            pl.lit(value=False),
            *[
                pl.col("inferred_fields").str.contains(f";{name};", literal=True).fill_null(value=False)
                & pl.col(name).is_not_null()
                for name in names
            ],
        ),
        metric=pl.lit(said.test.asks if said.test else None, pl.String),
        value=_value(said.test),
        limit=pl.lit(said.test.values[0] if said.test and len(said.test.values) == 1 else None, pl.Float64),
        unit=pl.lit(said.unit, pl.String),
        condition_zh=pl.lit(condition_in_words(condition, "zh")),
        condition_en=pl.lit(condition_in_words(condition, "en")),
        facts_zh=facts(condition, frame, "zh"),
        facts_en=facts(condition, frame, "en"),
        deadline_now=pl.lit(None, pl.String),
    )
    return frame.select(*part.columns, *TESTED)


def _figure(condition: Condition) -> _Said:
    """The one figure a finding shows beside its limit: an upper limit before a lower one, a year before an equality."""

    def rank(test: Test) -> tuple[bool, bool, bool]:
        year = attribute(test.asks).type == "year"
        return (test.op not in _ORDERED, year, test.op not in _UPPER)

    figures = [test for test in condition.tests if attribute(test.asks).type in ("number", "integer", "year")]
    best = min(figures, key=rank, default=None)
    return _Said(best, attribute(best.asks).unit or None) if best else _Said(None, None)


def _value(test: Test | None) -> pl.Expr:
    return pl.coalesce(test.columns).cast(pl.Float64) if test else pl.lit(None, pl.Float64)


def _date(pairs: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Choose the deadline where it hangs on a condition of its own (fans: by the year made)."""
    dated = pairs.filter(pl.col("_dated") > 0)
    if dated.is_empty():
        return pairs
    years = ["made_year", "in_service_year"]
    spread = dated.select("sig", "rule", "deadlines").explode("deadlines", empty_as_null=True).unnest("deadlines")
    spread = spread.join(devices.select("sig", *years), on="sig")
    chosen = [
        part.filter(parsed(str(text)).expr()).select("sig", "rule", _day="deadline")
        for (text,), part in spread.group_by("condition", maintain_order=True)
    ]
    days = pl.concat(chosen).unique(["sig", "rule"], keep="first")
    return (
        pairs.join(days, on=["sig", "rule"], how="left", maintain_order="left")
        .with_columns(deadline_now=pl.col("_day"))
        .drop("_day")
    )

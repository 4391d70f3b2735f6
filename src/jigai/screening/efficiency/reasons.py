"""The sentences of a judgement, in Chinese and English, from the templates in ``sentences.csv``."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import polars as pl

from jigai.screening.efficiency.origin import origin_name, weakest
from jigai.screening.efficiency.standards import BELOW, ProductRule
from jigai.screening.efficiency.wording import LANGUAGES, PACKAGE, Language, said, shown, size
from jigai.screening.sentences import sentence

DOUBTFUL = 3


def with_texts(frame: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Add the pieces the templates name: document, clause, level, limit and value with their unit, size."""
    keys = [metric.key for metric in rule.metrics]

    def of_metric(values: list[str]) -> pl.Expr:
        return pl.col("metric").replace_strict(keys, values, default=None, return_dtype=pl.String)

    origin = origin_name(
        pl.coalesce(
            pl.when(pl.col("metric") == metric.key).then(weakest([metric.attribute, *metric.ask]))
            for metric in rule.metrics
        )
    )
    tables_en = pl.col("table").str.replace_all("、", ", ", literal=True).str.replace_all("～", "-", literal=True)
    article = pl.col("table").str.contains(".", literal=True)
    frame = frame.with_columns(
        document=pl.lit(rule.document),
        number=pl.lit(rule.dataset.number),
        unit=of_metric([metric.unit for metric in rule.metrics]),
        metric_zh=of_metric([metric.name_zh for metric in rule.metrics]),
        metric_en=of_metric([metric.name_en for metric in rule.metrics]),
        worse_zh=of_metric(["低于" if metric.direction == "min" else "劣于" for metric in rule.metrics]),
        worse_en=pl.lit("worse"),
        clause_zh=pl.when(article).then(pl.format("{} 条", "table")).otherwise(pl.format("表{}", "table")),
        clause_en=pl.format("{} {}", pl.when(article).then(pl.lit("clause")).otherwise(pl.lit("table")), tables_en),
        **{f"origin_{language}": said(origin, language) for language in LANGUAGES},
        **{f"level_{language}": _level(rule, rule.level, language) for language in LANGUAGES},
        **{f"level_limit_{language}": _level(rule, rule.level_limit, language) for language in LANGUAGES},
        **{f"last_limit_{language}": pl.lit(rule.last_limit(language)) for language in LANGUAGES},
        **{f"hint_level_{language}": _hint_level(rule, language) for language in LANGUAGES},
        **{f"spec_{language}": size(rule.axes, language, frame) for language in LANGUAGES},
    )
    unit = pl.when(pl.col("unit").fill_null("") != "").then(pl.format(" {}", "unit")).otherwise(pl.lit(""))
    sized = pl.col("spec_zh") != ""
    return frame.with_columns(
        limit_text=shown(pl.col("limit")) + unit,
        value_text=shown(pl.col("value")) + unit,
        spec_zh_gap=pl.when(sized).then(pl.format("{} ", "spec_zh")).otherwise(pl.lit("")),
        spec_en_gap=pl.when(sized).then(pl.format("{} ", "spec_en")).otherwise(pl.lit("")),
        spec_note_zh=pl.when(sized).then(pl.format("（{}）", "spec_zh")).otherwise(pl.lit("")),
        spec_note_en=pl.when(sized).then(pl.format(" ({})", "spec_en")).otherwise(pl.lit("")),
    )


def _level(rule: ProductRule, named: Callable[[int, str], str], language: str) -> pl.Expr:
    names = [named(grade, language) for grade in rule.grades]
    return pl.col("level_at").replace_strict(list(rule.grades), names, default=None, return_dtype=pl.String)


def _hint_level(rule: ProductRule, language: Language) -> pl.Expr:
    """Say the grade a hint implies."""
    named = [
        f" {rule.level(grade, language)}" if language == "zh" else rule.level(grade, language) for grade in rule.grades
    ]
    below = f"低于{rule.last_limit(language)}" if language == "zh" else f"worse than {rule.last_limit(language)}"
    return pl.col("hint_grade").replace_strict(
        [*rule.grades, BELOW], [*named, below], default=None, return_dtype=pl.String
    )


@lru_cache(maxsize=256)
def reason(language: Language, rule: ProductRule) -> pl.Expr:
    """Return the reason of each finding: what was judged, then what qualifies it."""
    parts = [_statement(language), *_qualifications(language, rule)]
    return pl.concat_str(parts, separator="" if language == "zh" else " ", ignore_nulls=True)


def _statement(language: Language) -> pl.Expr:
    def say(key: str) -> pl.Expr:
        return sentence(key, language, package=PACKAGE)

    below, hinted = pl.col("final") == BELOW, pl.col("hinted")
    return (
        pl.when(~pl.col("inside") & (pl.col("spec_zh") != ""))
        .then(say("no_limit"))
        .when(~pl.col("inside"))
        .then(say("no_limit_bare"))
        .when((pl.col("outcome") == "undecided") & pl.col("contradicting"))
        .then(say("contradicting"))
        .when(pl.col("outcome") == "undecided")
        .then(say("undecided"))
        .when(hinted & below)
        .then(say("implied_below"))
        .when(hinted)
        .then(say("implied"))
        .when(below)
        .then(say("below"))
        .otherwise(say("graded"))
    )


def _qualifications(language: Language, rule: ProductRule) -> list[pl.Expr]:
    def say(key: str) -> pl.Expr:
        return sentence(key, language, package=PACKAGE)

    judged = pl.col("inside") & pl.col("final").is_not_null()
    measured = judged & ~pl.col("hinted")
    doubtful = ~pl.col("interpolated") & (pl.col("certainty_rank") == DOUBTFUL)
    start = rule.dataset.in_force_from
    off_list = pl.any_horizontal(
        pl.lit(value=False),
        *[pl.col(f"wide_{place}") for place, axis in enumerate(rule.axes) if axis.how == "between"],
    )
    return [
        *_notes(language, rule, measured),
        pl.when(measured & pl.lit(_several_figures(rule))).then(say("worst_of")),
        pl.when(measured & pl.col("agreed")).then(
            pl.when(off_list).then(say("between_agreed")).otherwise(say("agreed"))
        ),
        pl.when(measured & pl.col("interpolated")).then(say("interpolated")),
        pl.when(measured & doubtful).then(say("doubtful")),
        pl.when(measured & (pl.col("hint_grade") != pl.col("final"))).then(say("disagrees")),
        pl.when(judged & pl.col("product_inferred")).then(say("product_inferred")),
        pl.when(judged & (pl.col("built_year") < (start.year if start else 0))).then(say("built_before")),
        pl.when(judged).then(say("advice" if rule.dataset.binds == "advice" else "make_and_sell")),
    ]


def _several_figures(rule: ProductRule) -> bool:
    """Tell whether one line of the table has several figures that set the grade (both losses of a transformer)."""
    lines = rule.limits.filter(pl.col("role") == "primary").group_by("block").agg(pl.col("metric").n_unique())
    return bool((lines["metric"] > 1).any())


def _notes(language: Language, rule: ProductRule, measured: pl.Expr) -> list[pl.Expr]:
    """Notes the standard's data carries: on a figure's test point, on an axis value that was only inferred."""
    stop = "。" if language == "zh" else "."
    notes: list[pl.Expr] = []
    for axis in rule.axes:
        text = axis.note_zh if language == "zh" else axis.note_en
        if text:
            inferred = pl.col("inferred_fields").str.contains(f";{axis.attribute};", literal=True)
            notes.append(pl.when(measured & inferred).then(pl.lit(text + stop)))
    for metric in rule.metrics:
        text = metric.note_zh if language == "zh" else metric.note_en
        if text:
            notes.append(pl.when(measured & (pl.col("metric") == metric.key)).then(pl.lit(text + stop)))
    return notes

"""The judgement of one standard over the devices of one product."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference.condition import IN_SERVICE_YEAR, MADE_YEAR
from jigai.screening.cases import cases
from jigai.screening.efficiency import grade as grading
from jigai.screening.efficiency import open_questions
from jigai.screening.efficiency.axes import label_certainty
from jigai.screening.efficiency.conditions import condition
from jigai.screening.efficiency.hints import implied
from jigai.screening.efficiency.limits import SPECIFIED, TOLERANCE
from jigai.screening.efficiency.match import match
from jigai.screening.efficiency.origin import INFERRED, origin_name, weakest
from jigai.screening.efficiency.reasons import reason, with_texts
from jigai.screening.efficiency.standards import BELOW, Metric, ProductRule

YEARS = (MADE_YEAR, IN_SERVICE_YEAR)


@lru_cache(maxsize=256)
def attributes_of(rule: ProductRule) -> tuple[str, ...]:
    """Return every column the judgement of a rule reads from a device."""
    names = ["kind", "made_year", "in_service_year", "nameplate_fields", "inferred_fields", *_used(rule)]
    if any(metric.rule == "specified_efficiency" for metric in rule.metrics):
        names += [SPECIFIED, TOLERANCE]
    if any(metric.rule.startswith("pump") for metric in rule.metrics):
        names += ["specific_speed", "flow_m3h"]
    for text in conditions_of(rule):
        names += condition(text).fields
    classes = rule.table("classes")
    names += [] if classes is None else classes["attribute"].unique().to_list()
    return tuple(dict.fromkeys(names))


def conditions_of(rule: ProductRule) -> list[str | None]:
    """Return the conditions of its corrections and classes, as they are written."""
    tables = [rule.table(name) for name in ("corrections", "classes")]
    return [text for table in tables if table is not None for text in table["condition"].to_list()]


def judge(devices: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return one finding per sig: graded, below the limit, undecided with what is missing, or out of scope.

    ``devices`` holds sig, ``product_inferred`` and the columns of `attributes_of`. The year changes no grade, only
    what is said beside one; so devices alike but for the year are graded once.
    """
    years = devices.select("sig", built_year=pl.coalesce(*YEARS))
    distinct, members = cases(devices.drop([] if _asks_year(rule) else YEARS))
    graded = _graded(distinct, rule).rename({"sig": "case"})
    start = rule.dataset.in_force_from
    dated = pl.col("inside") & pl.col("final").is_not_null() & (pl.col("built_year") < (start.year if start else 0))
    told = (
        members.join(years, on="sig")
        .join(graded.select("case", "inside", "final"), on="case")
        .select("sig", "case", built_year=pl.when(dated).then("built_year"))
    )
    said = told.select("case", "built_year").unique(maintain_order=True).with_row_index("said")
    frame = said.join(graded, on="case").rename({"said": "sig"})
    findings = _finding(with_texts(frame, rule), rule).rename({"sig": "said"})
    of_sig = told.join(said, on=["case", "built_year"], nulls_equal=True).select("sig", "said")
    return of_sig.join(findings, on="said").drop("said")


def _asks_year(rule: ProductRule) -> bool:
    """Tell whether a grade can hang on a year."""
    asked = {name for text in conditions_of(rule) for name in condition(text).fields}
    return bool(set(YEARS) & (asked | set(_used(rule))))


def _graded(devices: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return the devices with grade, outcome and all that the sentences rest on."""
    matches = match(devices, rule)
    compared = grading.compare(devices, matches, rule)
    settled = grading.settle(compared, rule)
    frame = (
        devices.join(matches.devices, on="sig")
        .join(matches.codes, on="d")
        .join(settled.select("sig", "grade", "rank", "interpolated", "agreed"), on="sig", how="left")
        .join(grading.evidence(compared, settled, rule), on="sig", how="left")
        .join(open_questions.still_open(compared, rule), on="sig", how="left")
        .join(implied(devices, rule), on="sig", how="left")
        .with_columns(open_questions.missing(rule))
        .with_columns(open_questions.with_gaps_of_table(rule))
        .with_columns(hinted=pl.col("grade").is_null() & pl.col("inside") & pl.col("hint_grade").is_not_null())
        .with_columns(final=pl.when("hinted").then("hint_grade").otherwise("grade"))
    )
    last = pl.lit(rule.grades[-1], dtype=pl.Int8)
    return frame.with_columns(
        outcome=_outcome(),
        level_at=pl.when(pl.col("final") == BELOW).then(last).otherwise("final"),
        basis=_basis(rule),
        certainty_rank=_certainty(rule),
    )


def _outcome() -> pl.Expr:
    return (
        pl.when(~pl.col("inside"))
        .then(pl.lit("out_of_scope"))
        .when(pl.col("final") == BELOW)
        .then(pl.lit("below_limit"))
        .when(pl.col("final").is_not_null())
        .then(pl.format("grade_{}", "final"))
        .otherwise(pl.lit("undecided"))
    )


def _finding(frame: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    judged = pl.col("inside") & pl.col("final").is_not_null()
    measured = judged & ~pl.col("hinted")
    names = {metric.key: _stated(metric) for metric in rule.metrics}
    return frame.select(
        "sig",
        "outcome",
        check=pl.lit("efficiency"),
        mandatory=pl.lit(value=False),
        basis=pl.when(judged).then("basis"),
        rule_id=pl.when(judged).then(pl.lit(f"{rule.dataset.id}:{rule.product}")),
        document=pl.lit(rule.document),
        clause=pl.when(measured).then("clause_zh"),
        certainty=pl.when(judged).then(grading.certainty_name(pl.col("certainty_rank"))),
        metric=pl.when(measured).then(
            pl.col("metric").replace_strict(list(names), list(names.values()), default=None, return_dtype=pl.String)
        ),
        value=pl.when(measured).then("value"),
        limit=pl.when(measured).then(pl.col("limit").round(6)),
        unit=pl.when(measured).then("unit"),
        missing=pl.when(pl.col("outcome") == "undecided").then("missing"),
        reason_zh=reason("zh", rule),
        reason_en=reason("en", rule),
        dataset=pl.lit(rule.dataset.id),
    )


def _stated(metric: Metric) -> str:
    """Return the ledger's attribute behind a figure, also where the figure itself is computed."""
    return metric.attribute if metric.attribute in attribute_dtypes() else metric.ask[0]


def _used(rule: ProductRule) -> list[str]:
    """Return the attributes a judgement rests on."""
    names = [name for axis in rule.axes for name in (axis.attribute, *axis.ask)]
    names += [name for metric in rule.metrics for name in (metric.attribute, *metric.ask)]
    return list(dict.fromkeys(names))


def _basis(rule: ProductRule) -> pl.Expr:
    suspected = pl.col("hinted") | pl.col("product_inferred")
    return origin_name(pl.when(suspected).then(pl.lit(INFERRED, dtype=pl.Int8)).otherwise(weakest(_used(rule))))


def _certainty(rule: ProductRule) -> pl.Expr:
    """Return the worst certainty among the cells, the grouping of the size and the corrections that applied."""
    ranks = [pl.col("rank")]
    ranks += [grading.certainty_rank(label_certainty(axis, rule)) for axis in rule.axes if axis.how == "group"]
    corrections = rule.table("corrections")
    for row in [] if corrections is None else corrections.iter_rows(named=True):
        holds = condition(row["condition"]).expr().fill_null(value=False)
        own = grading.certainty_rank(pl.lit(row["certainty"]))
        ranks.append(pl.when(holds).then(own).otherwise(pl.lit(0, dtype=pl.Int8)))
    return pl.when("hinted").then("hint_rank").otherwise(pl.max_horizontal(ranks))

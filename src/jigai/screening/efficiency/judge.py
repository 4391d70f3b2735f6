"""The judgement of one standard over the devices of one product."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference.condition import parse
from jigai.screening.efficiency import grade as grading
from jigai.screening.efficiency.axes import label_certainty
from jigai.screening.efficiency.hints import implied
from jigai.screening.efficiency.limits import SPECIFIED, TOLERANCE
from jigai.screening.efficiency.match import Matches, match
from jigai.screening.efficiency.standards import BELOW, Metric, ProductRule
from jigai.screening.efficiency.wording import LANGUAGES, label, listed, said, shown, size
from jigai.screening.sentences import sentence

PACKAGE = "jigai.screening.efficiency"
_OFF_LIST = {"zh": "{}不在标准表列档位，须按条文核对", "en": "{} is not a listed step: check the clause"}


def attributes_of(rule: ProductRule) -> list[str]:
    """Return every column the judgement of a rule reads from a device."""
    names = ["kind", "made_year", "in_service_year", "nameplate_fields", "inferred_fields"]
    names += [name for axis in rule.axes for name in (axis.attribute, *axis.ask)]
    names += [name for metric in rule.metrics for name in (metric.attribute, *metric.ask)]
    if any(metric.rule == "specified_efficiency" for metric in rule.metrics):
        names += [SPECIFIED, TOLERANCE]
    if any(metric.rule.startswith("pump") for metric in rule.metrics):
        names += ["specific_speed", "flow_m3h"]
    for table, column in (("corrections", "condition"), ("classes", "condition")):
        frame = rule.table(table)
        for text in [] if frame is None else frame[column].to_list():
            names += parse(text, attribute_dtypes()).fields
    classes = rule.table("classes")
    names += [] if classes is None else classes["attribute"].unique().to_list()
    return list(dict.fromkeys(names))


def judge(devices: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return one finding per sig: graded, below the limit, undecided with what is missing, or out of scope.

    ``devices`` holds sig, ``product_inferred`` and the columns of `attributes_of`.
    """
    matches = match(devices, rule)
    compared = grading.compare(devices, matches, rule)
    settled = grading.settle(compared, rule)
    shown_evidence = grading.evidence(compared, settled, rule)
    frame = (
        devices.join(matches.devices, on="sig")
        .join(matches.codes, on="d")
        .join(settled.select("sig", "grade", "rank", "interpolated", "agreed"), on="sig", how="left")
        .join(shown_evidence, on="sig", how="left")
        .join(_asked(compared, rule), on="sig", how="left")
        .join(implied(devices, rule), on="sig", how="left")
    )
    return _finding(frame.with_columns(*_missing(rule)), rule)


def _asked(compared: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    """Return per compared sig what is open: metrics without a figure, parts of the table not held, the table names."""
    open_metrics = [
        (pl.col("value").is_null() & (pl.col("metric") == metric.key)).any().alias(f"open_{metric.key}")
        for metric in rule.metrics
    ]
    return compared.group_by("sig").agg(
        *open_metrics,
        pl.col("not_held_zh").drop_nulls().first(),
        pl.col("not_held_en").drop_nulls().first(),
        tables=pl.col("table").unique().sort().str.join("、"),
    )


def _missing(rule: ProductRule) -> list[pl.Expr]:
    """Name what keeps a device undecided: axes, figures, what may move the limit."""
    flags: list[tuple[str, pl.Expr]] = []
    for place, axis in enumerate(rule.axes):
        raw = [name for name in axis.ask if name != axis.attribute] or [axis.attribute]
        flags += [(name, pl.col(f"need_{place}") & pl.col(name).is_null()) for name in raw]
    alone = len({metric.attribute for metric in rule.metrics}) == 1
    for metric in rule.metrics:
        unknown = pl.col(f"open_{metric.key}").fill_null(value=False)
        if alone or _every_block_uses(metric, rule):
            unknown = unknown | (pl.col("blocked") & grading.valid_value(metric).is_null())
        unreadable = grading.valid_value(metric).is_null() & pl.col(metric.attribute).is_not_null()
        for name in metric.ask:
            flags.append((name, unknown & (pl.col(name).is_null() | unreadable)))
        if metric.rule == "specified_efficiency":
            flags += [(name, pl.col(name).is_null()) for name in (SPECIFIED, TOLERANCE)]
    corrections = rule.table("corrections")
    for text in [] if corrections is None else corrections["condition"].to_list():
        condition = parse(text, attribute_dtypes())
        open_text = condition.missing_expr()
        flags += [(name, open_text.str.split(";").list.contains(name)) for name in sorted(condition.fields)]
    return listed(flags)


def _stated(metric: Metric) -> str:
    """Return the ledger's attribute behind a figure, also where the figure itself is computed."""
    return metric.attribute if metric.attribute in attribute_dtypes() else metric.ask[0]


def _every_block_uses(metric: Metric, rule: ProductRule) -> bool:
    rows = rule.limits.filter(pl.col("role") == "primary")
    return rows.filter(pl.col("metric") == metric.key)["block"].n_unique() == rows["block"].n_unique()


def _finding(frame: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    decided = pl.col("grade").is_not_null()
    hinted = ~decided & pl.col("inside") & pl.col("hint_grade").is_not_null()
    final = pl.when(decided).then("grade").when(hinted).then("hint_grade")
    outcome = (
        pl.when(~pl.col("inside"))
        .then(pl.lit("out_of_scope"))
        .when(final == BELOW)
        .then(pl.lit("below_limit"))
        .when(final.is_not_null())
        .then(pl.format("grade_{}", final))
        .otherwise(pl.lit("undecided"))
    )
    last = rule.grades[-1]
    frame = frame.with_columns(
        outcome=outcome,
        hinted=hinted,
        final=final,
        level_at=pl.when(final == BELOW).then(pl.lit(last, dtype=pl.Int8)).otherwise(final),
        basis=_basis(rule, hinted),
        certainty_rank=_certainty(rule, hinted),
        missing=_plain_missing(rule, "missing", "zh", ";"),
        missing_zh=_plain_missing(rule, "missing_zh", "zh", "、"),
        missing_en=_plain_missing(rule, "missing_en", "en", ", "),
    )
    frame = _texts(frame, rule)
    undecided = pl.col("outcome") == "undecided"
    judged = pl.col("outcome").str.contains("grade|below")
    return frame.select(
        "sig",
        "outcome",
        check=pl.lit("efficiency"),
        mandatory=pl.lit(value=False),
        basis=pl.when(judged).then("basis"),
        rule_id=pl.when(judged).then(pl.concat_str(pl.lit(f"{rule.dataset.id}:{rule.product}"))),
        document=pl.lit(rule.document),
        clause=pl.when(decided).then("clause_zh"),
        certainty=pl.when(judged).then(grading.certainty_name(pl.col("certainty_rank"))),
        metric=pl.when(decided).then("metric_name"),
        value=pl.when(decided).then("value"),
        limit=pl.when(decided).then(pl.col("limit").round(6)),
        unit=pl.when(decided).then("unit"),
        missing=pl.when(undecided).then("missing"),
        reason_zh=_reason("zh", rule),
        reason_en=_reason("en", rule),
        dataset=pl.lit(rule.dataset.id),
    )


def _plain_missing(rule: ProductRule, column: str, language: str, glue: str) -> pl.Expr:
    """Add to the missing attributes what the table itself lacks; say it of the step where nothing else is missing."""
    text = pl.when(pl.col(column) != "").then(column)
    whole = pl.concat_str([text, pl.col(f"not_held_{language}")], separator=glue, ignore_nulls=True)
    axis = next((axis for axis in rule.axes if axis.how == "between"), None)
    if axis is None:
        return whole
    off_list = _OFF_LIST[language].format(label(axis.attribute, language))
    return pl.when(whole == "").then(pl.lit(off_list)).otherwise(whole)


def _origins(names: list[str]) -> pl.Expr:
    """Return the weakest origin among the attributes a device states: 2 inferred, 1 nameplate, 0 ledger."""
    levels = [pl.lit(0, dtype=pl.Int8)]
    for rank, column in ((2, "inferred_fields"), (1, "nameplate_fields")):
        origin = pl.col(column).fill_null(";")
        hits = [origin.str.contains(f";{name};", literal=True) for name in names]
        levels.append(pl.when(reduce(or_, hits)).then(pl.lit(rank, dtype=pl.Int8)).otherwise(pl.lit(0, dtype=pl.Int8)))
    return pl.max_horizontal(levels)


def _basis(rule: ProductRule, hinted: pl.Expr) -> pl.Expr:
    used = [name for axis in rule.axes for name in (axis.attribute, *axis.ask)]
    used += [name for metric in rule.metrics for name in (metric.attribute, *metric.ask)]
    inferred = hinted | pl.col("product_inferred")
    rank = pl.when(inferred).then(pl.lit(2, dtype=pl.Int8)).otherwise(_origins(list(dict.fromkeys(used))))
    return rank.replace_strict([0, 1, 2], ["ledger", "nameplate", "inferred"], return_dtype=pl.String)


def _certainty(rule: ProductRule, hinted: pl.Expr) -> pl.Expr:
    ranks = [pl.col("rank")]
    for axis in rule.axes:
        if axis.how == "group":
            ranks.append(grading.certainty_rank(label_certainty(axis, rule)))
    corrections = rule.table("corrections")
    for row in [] if corrections is None else corrections.iter_rows(named=True):
        holds = parse(row["condition"], attribute_dtypes()).expr().fill_null(value=False)
        own = grading.certainty_rank(pl.lit(row["certainty"]))
        ranks.append(pl.when(holds).then(own).otherwise(pl.lit(0, dtype=pl.Int8)))
    return pl.when(hinted).then("hint_rank").otherwise(pl.max_horizontal(ranks))


def _texts(frame: pl.DataFrame, rule: ProductRule) -> pl.DataFrame:
    keys = [metric.key for metric in rule.metrics]

    def of_metric(values: list[str]) -> pl.Expr:
        return pl.col("metric").replace_strict(keys, values, default=None, return_dtype=pl.String)

    metric_origin = pl.coalesce(
        pl.when(pl.col("metric") == metric.key).then(_origins([metric.attribute, *metric.ask])) for metric in rule.metrics
    ).replace_strict([0, 1, 2], ["ledger", "nameplate", "inferred"], default="ledger", return_dtype=pl.String)
    article = pl.col("table").str.contains(".", literal=True)
    frame = frame.with_columns(
        document=pl.lit(rule.document),
        number=pl.lit(rule.dataset.number),
        unit=of_metric([metric.unit for metric in rule.metrics]),
        metric_name=of_metric([_stated(metric) for metric in rule.metrics]),
        metric_zh=of_metric([metric.name_zh for metric in rule.metrics]),
        metric_en=of_metric([metric.name_en for metric in rule.metrics]),
        worse_zh=of_metric(["低于" if metric.direction == "min" else "劣于" for metric in rule.metrics]),
        worse_en=pl.lit("worse"),
        clause_zh=pl.when(article).then(pl.format("{} 条", "table")).otherwise(pl.format("表{}", "table")),
        clause_en=pl.when(article).then(pl.format("clause {}", "table")).otherwise(pl.format("table {}", "table")),
        origin_zh=said(metric_origin, "zh"),
        origin_en=said(metric_origin, "en"),
        built_year=pl.coalesce("made_year", "in_service_year"),
        **{f"level_{language}": _level(rule, rule.level, language) for language in LANGUAGES},
        **{f"level_limit_{language}": _level(rule, rule.level_limit, language) for language in LANGUAGES},
        **{f"last_limit_{language}": pl.lit(rule.last_limit(language)) for language in LANGUAGES},
        **{f"spec_{language}": size(rule.axes, language, frame) for language in LANGUAGES},
    )
    unit = pl.when(pl.col("unit").fill_null("") != "").then(pl.format(" {}", "unit")).otherwise(pl.lit(""))
    spec = pl.col("spec_zh") != ""
    return frame.with_columns(
        limit_text=shown(pl.col("limit")) + unit,
        value_text=shown(pl.col("value")) + unit,
        spec_zh_gap=pl.when(spec).then(pl.format("{} ", "spec_zh")).otherwise(pl.lit("")),
        spec_en_gap=pl.when(spec).then(pl.format("{} ", "spec_en")).otherwise(pl.lit("")),
        spec_note_zh=pl.when(spec).then(pl.format("（{}）", "spec_zh")).otherwise(pl.lit("")),
        spec_note_en=pl.when(spec).then(pl.format(" ({})", "spec_en")).otherwise(pl.lit("")),
    )


def _level(rule: ProductRule, named: Callable[[int, str], str], language: str) -> pl.Expr:
    names = [named(grade, language) for grade in rule.grades]
    return pl.col("level_at").replace_strict(list(rule.grades), names, default=None, return_dtype=pl.String)


def _reason(language: str, rule: ProductRule) -> pl.Expr:
    def say(key: str) -> pl.Expr:
        return sentence(key, language, package=PACKAGE)  # type: ignore[arg-type]

    below = pl.col("final") == BELOW
    main = (
        pl.when(~pl.col("inside") & (pl.col("spec_zh") != ""))
        .then(say("no_limit"))
        .when(~pl.col("inside"))
        .then(say("no_limit_bare"))
        .when(pl.col("outcome") == "undecided")
        .then(pl.when(pl.col("contradicting")).then(say("contradicting")).otherwise(say("undecided")))
        .when(pl.col("hinted") & below)
        .then(say("implied_below"))
        .when(pl.col("hinted"))
        .then(say("implied"))
        .when(below)
        .then(say("below"))
        .otherwise(say("graded"))
    )
    judged = pl.col("final").is_not_null() & pl.col("inside")
    measured = judged & ~pl.col("hinted")
    start = rule.dataset.in_force_from
    notes = {metric.key: getattr(metric, f"note_{language}") for metric in rule.metrics}
    stop = "。" if language == "zh" else "."
    note = pl.col("metric").replace_strict(list(notes), [text + stop if text else "" for text in notes.values()], default="")
    assumed = [
        pl.when(measured & pl.col("inferred_fields").str.contains(f";{axis.attribute};", literal=True)).then(
            pl.lit(f"{text}{stop}")
        )
        for axis in rule.axes
        if (text := getattr(axis, f"note_{language}"))
    ]
    tails = [
        *assumed,
        pl.when(measured & (note != "")).then(note),
        pl.when(measured & pl.col("agreed")).then(say("agreed")),
        pl.when(measured & pl.col("interpolated")).then(say("interpolated")),
        pl.when(measured & ~pl.col("interpolated") & (pl.col("certainty_rank") == 3)).then(say("doubtful")),
        pl.when(judged & pl.col("product_inferred")).then(say("product_inferred")),
        pl.when(judged & (pl.col("built_year") < (start.year if start else 0))).then(say("built_before")),
        pl.when(judged).then(say("advice" if rule.dataset.binds == "advice" else "make_and_sell")),
    ]
    glue = "" if language == "zh" else " "
    return pl.concat_str([main, *tails], separator=glue, ignore_nulls=True)

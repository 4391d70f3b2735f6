"""What the long sheets show: devices, findings and problems put into words, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from jigai.ledger.columns import attributes
from jigai.reports.labels import attribute_words, in_words, labels, missing_in_words, rank_of, read_table

JUDGING_CHECKS: Final = ("elimination", "guidance", "efficiency")
"""The checks a verdict rests on (D1); an over-age finding may raise it."""

SILENT_OUTCOMES: Final = ("clear", "out_of_scope", "within")
"""Outcomes that are kept in the files but say nothing to act on."""

NO_DEADLINE: Final = "目录未载期限"
DISMANTLED: Final = "已拆除"
UNKNOWN: Final = "未识别"


def quantity() -> pl.Expr:
    """Number of machines of a line; a blank counts as one machine (the ledger asks for it)."""
    return pl.col("quantity").fill_null(1)


def with_columns_of(frame: pl.DataFrame, dtypes: dict[str, pl.DataType]) -> pl.DataFrame:
    """Add the columns a reader relies on, as nulls, where a frame lacks them."""
    return frame.with_columns(
        [pl.lit(None, dtype=dtype).alias(name) for name, dtype in dtypes.items() if name not in frame.columns]
    )


def leading_findings(findings: pl.DataFrame) -> pl.DataFrame:
    """Return for each device the one finding that says most about its verdict.

    Orders come before suspicions, adverse before open, open before favourable; two-high and benchmark findings never
    lead, because they never move a verdict (D1). Columns: device_id, outcome, basis, deadline, reason_zh, lead_missing.
    """
    order = findings.lazy().select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("_place"),
        "device_id",
        (~pl.col("check").is_in(JUDGING_CHECKS) & (pl.col("outcome") != "over_age")).alias("_aside"),
        rank_of("outcome", "outcome").alias("_outcome"),
        (~pl.col("mandatory").fill_null(False)).alias("_advisory"),
        rank_of("basis", "basis").alias("_basis"),
        rank_of("check", "check").alias("_check"),
    )
    keys = ["_aside", "_outcome", "_advisory", "_basis", "_check", "_place"]
    first = order.sort(keys).unique("device_id", keep="first", maintain_order=True).collect()
    return findings[first["_place"]].select(
        "device_id", "check", "outcome", "basis", "deadline", pl.col("reason_zh").alias("reason")
    )


def device_table(
    devices: pl.DataFrame,
    findings: pl.DataFrame,
    as_of: date,
    kinds: Mapping[str, str],
    advice: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One line per ledger line with verdict, first reason and next step in words, the most urgent first.

    ``advice`` of the sector guide that is due becomes ``direction``: what to renew the device to.

    ``verdict_key`` and ``missing_keys`` keep what ``verdict`` and ``missing`` were before they were put into words.
    """
    wanted = {name: pl.String() for name in ("kind", "name", "model", "use_state", "missing", "verdict", "sheet")}
    numbers = {"made_year": pl.Int32(), "in_service_year": pl.Int32(), "quantity": pl.Int64(), "row": pl.Int64()}
    full = with_columns_of(devices, {**wanted, **numbers}).join(
        leading_findings(findings), on="device_id", how="left", maintain_order="left"
    )
    full = full.join(_directions(advice), on="device_id", how="left", maintain_order="left")
    full = full.sort(
        rank_of("verdict", "verdict"), "source_file", "sheet", "row", nulls_last=True, maintain_order=True
    ).with_columns(
        pl.col("verdict").alias("verdict_key"),
        pl.col("missing").alias("missing_keys"),
        missing_in_words("missing"),
    )
    return full.with_columns(
        (pl.int_range(pl.len()) + 1).alias("seq"),
        _action(as_of).alias("action"),
        _deadline().alias("deadline"),
        quantity().alias("quantity"),
        kind_in_words(kinds).alias("kind"),
        in_words("verdict", "verdict").alias("verdict"),
        _ratings(full).alias("ratings"),
    )


def _directions(advice: pl.DataFrame | None) -> pl.DataFrame:
    if advice is None:
        return pl.DataFrame(schema={"device_id": pl.String(), "direction": pl.String()})
    due = advice.filter("due").with_columns(direction=pl.format("{}（{}）", "direction_zh", "clause"))
    return due.group_by("device_id", maintain_order=True).agg(pl.col("direction").str.join("；"))


def finding_table(devices: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """The findings that say something, with the line they speak of, in the order of the device sheet."""
    keep = ["device_id", "verdict", "name", "model", "quantity", "source_file", "sheet", "row"]
    lines = with_columns_of(devices, {"quantity": pl.Int64(), "name": pl.String(), "model": pl.String()}).select(keep)
    said = (
        findings.filter(~pl.col("outcome").is_in(SILENT_OUTCOMES))
        .join(lines, on="device_id", how="inner")
        .filter(~_told_once())
    )
    ordered = said.sort(
        rank_of("verdict", "verdict"),
        "source_file", "sheet", "row", "device_id",
        rank_of("check", "check"), rank_of("outcome", "outcome"), "rule_id",
        nulls_last=True,
    )  # fmt: skip
    return ordered.with_columns(
        (pl.int_range(pl.len()) + 1).alias("seq"),
        _deadline().alias("deadline"),
        quantity().alias("quantity"),
        missing_in_words("missing"),
        metric_in_words().alias("metric"),
        *[in_words(name, name).alias(name) for name in ("verdict", "check", "outcome", "basis", "certainty")],
        in_words("mandatory", "mandatory").alias("mandatory"),
    )


def _told_once() -> pl.Expr:
    """What would repeat on every line: no industry code, and every check waiting for one and the same kind."""
    no_industry = (pl.col("check") == "two_high") & (pl.col("outcome") == "undecided")
    return no_industry | ((pl.col("verdict") == "unknown_kind") & (pl.col("check") != "elimination"))


def metric_in_words() -> pl.Expr:
    """Show what was compared: an attribute of the ledger, or a figure the check made itself."""
    made = {key: item.zh for key, item in labels("metric").items()}
    words = {**attribute_words(), **made}
    return pl.col("metric").replace(list(words), list(words.values()))


def problem_table(problems: pl.DataFrame) -> pl.DataFrame:
    """All problems of all ledgers, the gravest first, each with its place and remedy."""
    return problems.sort(
        rank_of("severity", "severity"), "source_file", "sheet", "row", nulls_last=True, maintain_order=True
    ).with_columns((pl.int_range(pl.len()) + 1).alias("seq"), in_words("severity", "severity").alias("severity"))


def kind_in_words(words: Mapping[str, str], column: str = "kind") -> pl.Expr:
    """Show a kind of equipment in Chinese; a line without a kind as 未识别."""
    return pl.col(column).replace(list(words), list(words.values())).fill_null(UNKNOWN)


def _deadline() -> pl.Expr:
    silent = pl.col("deadline").is_null() & (pl.col("outcome") == "eliminate")
    return pl.when(silent).then(pl.lit(NO_DEADLINE)).otherwise(pl.col("deadline"))


def deadline_state(as_of: date) -> pl.Expr:
    """Tell where a deadline stands on ``as_of``: none, at_once, past or ahead (text ISO days compare as days)."""
    deadline = pl.col("deadline")
    return (
        pl.when(deadline.is_null()).then(pl.lit("none"))
        .when(deadline == "立即").then(pl.lit("at_once"))
        .when(deadline < as_of.isoformat()).then(pl.lit("past"))
        .otherwise(pl.lit("ahead"))
    )  # fmt: skip


def _action(as_of: date) -> pl.Expr:
    """What to do next: the first row of ``actions.csv`` whose filled cells all agree with the line."""
    chosen = pl.lit(None, dtype=pl.String)
    for row in reversed(read_table("actions")):
        agrees = [
            subject.is_in(row[column].split("|"))
            for column, subject in (
                ("verdict", pl.col("verdict")),
                ("outcome", pl.col("outcome")),
                ("basis", pl.col("basis")),
                ("deadline", deadline_state(as_of)),
                ("use_state", pl.col("use_state")),
            )
            if row[column]
        ]
        chosen = pl.when(pl.all_horizontal(agrees)).then(_filled(row["zh"])).otherwise(chosen)
    return chosen


def _filled(template: str) -> pl.Expr:
    for field in ("deadline", "missing"):
        if f"{{{field}}}" in template:
            before, after = template.split(f"{{{field}}}")
            return pl.concat_str([pl.lit(before), pl.col(field).fill_null("铭牌数据"), pl.lit(after)])
    return pl.lit(template)


def _ratings(devices: pl.DataFrame) -> pl.Expr:
    """Put the other ratings of a line into one text: 极数 4；效率 93.6 %."""
    shown = [
        item
        for item in attributes()
        if item.name in devices.columns
        and item.role in {"nameplate", "signature"}
        and item.name not in {"power_kw", "capacity_kva", "made_year", "in_service_year"}
        and (item.unit or item.name == "poles")
        and devices.schema[item.name] != pl.Null
    ]
    texts = [
        pl.concat_str(
            [
                pl.lit(f"{item.zh} "),
                pl.col(item.name).cast(pl.String).str.strip_suffix(".0"),
                pl.lit(f" {item.unit}" if item.unit not in {"极", ""} else ""),
            ]
        )
        for item in shown
    ]
    if not texts:
        return pl.lit(None, dtype=pl.String)
    joined = pl.concat_str(texts, separator="；", ignore_nulls=True)
    return pl.when(joined != "").then(joined)

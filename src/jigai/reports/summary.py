"""Sums of a screening, weighted by quantity: by verdict, kind, document, workbook, and how much could be judged.

Dismantled machines leave every sum (D11). A blank quantity counts as one machine. Power and capacity are the rated
values times the quantity; a line without a rating adds nothing to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from jigai.reports.labels import labels, rank_of
from jigai.reports.tables import DISMANTLED, JUDGING_CHECKS, quantity, with_columns_of

ADVERSE: Final = ("eliminate", "restricted", "encouraged", "below_limit", "over_age")
"""Outcomes that put a machine on a list to act on."""

_NEEDED: Final[dict[str, pl.DataType]] = {
    "kind": pl.String(),
    "verdict": pl.String(),
    "use_state": pl.String(),
    "source_file": pl.String(),
    "quantity": pl.Int64(),
    "power_kw": pl.Float64(),
    "capacity_kva": pl.Float64(),
}


def counted(devices: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that count, with ``quantity`` filled and the weighted ``power`` [kW] and ``capacity`` [kVA]."""
    return (
        with_columns_of(devices, _NEEDED)
        .select("device_id", *_NEEDED)
        .filter(pl.col("use_state").is_null() | (pl.col("use_state") != DISMANTLED))
        .with_columns(quantity().alias("quantity"))
        .with_columns(
            (pl.col("power_kw") * pl.col("quantity")).fill_null(0.0).alias("power"),
            (pl.col("capacity_kva") * pl.col("quantity")).fill_null(0.0).alias("capacity"),
        )
    )


def _sums() -> list[pl.Expr]:
    return [
        pl.len().cast(pl.Int64).alias("lines"),
        pl.col("quantity").sum(),
        pl.col("power").sum(),
        pl.col("capacity").sum(),
    ]


def by_verdict(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines, machines, power and capacity for every verdict, those that do not occur with zeros."""
    keys = pl.DataFrame({"verdict": list(labels("verdict"))})
    return keys.join(
        lines.group_by("verdict").agg(_sums()), on="verdict", how="left", maintain_order="left"
    ).with_columns(pl.col("lines", "quantity").fill_null(0), pl.col("power", "capacity").fill_null(0.0))


def total(lines: pl.DataFrame) -> dict[str, float]:
    """Sums over all lines that count: lines, quantity, power, capacity."""
    return lines.select(_sums()).row(0, named=True)


def verdicts_by(lines: pl.DataFrame, key: str) -> pl.DataFrame:
    """Machines per value of ``key``, one column per verdict.

    ``quantity`` is all of them; ``power`` and ``capacity`` are of those that must or should be replaced.
    """
    adverse = pl.col("verdict").is_in(["must_replace", "should_replace"])
    counts = [
        pl.col("quantity").filter(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in labels("verdict")
    ]
    return (
        lines.group_by(key)
        .agg(
            *counts,
            pl.col("quantity").sum(),
            pl.col("power").filter(adverse).sum(),
            pl.col("capacity").filter(adverse).sum(),
        )
        .sort("must_replace", "should_replace", "quantity", key, descending=[True, True, True, False])
    )


def by_document(lines: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Machines named by each document with each adverse outcome; a machine hit twice by one document counts once."""
    hits = (
        findings.filter(pl.col("outcome").is_in(ADVERSE))
        .select("device_id", "dataset", "document", "outcome", pl.col("mandatory").fill_null(False))
        .sort("mandatory", descending=True)
        .unique(["device_id", "dataset", "document", "outcome"], keep="first", maintain_order=True)
    )
    values = lines.select("device_id", "quantity", "power", "capacity")
    return (
        hits.join(values, on="device_id")
        .group_by("dataset", "document", "outcome", "mandatory")
        .agg(_sums())
        .sort(rank_of("outcome", "outcome"), "document", "mandatory", descending=[False, False, True])
    )


def coverage(lines: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Per kind and check: machines in scope, machines judged, share, and what was missing most.

    A machine counts as judged when none of the check's findings on it is undecided. ``most_missing`` names up to three
    attributes (or gaps) with the machines that lack them.
    """
    in_scope = findings.filter(pl.col("check").is_in(JUDGING_CHECKS) & (pl.col("outcome") != "out_of_scope"))
    values = lines.select("device_id", "kind", "quantity")
    per_device = (
        in_scope.group_by("device_id", "check")
        .agg(
            (pl.col("outcome") == "undecided").any().alias("open"),
            pl.col("missing").filter(pl.col("outcome") == "undecided").str.join(";"),
        )
        .join(values, on="device_id")
    )
    shares = per_device.group_by("kind", "check").agg(
        pl.col("quantity").sum().alias("in_scope"),
        pl.col("quantity").filter(~pl.col("open")).sum().alias("judged"),
    )
    lacking = (
        per_device.filter(pl.col("open"))
        .with_columns(pl.col("missing").str.split(";").list.unique())
        .explode("missing")
        .filter(pl.col("missing") != "")
        .group_by("kind", "check", "missing")
        .agg(pl.col("quantity").sum())
        .sort("quantity", "missing", descending=[True, False])
        .group_by("kind", "check", maintain_order=True)
        .agg(pl.struct("missing", "quantity").head(3).alias("most_missing"))
    )
    return (
        shares.join(lacking, on=["kind", "check"], how="left", nulls_equal=True)
        .with_columns((pl.col("judged") / pl.col("in_scope")).alias("share"))
        .sort("kind", rank_of("check", "check"), nulls_last=True)
    )


def problems_by_file(problems: pl.DataFrame) -> dict[str, int]:
    """Problems that ask the filler to act (errors and questions), per workbook."""
    acting = problems.filter(pl.col("severity").is_in(["error", "question", "refused"]))
    counts = acting.group_by("source_file").len()
    return {str(name): int(count) for name, count in counts.iter_rows()}


def enterprise_by_file(devices: pl.DataFrame) -> dict[str, str]:
    """Return the enterprise of every workbook, with 等 where it holds the lines of several."""
    if not {"source_file", "enterprise"} <= set(devices.columns):
        return {}
    named = devices.filter(pl.col("enterprise").is_not_null()).group_by("source_file", maintain_order=True)
    found = named.agg(pl.col("enterprise").first(), pl.col("enterprise").n_unique().alias("count"))
    return {name: f"{first}等{count}家" if count > 1 else first for name, first, count in found.iter_rows()}


def without_industry(lines: pl.DataFrame, findings: pl.DataFrame) -> int:
    """Return the machines on which the two-high list could not speak, for want of an industry code."""
    silent = findings.filter((pl.col("check") == "two_high") & (pl.col("outcome") == "undecided"))
    return int(lines.join(silent.select("device_id").unique(), on="device_id", how="semi")["quantity"].sum())


def sentence(lines: pl.DataFrame, files: Sequence[str], refused: int = 0) -> str:
    """Say the result in one sentence that can be read aloud; ``refused`` files are told, for they are in no sum."""
    sums = total(lines)
    parts = []
    for row in by_verdict(lines).iter_rows(named=True):
        if row["quantity"]:
            ratings = [f"{row['power']:,.0f} kW"] * (row["power"] > 0) + [f"{row['capacity']:,.0f} kVA"] * (
                row["capacity"] > 0
            )
            shown = (
                f"（{'、'.join(ratings)}）" if ratings and row["verdict"] in {"must_replace", "should_replace"} else ""
            )
            parts.append(f"{labels('verdict')[row['verdict']].zh}{row['quantity']:,}台{shown}")
    opening = f"共读取{len(files)}个台账文件，{sums['lines']:,}行、{sums['quantity']:,}台设备"
    unread = f"另有{refused:,}个文件未能读取，其中的设备不在各项合计内。" if refused else ""
    return (f"{opening}：{'，'.join(parts)}。" if parts else f"{opening}，没有可判定的设备。") + unread

"""Two small indicators, as the core has them: a rate of enterprises out of annual figures, a sum of money."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jigai.platform.plan.work import Work


def _told(frame, **columns):
    return frame.with_columns(
        kind=pl.lit("legal_person"), key=pl.col("legal_person").cast(pl.String), label="name",
        site=pl.lit(None, pl.Int64), group=pl.lit(None, pl.String), **columns,
    )  # fmt: skip


@dataclass(frozen=True)
class ToolRate:
    """Enterprises listed that use design tools, of those that told."""

    monthly: bool = False
    finance: bool = False
    sources: tuple[str, ...] = ("listed", "facts")

    def compute(self, sources, period, parameters):
        year = pl.col("year") == period.year
        listed = sources.frame("listed").filter(year, pl.col("level") == "legal_person").drop("data_date")
        said = sources.frame("facts").filter(year, pl.col("attribute") == "rd_tools_used")
        both = listed.join(said.select("legal_person", "number", "data_date"), on="legal_person", how="left")
        told = pl.col("number").is_not_null()
        return _told(
            both,
            numerator=pl.col("number").fill_null(0), denominator=told.cast(pl.Int64), should=pl.lit(1),
            reported=told.cast(pl.Int64),
            standing=pl.when(told).then(pl.lit("counted")).otherwise(pl.lit("not_reported")),
        )  # fmt: skip


@dataclass(frozen=True)
class NetValue:
    """Net value of machinery in yuan over its original value: financial."""

    finance: bool = True
    sources: tuple[str, ...] = ("facts",)

    def compute(self, sources, period, parameters):
        said = sources.frame("facts").filter(pl.col("year") == period.year, pl.col("attribute") == "machinery_net")
        one = pl.lit(1)
        return _told(
            said, numerator=pl.col("number") * 10_000, denominator=one, should=one, reported=one,
            standing=pl.lit("counted"),
        )  # fmt: skip


@dataclass(frozen=True)
class Rank:
    """Each one's share of the whole: rests on everybody, which an indicator must not."""

    sources: tuple[str, ...] = ("facts",)

    def compute(self, sources, period, parameters):
        said = sources.frame("facts").filter(pl.col("year") == period.year, pl.col("attribute") == "machinery_net")
        one = pl.lit(1)
        return _told(
            said, numerator=pl.col("number"), denominator=pl.col("number").sum(), should=one, reported=one,
            standing=pl.lit("counted"),
        )  # fmt: skip


@dataclass(frozen=True)
class Projects:
    """Projects of the year: their library is not there yet."""

    sources: tuple[str, ...] = ("projects",)

    def compute(self, sources, period, parameters):
        one = pl.lit(1)
        return _told(
            sources.frame("projects"), numerator=one, denominator=one, should=one, reported=one,
            standing=pl.lit("counted"),
        )  # fmt: skip


WORK = Work({"tools": ToolRate(), "net": NetValue(), "projects": Projects()})
WRONG = Work({"rank": Rank()})

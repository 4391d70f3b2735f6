"""Which yardstick speaks of which line: by product, process, condition and unit, saying what stands in the way."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from jigai.reference.vocabulary import unit_factor
from jigai.screening.lines.asking import conditions
from jigai.screening.lines.yardsticks import NO_VALUE, NOT_YET

LACKING, OTHER_PROCESS, NO_ROW, UNLIKE, SEVERAL = "lacking", "other_process", "no_row", "unlike_unit", "several"
OUTSIDE_ALL, NO_EDITION = "outside_all", "no_edition"


def written_alike(column: str) -> pl.Expr:
    """Return what is written without regard to spaces, width of brackets and case."""
    text = pl.col(column).str.replace_all(r"\s+", "").str.to_lowercase()
    return text.str.replace_many(["（", "）", "％", "－"], ["(", ")", "%", "-"]).replace("", None)


def pairs_of(lines: pl.DataFrame, yard: pl.DataFrame) -> pl.DataFrame:
    """Return a row per line and yardstick of its product: ``pair``, ``right_process``, ``meets`` (true, false or null)
    with what is ``unknown``, and ``factor``, by which its energy is brought to the unit of the yardstick."""
    ours = yard.with_columns(_product=written_alike("product"), _process=written_alike("process"))
    theirs = lines.with_columns(
        _product=written_alike("product"), written=pl.col("process"), _written=written_alike("process")
    )
    pairs = theirs.drop("process", "product").join(ours, on="_product", maintain_order="left_right")
    parsed = conditions(yard["condition"])
    meets, unknown = pl.lit(value=True), pl.lit("")
    for text, condition in parsed.items():
        this = pl.col("condition") == text
        meets = pl.when(this).then(condition.expr()).otherwise(meets)
        unknown = pl.when(this).then(condition.missing_expr()).otherwise(unknown)
    pairs = pairs.with_columns(
        right_process=pl.col("_process").is_null() | (pl.col("_process") == pl.col("_written")).fill_null(value=False),
        meets=meets.cast(pl.Boolean),
        unknown=unknown,
    )
    factors = _factors(pairs)
    pairs = pairs.join(factors, on=["unit_energy_unit", "unit"], how="left", maintain_order="left")
    return pairs.with_row_index("pair")


def _factors(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return what a value is multiplied by, for each distinct pair of units; null where they do not fit."""
    both = pairs.select("unit_energy_unit", "unit").unique().drop_nulls()
    factors = [unit_factor(written, wanted) for written, wanted in both.iter_rows()]
    return both.with_columns(factor=pl.Series([_number(one) for one in factors], dtype=pl.Float64))


def _number(factor: Decimal | None) -> float | None:
    return None if factor is None else float(factor)


def settled(lines: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with the one ``pair`` that speaks of each, or the ``obstacle`` and what is ``lacking``.

    Everything that is lacking is named at once, so that it can be asked for at once.
    """
    right, meets = pl.col("right_process"), pl.col("meets")
    pairs = pairs.with_columns(sure=right & meets.fill_null(value=False)).with_columns(
        fits=pl.col("sure") & (pl.col("factor").is_not_null() | pl.col("baseline").is_null()),
        may=right & meets.fill_null(value=True),
        silent=pl.when(pl.col("how").is_in([NO_VALUE, NOT_YET]) & pl.col("sure")).then("how"),
        asked=pl.when(right & meets.is_null()).then(pl.col("unknown").str.split(";")),
    )
    said = pairs.group_by("place", maintain_order=True).agg(
        right=right.any(),
        possible=pl.col("may").any(),
        sures=pl.col("sure").sum(),
        fitting=pl.col("fits").sum(),
        fit=pl.col("pair").filter("fits").first(),
        pair=pl.col("pair").filter("sure").first(),
        asked=pl.col("asked").explode(empty_as_null=True).drop_nulls().unique(maintain_order=True),
        known_zh=pl.col("process").drop_nulls().unique(maintain_order=True).str.join("、"),
        unit=pl.col("unit").filter("right_process").first(),
        field=pl.col("field").first(),
        silent=pl.col("silent").drop_nulls().first(),
    )
    said = said.with_columns(pair=pl.coalesce("fit", "pair"))
    frame = lines.join(said, on="place", how="left", maintain_order="left")
    asked = pl.when(pl.col("sures") == 0).then("asked").fill_null([])
    no_process = pl.col("process").is_null() & ~pl.col("right")
    lacking = pl.concat_list(
        _named("product", pl.col("product").is_null()),
        _named("process", no_process.fill_null(value=False)),
        asked,
        *(_named(name, pl.col(name).is_null()) for name in ("unit_energy", "unit_energy_unit")),
    )
    outside = pl.col("right").is_null() & pl.col("product").is_not_null()
    # Of a line that nothing can judge, nothing is asked.
    nothing = outside | pl.col("silent").is_not_null()
    frame = frame.with_columns(lacking=pl.when(nothing).then(pl.lit([], pl.List(pl.String))).otherwise(lacking))
    obstacles = (
        (OTHER_PROCESS, ~pl.col("right") & pl.col("process").is_not_null()),
        (NO_ROW, pl.col("right") & ~pl.col("possible")),
        (pl.col("silent"), pl.col("silent").is_not_null()),
        (OUTSIDE_ALL, outside),
        (LACKING, pl.col("lacking").list.len() > 0),
        (UNLIKE, pl.col("fitting") == 0),
        (SEVERAL, pl.col("fitting") > 1),
    )
    first = [pl.when(stands).then(pl.lit(key) if isinstance(key, str) else key) for key, stands in obstacles]
    return frame.with_columns(obstacle=pl.coalesce(first))


def _named(name: str, absent: pl.Expr) -> pl.Expr:
    return pl.when(absent).then(pl.lit([name])).otherwise(pl.lit([], pl.List(pl.String)))

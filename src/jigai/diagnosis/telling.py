"""How a part is told: frames of parts, of what they rest on and of what is missing; many enterprises at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from jigai.diagnosis.model import KNOWN, NOT_APPLICABLE, PARTIAL, UNKNOWN
from jigai.diagnosis.tables import setting
from jigai.reference.manifest import CERTAINTIES

KEY: Final = "enterprise_id"
PART: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "part": pl.String(),
    "way": pl.Int32(),
    "state": pl.String(),
    "value": pl.Float64(),
    "label_zh": pl.String(),
    "label_en": pl.String(),
    "score": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "coverage": pl.Float64(),
    "certainty": pl.String(),
    "stand_in": pl.String(),
    "level": pl.Float64(),
}
GROUND: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "part": pl.String(),
    "way": pl.Int32(),
    "source": pl.String(),
    "role": pl.String(),
    "key": pl.String(),
    "value": pl.String(),
    "year": pl.Int32(),
}
ASK: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "part": pl.String(),
    "way": pl.Int32(),
    "source": pl.String(),
    "key": pl.String(),
    "of": pl.String(),
}
_DIGITS: Final = 6


@dataclass(frozen=True)
class Told:
    """What was found of parts: ``parts`` (`PART`), ``grounds`` (`GROUND`), ``asks`` (`ASK`).

    ``way`` numbers the ways a part can be found, the best first; `chosen` keeps one for each enterprise.
    """

    parts: pl.DataFrame
    grounds: pl.DataFrame
    asks: pl.DataFrame


def shaped(frame: pl.DataFrame, columns: dict[str, pl.DataType]) -> pl.DataFrame:
    """Give a frame exactly ``columns``, nulls where it lacks one."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in columns.items()
    )


def told(parts: pl.DataFrame, grounds: Sequence[pl.DataFrame] = (), asks: Sequence[pl.DataFrame] = ()) -> Told:
    """Put frames into their shapes; columns they lack are null."""
    return Told(
        shaped(parts, PART),
        pl.concat([shaped(one, GROUND) for one in grounds] or [pl.DataFrame(schema=GROUND)]),
        pl.concat([shaped(one, ASK) for one in asks] or [pl.DataFrame(schema=ASK)]),
    )


def worst(column: str = "certainty") -> pl.Expr:
    """Return the worst certainty of a group."""
    rank = pl.col(column).replace_strict(list(CERTAINTIES), list(range(4)), default=None, return_dtype=pl.Int32)
    return rank.max().replace_strict(list(range(4)), list(CERTAINTIES), default=None, return_dtype=pl.String)


def shares(frame: pl.DataFrame, part: str, way: int, source: str, *, invert: bool = False) -> Told:
    """Return a part that is a weighted share of things: Σ weight × points ÷ Σ weight.

    Args:
        frame: a row per thing: ``enterprise_id``, ``thing`` (its key), ``machines`` (how many it stands for),
            ``weight`` (null: not known), ``points`` 0 to 1 (null: not known), ``certainty``, ``missing`` (list of what
            to ask for, ``source:key``).
        part: key of the part.
        way: which way of finding it this is.
        source: what things are: device, line, item, scene, answer.
        invert: the value told is one minus the share (what is bad is counted, the score stays good).

    ``score`` is the low end of what is possible: a thing whose points or weight are not known earns nothing, so that
    keeping a bad fact back never pays; below the least coverage of the settings there is no score. Enterprises
    without a row are left out.
    """
    weight, points = pl.col("weight"), pl.col("points").clip(0, 1)
    known = weight.is_not_null() & points.is_not_null()
    frame = frame.sort(KEY, "thing").with_columns(known=known)
    sums = frame.group_by(KEY, maintain_order=True).agg(
        things=pl.len(),
        machines=pl.col("machines").sum(),
        weighed=pl.col("machines").filter(weight.is_not_null()).sum(),
        total=weight.sum(),
        judged=weight.filter(known).sum(),
        earned=(weight * points).filter(known).sum(),
        certainty=worst(),
    )
    # What weighs nothing at all cannot be told from what is not known.
    at_all = pl.col("total") > 0
    part_weighed = pl.col("weighed") / pl.col("machines")
    sums = sums.with_columns(
        coverage=pl.when(at_all).then(pl.col("judged") / pl.col("total") * part_weighed).otherwise(0.0),
        low=pl.when(at_all).then(pl.col("earned") / pl.col("total") * part_weighed).otherwise(0.0),
        ratio=pl.when(pl.col("judged") > 0).then(pl.col("earned") / pl.col("judged")),
    )
    sums = sums.with_columns(high=pl.col("low") + 1 - pl.col("coverage"))
    parts = scored(
        sums.select(
            KEY,
            value=(1 - pl.col("ratio")) if invert else pl.col("ratio"),
            low=pl.col("low") * 100,
            high=pl.col("high") * 100,
            coverage="coverage",
            certainty="certainty",
        )
    ).with_columns(part=pl.lit(part), way=pl.lit(way))
    role = (
        pl.when(~pl.col("known"))
        .then(pl.lit("not_known"))
        .when(points >= 1)
        .then(pl.lit("meets"))
        .when(points <= 0)
        .then(pl.lit("falls_short"))
        .otherwise(pl.lit("partly"))
    )
    rests = frame.select(KEY, part=pl.lit(part), way=pl.lit(way), source=pl.lit(source), role=role, key="thing")
    asked = frame.filter(~pl.col("known")).explode("missing").filter(pl.col("missing").is_not_null())
    split = pl.col("missing").str.split_exact(":", 1)
    asks = asked.select(
        KEY,
        part=pl.lit(part),
        way=pl.lit(way),
        source=split.struct.field("field_0"),
        key=split.struct.field("field_1"),
        of="thing",
    )
    return told(parts, [rests], [asks])


def scored(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``state`` and ``score`` to ``low``, ``high`` [0 to 100], ``coverage``; no score below the least coverage."""
    enough = pl.col("coverage") >= setting("least_coverage") - 1e-9
    return frame.with_columns(
        state=pl.when(pl.col("coverage") >= 1 - 1e-9)
        .then(pl.lit(KNOWN))
        .when(enough)
        .then(pl.lit(PARTIAL))
        .otherwise(pl.lit(UNKNOWN)),
        score=pl.when(enough).then("low"),
    )


def figures(frame: pl.DataFrame, part: str, way: int, names: Sequence[str]) -> pl.DataFrame:
    """Return the facts a part rests on as grounds: columns ``names``, ``year`` and ``<name>_source`` of each."""
    return pl.concat(
        [
            frame.select(
                KEY,
                part=pl.lit(part),
                way=pl.lit(way),
                source=f"{name}_source",
                role=pl.lit("value"),
                key=pl.lit(name),
                value=pl.col(name).cast(pl.String).str.strip_suffix(".0"),
                year="year",
            )
            for name in names
        ]
    )


def left_out(enterprises: pl.DataFrame, part: str, way: int, state: str, asks: Sequence[tuple[str, str]]) -> Told:
    """Return a part that is unknown or does not apply for ``enterprises``, and what is asked (source, key) of each."""
    keys = enterprises.select(KEY)
    bounds = {"low": 0.0, "high": 100.0, "coverage": 0.0} if state == UNKNOWN else {}
    parts = keys.with_columns(
        part=pl.lit(part),
        way=pl.lit(way),
        state=pl.lit(state),
        **{name: pl.lit(value) for name, value in bounds.items()},
    )
    asked = [
        keys.with_columns(part=pl.lit(part), way=pl.lit(way), source=pl.lit(source), key=pl.lit(key))
        for source, key in asks
    ]
    return told(parts, [], asked)


def together(every: Sequence[Told]) -> Told:
    """Return several as one."""
    return Told(
        pl.concat([one.parts for one in every]),
        pl.concat([one.grounds for one in every]),
        pl.concat([one.asks for one in every]),
    )


def chosen(every: Told) -> Told:
    """Keep one way for each enterprise and part: the first with a score, else the first that is unknown.

    Only where no way applies does the part not apply.
    """
    rank = pl.when(pl.col("score").is_not_null()).then(0).when(pl.col("state") != NOT_APPLICABLE).then(1).otherwise(2)
    kept = every.parts.with_columns(rank=rank).sort(KEY, "part", "rank", "way").unique([KEY, "part"], keep="first")
    kept = kept.sort(KEY, "part").with_columns(pl.col("value", "score", "low", "high", "coverage").round(_DIGITS))
    on = [KEY, "part", "way"]
    return Told(
        shaped(kept, PART),
        every.grounds.join(kept.select(on), on=on, how="semi").sort(KEY, "part", "source", "role", "key"),
        every.asks.join(kept.select(on), on=on, how="semi").unique().sort(KEY, "part", "source", "key", "of"),
    )

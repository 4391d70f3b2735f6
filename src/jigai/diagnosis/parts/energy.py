"""Energy: lines between baseline and benchmark, and the enterprise among peers without telling any of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.facts import latest
from jigai.diagnosis.model import KNOWN, NOT_APPLICABLE, UNKNOWN
from jigai.diagnosis.parts.environment import scale
from jigai.diagnosis.tables import setting
from jigai.diagnosis.telling import KEY, Told, figures, left_out, shares, together, told
from jigai.screening.lines import LEVELS

LEVEL: Final = "energy_level"
PEERS: Final = "energy_peers"
FIGURES: Final = ("energy_total", "output_value")
PEER: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "code": pl.String(),
    "size": pl.String(),
    "year": pl.Int32(),
    "intensity": pl.Float64(),
}
_WORDS: Final = {"at_benchmark": ("达到标杆", "at benchmark"), "between": ("基准与标杆之间", "between"),
                 "below_baseline": ("低于基准", "below baseline")}  # fmt: skip


def energy_level(case: Case) -> Told:
    """Return how far lines are on the way from baseline (0) to benchmark (1), weighted by their energy [tce].

    A line that no table speaks of is left out; one that lacks data earns nothing and is asked about. The only line of
    an enterprise needs no weight.
    """
    lines = case.lines.with_columns(judged=pl.col("level") != LEVELS[3])
    lines = lines.filter(pl.col("judged") | pl.col("missing").is_not_null())
    span = pl.col("baseline") - pl.col("benchmark")
    way = pl.when(span != 0).then((pl.col("baseline") - pl.col("value")) / span)
    points = pl.when(pl.col("level") == "at_benchmark").then(1.0).when(pl.col("level") == "below_baseline").then(0.0)
    alone = pl.len().over(KEY) == 1
    energy = pl.when(pl.col("line_energy") > 0).then("line_energy")
    weight = pl.when(alone).then(1.0).otherwise(energy)
    lacking = pl.col("missing").str.split(";").list.eval(pl.concat_str(pl.lit("line:"), pl.element()))
    asks = pl.concat_list(
        lacking.fill_null([]),
        pl.when(weight.is_null()).then(pl.lit(["asked:line_energy"], pl.List(pl.String))).fill_null([]),
    )
    frame = lines.select(
        KEY,
        "level",
        "ground",
        "document",
        thing="line",
        machines=pl.lit(1),
        weight=weight,
        points=pl.when("judged").then(points.otherwise(way)),
        certainty="certainty",
        missing=asks,
    )
    some = shares(frame, LEVEL, 1, "line")
    without = case.enterprises.join(case.lines, on=KEY, how="anti")
    outside = case.enterprises.join(without, on=KEY, how="anti").join(frame, on=KEY, how="anti")
    return together(
        [
            _in_words(some, frame),
            left_out(without, LEVEL, 1, UNKNOWN, [("asked", "lines")]),
            left_out(outside, LEVEL, 1, NOT_APPLICABLE, []),
        ]
    )


def _in_words(some: Told, frame: pl.DataFrame) -> Told:
    """Say how many lines stand at each level, and which standard stands in where one does."""
    counted = frame.group_by(KEY, maintain_order=True).agg(
        *((pl.col("level") == level).sum().alias(level) for level in _WORDS),
        stand_in=pl.col("document")
        .filter(pl.col("ground") == "proxy")
        .drop_nulls()
        .unique(maintain_order=True)
        .str.join("；"),
    )
    labels = []
    for place, language in enumerate(("zh", "en")):
        said = [
            pl.when(pl.col(level) > 0).then(
                pl.format("{} 条{}" if language == "zh" else "{} {}", pl.col(level), pl.lit(words[place]))
            )
            for level, words in _WORDS.items()
        ]
        joint = "，" if language == "zh" else ", "
        labels.append(pl.concat_str(said, separator=joint, ignore_nulls=True).alias(f"label_{language}"))
    counted = counted.select(KEY, *labels, stand_in=pl.when(pl.col("stand_in") != "").then("stand_in"))
    parts = some.parts.drop("label_zh", "label_en", "stand_in").join(counted, on=KEY, how="left")
    return Told(parts.select(some.parts.columns), some.grounds, some.asks)


def peer_figures(case: Case) -> pl.DataFrame:
    """Return what enterprises are compared by (`PEER`): energy ÷ output value [tce/10⁴ yuan] of the latest year.

    Only rank and number of these figures are ever told. Whoever diagnoses one enterprise alone passes the figures of
    all, so that the result is the same as in a run over all.
    """
    frame = latest(case.facts, FIGURES).filter((pl.col("output_value") > 0) & (pl.col("energy_total") >= 0))
    known = frame.join(case.enterprises.select(KEY, "code", "size"), on=KEY)
    return known.with_columns(intensity=pl.col("energy_total") / pl.col("output_value")).select(PEER.keys())


def energy_peers(case: Case) -> Told:
    """Return the quarter of energy per output value among peers of class, size and year; never a value of a peer.

    Fewer peers than the settings ask for are not compared. The best quarter is 1.
    """
    mine = peer_figures(case)
    others = case.peers if case.peers is not None else mine
    every = pl.concat([mine, others.select(PEER.keys()).join(mine, on=KEY, how="anti")])
    group = ["code", "size", "year"]
    every = every.drop_nulls(group).with_columns(
        peers=pl.len().over(group).cast(pl.Int64) - 1,
        better=pl.col("intensity").rank("min").over(group).cast(pl.Int64) - 1,
    )
    ranked = every.join(mine.select(KEY), on=KEY, how="semi").filter(pl.col("peers") >= int(setting("least_peers")))
    quarter = (pl.col("better") * 4 // pl.col("peers")).clip(0, 3) + 1
    ranked = ranked.with_columns(quarter=quarter)
    points = pl.col("quarter").cast(pl.String).replace_strict(scale(PEERS), return_dtype=pl.Float64)
    parts = ranked.select(
        KEY,
        part=pl.lit(PEERS),
        way=pl.lit(1),
        state=pl.lit(KNOWN),
        value=pl.col("quarter").cast(pl.Float64),
        label_zh=pl.format("同类同规模企业中第 {} 四分位（1 最好）", "quarter"),
        label_en=pl.format("quarter {} among peers (1 is best)", "quarter"),
        score=points,
        low=points,
        high=points,
        coverage=pl.lit(1.0),
        certainty=pl.lit("secondary"),
    )
    own = latest(case.facts, FIGURES).join(ranked.select(KEY), on=KEY, how="semi")
    rest = case.enterprises.join(ranked, on=KEY, how="anti")
    silent = rest.join(mine, on=KEY, how="anti")
    nameless = rest.join(silent, on=KEY, how="anti").filter(pl.col("code").is_null() | pl.col("size").is_null())
    few = rest.join(silent, on=KEY, how="anti").join(nameless, on=KEY, how="anti")
    return together(
        [
            told(parts, [figures(own, PEERS, 1, FIGURES)]),
            left_out(silent, PEERS, 1, UNKNOWN, [("fact", name) for name in FIGURES]),
            left_out(nameless, PEERS, 1, UNKNOWN, [("asked", "industry_code"), ("asked", "size")]),
            left_out(few, PEERS, 1, UNKNOWN, [("asked", "peers")]),
        ]
    )

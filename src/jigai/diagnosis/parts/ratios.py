"""Parts that are a ratio of two annual facts of the same year."""

from __future__ import annotations

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.facts import latest
from jigai.diagnosis.model import KNOWN, UNKNOWN
from jigai.diagnosis.telling import KEY, Told, figures, left_out, together, told


def ratio(case: Case, part: str, way: int, above: str, below: str, certainty: str = "transcribed") -> Told:
    """Return ``above`` ÷ ``below`` of the latest year in which both are known; the score is the ratio × 100.

    A ratio that cannot be (more than the whole, below nothing, of nothing) is unknown: the figures are asked anew.
    """
    frame = latest(case.facts, [above, below])
    value = pl.col(above) / pl.col(below)
    sound = frame.filter((pl.col(below) > 0) & value.is_between(0, 1))
    parts = sound.select(
        KEY,
        part=pl.lit(part),
        way=pl.lit(way),
        state=pl.lit(KNOWN),
        value=value,
        score=value * 100,
        low=value * 100,
        high=value * 100,
        coverage=pl.lit(1.0),
        certainty=pl.lit(certainty),
    )
    rest = case.enterprises.join(sound, on=KEY, how="anti")
    asks = [("fact", above), ("fact", below)]
    return together(
        [told(parts, [figures(sound, part, way, [above, below])]), left_out(rest, part, way, UNKNOWN, asks)]
    )

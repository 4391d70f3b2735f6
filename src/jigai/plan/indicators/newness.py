"""How new the machinery is (设备新度, O15): net value ÷ original value at the end of the year."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import made
from jigai.plan.indicators.population import PERSON, ready, sheets
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources


@indicator("newness")
def newness(sources: Sources, period: Period, parameters: Mapping[str, object]) -> pl.DataFrame:
    """Return net and original value of each enterprise's machinery [10⁴ yuan]."""
    frame = sheets(sources, period, parameters, PERSON, ["machinery_original", "machinery_net"])
    nothing = ready() & (pl.col("machinery_original") == 0)
    return made(
        frame,
        kind=PERSON,
        key=PERSON,
        standing=pl.when(nothing).then(pl.lit("exempt")).otherwise("standing"),
        numerator=pl.col("machinery_net"),
        denominator=pl.col("machinery_original"),
    )

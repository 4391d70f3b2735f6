"""Energy and carbon dioxide of the sites on the list: sums of what they reported."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from jigai.plan.indicators.frames import made
from jigai.plan.indicators.population import SITE, sheets
from jigai.plan.period import Period
from jigai.plan.registry import indicator
from jigai.plan.sources import Sources

Parameters = Mapping[str, object]


def _reported(sources: Sources, period: Period, parameters: Parameters, attribute: str) -> pl.DataFrame:
    frame = sheets(sources, period, parameters, SITE, [attribute])
    return made(frame, kind=SITE, key=SITE, standing=pl.col("standing"), numerator=pl.col(attribute))


@indicator("energy_total")
def energy_total(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the energy each site consumed [tonnes of coal equivalent]."""
    return _reported(sources, period, parameters, "energy_total")


@indicator("co2")
def co2(sources: Sources, period: Period, parameters: Parameters) -> pl.DataFrame:
    """Return the carbon dioxide of each site, direct and of bought power and heat [tonnes]."""
    return _reported(sources, period, parameters, "co2")

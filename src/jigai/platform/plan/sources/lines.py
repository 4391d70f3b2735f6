"""Yearly figures of production lines, once the site keeps them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

import polars as pl

from jigai.plan.sources import described
from jigai.platform.enterprises.models import Fact
from jigai.platform.plan.sources.reader import Reader

MODULE: Final = "jigai.platform.enterprises.line_years"
ABSENT: Final = "产线年度数据尚未启用。"


def available() -> bool:
    """Tell whether this installation keeps yearly figures of lines."""
    return find_spec(MODULE) is not None


def line_years(reader: Reader) -> pl.DataFrame:
    """Return the yearly figures of lines of every year that annual figures are kept of."""
    load = import_module(MODULE).line_years
    years = Fact.objects.filter(recorded_at__lt=reader.end).order_by("year").values_list("year", flat=True).distinct()
    made = [load(year, reader.known_on) for year in years]
    found = pl.concat(made, how="diagonal") if made else pl.DataFrame(schema=described()["line_years"])
    return found if reader.only is None else found.filter(pl.col("legal_person").is_in(reader.only))

"""Steps on the figures of the board: contributions of a million devices, rolled up by every partition."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from jigai.plan.figures import figures
from jigai.plan.period import Period
from jigai.plan.registry import registry
from jigai.plan.sources import Sources, described

Facts = dict[str, Any]
INDICATOR: Final = "obsolete_closed"
BREAKDOWNS: Final = ((), ("manager_code",), ("place_code",), ("division",), ("group",), ("manager_code", "group"))
_UNITS: Final = ["DQ", "XQ", "RH", "MY", "YB", "GX"]
_COUNTIES: Final = ["510402", "510403", "510411", "510421", "510422"]
_CLASSES: Final = ["0810", "2614", "3011", "3110", "3120", "3216"]


def found_machines(lines: int) -> pl.DataFrame:
    """Return a list of ``lines`` backward devices of 2,000 enterprises, the same each time; every value is invented."""
    draw = np.random.default_rng(20261123)
    who = draw.integers(0, 2_000, lines)
    quantity = draw.integers(1, 6, lines)
    closed = draw.integers(0, quantity + 1)
    made = {
        "device": np.arange(lines),
        "label": pl.Series(np.arange(lines)).cast(pl.String),
        "legal_person": who,
        "site": who,
        "manager_code": pl.Series(_UNITS).gather(who % len(_UNITS)),
        "place_code": pl.Series(_COUNTIES).gather(who % len(_COUNTIES)),
        "industry_code": pl.Series(_CLASSES).gather(who % len(_CLASSES)),
        "found_on": pl.Series(draw.integers(19_700, 20_400, lines) // 30 * 30, dtype=pl.Int32).cast(pl.Date),
        "quantity": quantity,
        "closed": closed,
        "withdrawn": np.zeros(lines, dtype=np.int64),
        "data_date": pl.Series([date(2026, 6, 1)]).new_from_index(0, lines),
    }
    schema = described()["obsolete"]
    frame = pl.DataFrame(made)
    return frame.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in frame.columns)


def contributions(path: str, lines: int) -> Facts:
    """Compute the contributions of the devices and keep them; ``seconds`` is the indicator with its checks."""
    frame = found_machines(lines)
    sources = Sources(date(2026, 6, 30), {"obsolete": lambda: frame})
    began = time.perf_counter()
    made = registry()[INDICATOR].compute(sources, Period(2026))
    seconds = time.perf_counter() - began
    made.write_parquet(path)
    return {"seconds": round(seconds, 3), "lines": made.height, "bytes": Path(path).stat().st_size}


def roll_up(path: str) -> Facts:
    """Make the figures of every breakdown; ``seconds`` is all of them, ``slowest`` the one that took longest."""
    held, indicator = pl.read_parquet(path), registry()[INDICATOR]
    times = {}
    for by in BREAKDOWNS:
        began = time.perf_counter()
        figures(indicator, held, by)
        times["+".join(by) or "city"] = round(time.perf_counter() - began, 3)
    return {"seconds": round(sum(times.values()), 3), "slowest": max(times.values()), "breakdowns": times}


def plain_roll_up(path: str) -> Facts:
    """Reference of the roll-up: group by the same columns and add two numbers, nothing else."""
    held = pl.read_parquet(path).with_columns(division=pl.col("industry_code").str.slice(0, 2))
    began = time.perf_counter()
    for by in BREAKDOWNS:
        added = pl.col("numerator", "denominator").sum()
        _ = held.group_by(by).agg(added) if by else held.select(added)
    return {"seconds": round(time.perf_counter() - began, 3)}

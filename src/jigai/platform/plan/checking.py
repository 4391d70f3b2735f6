"""Does what is kept equal what scratch gives? Every difference is named (D21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import polars as pl
from django.db import connection

from jigai.plan.contributions import CONTRIBUTION
from jigai.platform.plan import refreshing, store
from jigai.platform.plan.sources import sources
from jigai.platform.plan.store import Part
from jigai.platform.plan.work import Work

MOST: Final = 20
"""Differences of one figure that are named one by one."""
_ALMOST: Final = Decimal("1e-9")


def differences(work: Work, now: datetime, day: date) -> Iterator[str]:
    """Bring the figures up to date as usual, then yield where they differ from a computation from scratch.

    Within the whole city's scope, in a transaction. Writes down how many there were.
    """
    state = refreshing.locked()
    if state.upto is not None:
        refreshing.refresh(work, now, state.day or day)
    found = sources(state.day or day)
    faults = 0
    for name, period in work.parts(state.day or day):
        part = Part(name, period.key)
        scratch = store.in_form(refreshing.contributions(work, found, name, period))
        said = [*_rows(part, scratch), *_sums(part, scratch)]
        faults += len(said)
        yield from said[:MOST]
        if len(said) > MOST:
            yield f"{name} {period.key}：还有 {len(said) - MOST} 处"
    state = refreshing.locked()
    state.checked_at, state.faults = now, faults
    state.save()


def _rows(part: Part, scratch: pl.DataFrame) -> Iterator[str]:
    """Yield the contributions that are kept and should not be, are not kept, or are kept with other content."""
    keys, names = ["kind", "key", "group"], list(CONTRIBUTION)
    kept = store.stored(part)
    same = scratch.join(kept, on=names, how="inner", nulls_equal=True)
    for frame, word in ((kept, "留存有而重算没有"), (scratch, "重算有而留存没有")):
        for kind, key, group in frame.join(same, on=keys, how="anti").select(keys).sort(keys).rows():
            yield f"{part.indicator} {part.period} {kind} {key} {group}".strip() + f"：{word}或内容不同"


def _sums(part: Part, scratch: pl.DataFrame) -> Iterator[str]:
    """Yield the kept sums that differ from those of ``scratch``."""
    kept = {(one.partition, one.key): one for one in part.values}
    for partition in store.PARTITIONS:
        expected = {row.pop("key"): row for row in store.summed(scratch, partition).to_dicts()}
        if partition == "city" and not expected:
            expected = {"": {**dict.fromkeys(store.SUMS, 0), "data_date": None}}
        for key in sorted(expected.keys() | {key for of, key in kept if of == partition}):
            held, should = kept.get((partition, key)), expected.get(key)
            if held is None or should is None:
                word = "没有留存" if held is None else "重算没有"
                yield f"{part.indicator} {part.period} {partition} {key}：{word}"
                continue
            for name, value in should.items():
                if not _equal(getattr(held, name), value):
                    said = f"{name} 留存 {getattr(held, name)}，重算 {value}"
                    yield f"{part.indicator} {part.period} {partition} {key}：{said}"


def _equal(held: object, scratch: object) -> bool:
    if connection.vendor != "postgresql" and isinstance(held, Decimal) and isinstance(scratch, Decimal | int):
        return abs(held - scratch) <= _ALMOST * max(Decimal(1), abs(held))  # SQLite keeps fifteen digits of a decimal
    return held == scratch

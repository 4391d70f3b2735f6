"""Devices found again in later ledgers of the same site (D9): by number, by likeness, or by asking.

A line is the device that bears its own number, else its serial number. Without numbers it is a device alike in kind,
model, maker, year and location: in their order where as many stand on both sides. Where several fit and something
hangs on which is which (a photo, a reply, a case), people are asked; nothing is guessed.

A marked copy that comes back tells more: a line of it that is no device by these signs is the one that stood in its
place, with another model, unless number, kind, maker or year speak against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

NUMBERS: Final = ("code", "serial_no")
LIKENESS: Final = ("kind", "model", "maker", "made_year", "location")
REUSED, SEVERAL = "reused", "several"
"""Why people are asked: a number now stands on another kind of machine; several devices fit."""

_ALIKE: Final = ("site", *LIKENESS)
_SIDE: Final = {"code": pl.String(), "serial_no": pl.String()} | dict.fromkeys(LIKENESS, pl.String())


@dataclass(frozen=True)
class Again:
    """What became of every line and every device; each is named once in all.

    ``found``: ``device_id``, ``device``, ``how`` (*code*, *serial_no*, *likeness*, *likely*: alike as far as both
    say, *returned*: in its place in a marked copy) · ``added``: ``device_id`` of lines that are new devices ·
    ``asked``: ``device_id``, ``why``, ``candidates`` (devices) · ``gone``: ``device`` no line speaks of, those asked
    about left out.
    """

    found: pl.DataFrame
    added: pl.DataFrame
    asked: pl.DataFrame
    gone: pl.DataFrame


def find_again(known: pl.DataFrame, lines: pl.DataFrame, places: pl.DataFrame | None = None) -> Again:
    """Find the devices of ``known`` in the ``lines`` of later ledgers, both in their order.

    Both have ``site`` (whole number): a device is looked for at its own site alone, however many sites come at once.
    ``known`` has ``device`` (whole number), ``held`` (something hangs on it) and what was last said; ``lines`` has
    ``device_id``. Columns of :data:`NUMBERS` and :data:`LIKENESS` that are absent count as empty. ``model`` should be
    the tidied designation, so that ``YB－80M1－2`` is ``YB80M1-2``. ``places`` has, for a marked copy that came back,
    ``device_id`` and the ``device`` whose line stood there before, each once; nothing for ordinary ledgers.
    """
    devices = _side(known, "device", "held").with_row_index("_known")
    rows = _side(lines, "device_id").with_row_index("_line")
    pairs = pl.DataFrame(schema={"_line": pl.UInt32(), "_known": pl.UInt32(), "how": pl.String()})
    asked = pl.DataFrame(schema={"_line": pl.UInt32(), "_known": pl.UInt32(), "why": pl.String()})
    for number in NUMBERS:
        same, other = _by_number(_left(rows, pairs, asked), _left(devices, pairs, asked), number)
        pairs, asked = pl.concat([pairs, same]), pl.concat([asked, other])
    for lines_numbered, known_numbered in ((False, False), (False, True), (True, False)):
        mine = _left(rows, pairs, asked).filter(_numbered() == lines_numbered)
        theirs = _left(devices, pairs, asked).filter(_numbered() == known_numbered)
        same, several = _by_likeness(mine, theirs)
        pairs, asked = pl.concat([pairs, same]), pl.concat([asked, several])
    pairs = pl.concat([pairs, _likely(_left(rows, pairs, asked), _left(devices, pairs, asked))])
    if places is not None:
        pairs = pl.concat([pairs, _returned(_left(rows, pairs, asked), _left(devices, pairs, asked), places)])
    return _told(rows, devices, pairs, asked)


def _side(frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return the columns compared, written one way: half width, upper case, no blanks.

    A number that stands on several lines of one side tells nothing and is blanked.
    """
    given = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in _SIDE if name not in frame.columns)
    plain = [
        pl.col(name).cast(pl.String).str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s+", "")
        for name in _SIDE
    ]
    named = [text.alias(name) for text, name in zip(plain, _SIDE, strict=True)]
    side = given.select(*keys, "site", *named).with_columns(
        pl.when(pl.col(name) != "").then(name).alias(name) for name in _SIDE
    )
    return side.with_columns(pl.when(pl.len().over("site", name) == 1).then(name).alias(name) for name in NUMBERS)


def _left(side: pl.DataFrame, pairs: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return what is neither found nor asked about yet."""
    key = "_line" if "_line" in side.columns else "_known"
    return side.join(pairs, on=key, how="anti", maintain_order="left").join(
        asked, on=key, how="anti", maintain_order="left"
    )


def _numbered() -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_not_null() for name in NUMBERS)


def _by_number(rows: pl.DataFrame, devices: pl.DataFrame, number: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair by a number; ask where it moved to a machine of another kind, or of another model and year."""
    both = rows.join(devices, on=["site", number], suffix="_then", maintain_order="left")
    kind = (pl.col("kind") != pl.col("kind_then")).fill_null(value=False)
    model = (pl.col("model") != pl.col("model_then")).fill_null(value=False)
    year = (pl.col("made_year") != pl.col("made_year_then")).fill_null(value=False)
    reused = kind | (model & year)
    return (
        both.filter(~reused).select("_line", "_known", how=pl.lit(number)),
        both.filter(reused).select("_line", "_known", why=pl.lit(REUSED)),
    )


def _by_likeness(rows: pl.DataFrame, devices: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair machines alike in everything, in their order; ask where they are not as many and it matters which."""
    told = pl.col("model").is_not_null()
    mine = rows.filter(told).with_columns(_place=pl.int_range(pl.len()).over(_ALIKE), _lines=pl.len().over(_ALIKE))
    theirs = devices.filter(told).with_columns(
        _place=pl.int_range(pl.len()).over(_ALIKE),
        _devices=pl.len().over(_ALIKE),
        _matters=pl.col("held").any().over(_ALIKE),
    )
    groups = theirs.select(*_ALIKE, "_devices", "_matters").unique()
    mine = mine.join(groups, on=_ALIKE, nulls_equal=True, maintain_order="left")
    open_ = pl.col("_matters") & (pl.col("_lines") != pl.col("_devices"))
    same = mine.filter(~open_).join(theirs, on=[*_ALIKE, "_place"], nulls_equal=True, maintain_order="left")
    several = mine.filter(open_).join(theirs, on=_ALIKE, nulls_equal=True, maintain_order="left")
    return (
        same.select("_line", "_known", how=pl.lit("likeness")),
        several.select("_line", "_known", why=pl.lit(SEVERAL)),
    )


def _likely(rows: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Pair a line and a device of one kind and model that contradict each other nowhere, where each fits no other."""
    on = ["site", "kind", "model"]
    both = rows.drop_nulls(on).join(devices.drop_nulls(on), on=on, suffix="_then", maintain_order="left")
    agrees = [
        (pl.col(name) == pl.col(f"{name}_then")).fill_null(value=True)
        for name in (*NUMBERS, *LIKENESS)
        if name not in on
    ]
    fitting = both.filter(pl.all_horizontal(agrees))
    alone = (pl.len().over("_line") == 1) & (pl.len().over("_known") == 1)
    return fitting.filter(alone).select("_line", "_known", how=pl.lit("likely"))


def _returned(rows: pl.DataFrame, devices: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Pair a line of a marked copy with the device that stood in its place, unless more than the model was replaced.

    Another year beside another model is a new machine in the place of the old one, as with an own number.
    """
    both = rows.join(places, on="device_id", maintain_order="left").join(devices, on=["device", "site"], suffix="_then")
    names = (*NUMBERS, "kind", "maker", "made_year")
    agrees = [(pl.col(name) == pl.col(f"{name}_then")).fill_null(value=True) for name in names]
    return both.filter(pl.all_horizontal(agrees)).select("_line", "_known", how=pl.lit("returned"))


def _told(rows: pl.DataFrame, devices: pl.DataFrame, pairs: pl.DataFrame, asked: pl.DataFrame) -> Again:
    """Name lines and devices again instead of their places."""
    lines, known = rows.select("_line", "device_id"), devices.select("_known", "device")
    open_ = asked.join(lines, on="_line").join(known, on="_known").sort("_line", "_known")
    return Again(
        pairs.sort("_line").join(lines, on="_line").join(known, on="_known").select("device_id", "device", "how"),
        _left(rows, pairs, asked).select("device_id"),
        open_.group_by("_line", "device_id", "why", maintain_order=True)
        .agg(candidates="device")
        .select("device_id", "why", "candidates"),
        _left(devices, pairs, asked).select("device"),
    )

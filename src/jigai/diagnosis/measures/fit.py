"""Does a replacement of grade 2 or better really fit: same duty, voltage, mounting, and explosion protection?"""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.tables import keyed, table

FRAMES: Final = "nameplate-motor-frames"
FITS, OTHER_FRAME, PROTECTED, OPEN = "fits", "other_frame", "explosion_proof", "open"
"""It fits as it stands; it needs another base; the kind of explosion protection has to be read off the plate first;
ratings are missing, or nothing is held about what fits such a machine."""


def fitted(case: Case) -> pl.DataFrame:
    """Return ``device_id``, ``fit`` and ``fit_missing`` (attributes, a list) of every machine.

    A motor fits where the common series of grade 2 has its frame with its poles and power: motors of older series
    have other shaft heights and need a new base. A pump, fan or compressor fits where its duty point is known, a
    transformer where capacity and voltage are. What is explosion-proof is never declared to fit without its marking.
    """
    machines = case.machines.join(_current_frames(case), on=["frame", "poles", "power_kw"], how="left")
    lacking = pl.lit([], pl.List(pl.String))
    for row in table("fits.csv"):
        wanted = []
        for need in row["needs"].split(";"):
            names = need.split("|")
            absent = pl.all_horizontal(pl.col(name).is_null() for name in names)
            wanted.append(
                pl.when(absent).then(pl.lit([names[0]], pl.List(pl.String))).otherwise(pl.lit([], pl.List(pl.String)))
            )
        lacking = pl.when(pl.col("kind") == row["kind"]).then(pl.concat_list(wanted)).otherwise(lacking)
    machines = machines.with_columns(fit_missing=lacking)
    known = pl.col("kind").is_in(list(keyed("fits.csv", "kind"))) & (pl.col("fit_missing").list.len() == 0)
    fit = (
        pl.when(pl.col("explosion_proof").fill_null(value=False))
        .then(pl.lit(PROTECTED))
        .when(~known.fill_null(value=False))
        .then(pl.lit(OPEN))
        .when((pl.col("kind") == "motor") & pl.col("current").is_null())
        .then(pl.lit(OTHER_FRAME))
        .otherwise(pl.lit(FITS))
    )
    return machines.select("device_id", "fit_missing", fit=fit)


def _current_frames(case: Case) -> pl.DataFrame:
    """Return frame, poles and power of the series that replaces, with ``current`` true."""
    if not case.reference.has(FRAMES):
        schema = {"frame": pl.String(), "poles": pl.String(), "power_kw": pl.Float64(), "current": pl.Boolean()}
        return pl.DataFrame(schema=schema)
    series = keyed("settings.csv")["replacement_series"]["value"]
    rows = case.reference.table(FRAMES).filter(pl.col("series_group").list.contains(series))
    return rows.select("frame", "poles", "power_kw", current=pl.lit(value=True)).unique(["frame", "poles", "power_kw"])

"""What the runs in force on a day said of devices, and the list of what must go as it stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from django.db.models import Q

from jigai.platform.plan.sources.reader import MOMENT, Reader, day_of, read
from jigai.platform.screening import storage
from jigai.platform.screening.models import ObsoleteStep, SiteRun
from jigai.screening.verdict import IN_USE

DEVICE: Final = {
    "device_id": pl.String(),
    "site": pl.Int64(),
    "kind": pl.String(),
    "use_state": pl.String(),
    "quantity": pl.Int64(),
    "power_kw": pl.Float64(),
}
JUDGED: Final = ("below_limit", *(f"grade_{grade}" for grade in range(1, 6)))
SAVING: Final = ("grade_1", "grade_2")
SCREENED: Final = {
    "site": pl.Int64(),
    "kind": pl.String(),
    "machines": pl.Int64(),
    "power": pl.Float64(),
    "power_judged": pl.Float64(),
    "power_saving": pl.Float64(),
    "run": pl.Int64(),
    "data_date": pl.Date(),
}


class RunLostError(RuntimeError):
    """The files of a run in force are not in the store; the text says which run and what to do."""


def screened(reader: Reader) -> pl.DataFrame:
    """Return by site and kind the machines in use or stand-by, their rated power [kW], and how it was graded.

    Raises:
        RunLostError: the store has lost a run that was in force; no figure may rest on the rest of them.
    """
    rows = SiteRun.objects.filter(reader.known("since"), reader.of("site__legal_person")).order_by("run", "site")
    in_force: dict[tuple[int, str, Any], set[int]] = {}
    for site, *run in rows.values_list("site_id", "run_id", "run__output_hash", "run__as_of"):
        in_force.setdefault((run[0], run[1], run[2]), set()).add(site)
    made = [pl.DataFrame(schema=SCREENED)]
    for (run_, place, as_of), sites in in_force.items():
        made += [
            _summed(frame).with_columns(run=pl.lit(run_, pl.Int64), data_date=pl.lit(as_of, pl.Date))
            for frame in _parts(run_, place, sites)
        ]
    summed = pl.concat([one.select(SCREENED.keys()) for one in made])
    return reader.owned(summed.with_columns(legal_person=pl.lit(None, pl.Int64)))


def _parts(run: int, place: str, sites: set[int]) -> list[pl.DataFrame]:
    """Return the machines of some sites out of the files of a run, each with what its efficiency was judged to be."""
    found = []
    try:
        for number, group in enumerate(storage.parts(place)):
            if not sites.isdisjoint(group):
                devices = _part(place, "devices", number, DEVICE).filter(pl.col("site").is_in(sites))
                said = storage.part_of(place, "findings", number, ["device_id", "check", "outcome"])
                graded = said.filter(pl.col("check") == "efficiency").unique("device_id", keep="first")
                found.append(devices.join(graded.select("device_id", "outcome"), on="device_id", how="left"))
    except FileNotFoundError as error:
        raise RunLostError(
            f"第 {run} 次筛查的结果文件不在（{place}）：请从备份恢复 files/runs，或重新筛查这些厂区。"
        ) from error
    return found


def _part(place: str, name: str, number: int, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return columns of a part; one in which no line had a value was not written."""
    held = pl.read_parquet_schema(storage.path(place, name, number))
    frame = storage.part_of(place, name, number, [one for one in columns if one in held])
    return frame.select(
        pl.col(one).cast(dtype) if one in held else pl.lit(None, dtype).alias(one) for one, dtype in columns.items()
    )


def _summed(devices: pl.DataFrame) -> pl.DataFrame:
    in_use = devices.filter(pl.col("use_state").is_null() | pl.col("use_state").is_in(IN_USE))
    machines = pl.col("quantity").fill_null(1)
    power = pl.col("power_kw").fill_null(0) * machines
    return in_use.group_by("site", "kind", maintain_order=True).agg(
        machines=machines.sum(),
        power=power.sum(),
        power_judged=power.filter(pl.col("outcome").is_in(JUDGED)).sum(),
        power_saving=power.filter(pl.col("outcome").is_in(SAVING)).sum(),
    )


def obsolete(reader: Reader) -> pl.DataFrame:
    """Return the devices on the list of what must go, each with its machines found, closed and withdrawn by then."""
    mine = Q(recorded_at__lt=reader.end) & reader.of("device__legal_person")
    columns = {
        "device": ("device_id", pl.Int64()),
        "site": ("device__site_id", pl.Int64()),
        "device_name": ("device__name", pl.String()),
        "model": ("device__model", pl.String()),
        "act": ("act_id", pl.Int64()),
        "found": ("found", pl.Int64()),
        "closed": ("closed", pl.Int64()),
        "withdrawn": ("withdrawn", pl.Int64()),
        "first": ("found_on", pl.Date()),
        "on": ("on", pl.Date()),
        "moment": ("recorded_at", MOMENT),
    }
    steps = read(ObsoleteStep.objects.filter(mine).order_by("pk"), columns)
    summed = steps.group_by("device", maintain_order=True).agg(
        pl.col("site", "device_name", "model").last(),
        found_on=pl.col("first").filter(pl.col("found") > 0).min(),
        quantity=pl.col("found").sum(),
        closed=pl.col("closed").sum(),
        withdrawn=pl.col("withdrawn").sum(),
        moment=pl.col("moment").max(),
    )
    # A closing whose act was taken back is not the last one.
    closings = steps.group_by("device", "act").agg(pl.col("closed").sum(), pl.col("on").max())
    last = closings.filter(pl.col("closed") > 0).group_by("device").agg(closed_on=pl.col("on").max())
    found = summed.filter(pl.col("quantity") > 0).join(last, on="device", how="left", maintain_order="left")
    words = pl.concat_str(pl.col("device_name", "model").replace("", None), separator=" ", ignore_nulls=True)
    told = found.with_columns(
        closed_on=pl.when(pl.col("closed") > 0).then("closed_on"),
        label=words,
        data_date=day_of("moment"),
        legal_person=pl.lit(None, pl.Int64),
    )
    return reader.owned(told.drop("device_name", "model", "moment"))

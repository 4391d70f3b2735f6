"""Judge a part of a run, taking over from the run in force what it said of lines that are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

import jigai
from jigai.platform.screening import storage
from jigai.platform.screening.inputs import in_form
from jigai.platform.screening.models import Run, SiteRun
from jigai.reference import Reference
from jigai.screening import screen
from jigai.screening.schema import FINDING

NAMES: Final = ("devices", "findings", "problems")
PROBLEM: Final = ("device_id", "device", "severity", "code", "message_zh", "message_en", "raw")
_AGED: Final = "service_life"


@dataclass(frozen=True)
class Part:
    """What is said of some sites, and of which of their devices it was taken over; ``same`` are the sites whose
    devices and findings are all as the run in force has them.
    """

    devices: pl.DataFrame
    findings: pl.DataFrame
    problems: pl.DataFrame
    reused: int = 0
    same: tuple[int, ...] = ()


def basis_of(reference: Reference) -> str:
    """Return what two runs share that judge the same line alike, but for its age: engine and facts."""
    return hashlib.sha256(f"{jigai.__version__} {reference.standing}".encode()).hexdigest()


def alike(sites: list[int], basis: str) -> dict[int, Run]:
    """Return the runs in force at ``sites``, by site, that judged by the same engine and facts."""
    rows = SiteRun.objects.filter(site__in=sites, superseded_at__isnull=True, run__basis=basis).select_related("run")
    return {row.site_id: row.run for row in rows}


def judge(given: pl.DataFrame, reference: Reference) -> Part:
    """Judge lines in the order they are given."""
    numbered = given.drop("site").with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    result = screen(numbered.drop("device"), reference, reference.as_of)
    numbers = given.select("device_id", "device", "site")
    devices = result.devices.drop("row").join(numbers, on="device_id", maintain_order="left")
    places = numbered.select("row", "device_id", "device")
    problems = result.problems.sort("row", "message_zh").join(places, on="row", maintain_order="left")
    return Part(in_form(devices), result.findings, problems.select(PROBLEM))


def judge_again(given: pl.DataFrame, reference: Reference, sites: list[int], in_force: Mapping[int, Run]) -> Part:
    """Judge lines, but take over what was said of lines that stood like this already, by the same facts and engine.

    ``in_force`` are the runs in force at ``sites`` that judged by the same `basis_of`.

    What comes out equals `judge` to the byte. In another year what was said of an age is judged anew.
    """
    former = _former(sites, in_force, reference.as_of.year)
    if former is None:
        return judge(given, reference)
    known, said = former
    same = given.join(_standing_alike(given, known).select("device"), on="device", how="semi", maintain_order="left")
    same = same.join(said.devices.select("device"), on="device", how="semi", maintain_order="left")
    rest = given.join(same, on="device", how="anti", maintain_order="left")
    fresh = judge(in_form(rest), reference) if rest.height else None
    taken = [said] if fresh is None else [said, fresh]
    lines = given.select("device_id", "device")
    mine = [same] if fresh is None else [same, rest]
    merged = {
        name: _merged(lines, [getattr(one, name) for one in taken], mine, by)
        for name, by in (("devices", "device"), ("findings", "device_id"), ("problems", "device_id"))
    }
    return Part(
        in_form(merged["devices"]),
        merged["findings"].select("device_id", *FINDING),
        merged["problems"].select(PROBLEM),
        reused=same.height,
        same=_same_sites(sites, given, known, same),
    )


def _former(sites: list[int], in_force: Mapping[int, Run], year: int) -> tuple[pl.DataFrame, Part] | None:
    """Return input and result of the runs in force at ``sites``; None where there are none."""
    frames: dict[str, list[pl.DataFrame]] = {name: [] for name in (storage.INPUT, *NAMES)}
    runs: dict[Run, set[int]] = {}
    for site in sites:
        if site in in_force:
            runs.setdefault(in_force[site], set()).add(site)
    for run, of_run in runs.items():
        try:
            for number, group in enumerate(storage.parts(run.output_hash)):
                if mine := [site for site in group if site in of_run]:
                    _add(frames, run, number, mine, aged=run.as_of.year != year)
        except FileNotFoundError:  # lost from the store: those sites are judged anew
            continue
    if not frames[storage.INPUT]:
        return None
    made = {name: pl.concat(parts, how="diagonal") for name, parts in frames.items()}
    return made[storage.INPUT], Part(made["devices"], made["findings"], made["problems"])


def _add(frames: dict[str, list[pl.DataFrame]], run: Run, number: int, sites: list[int], *, aged: bool) -> None:
    """Add what a part of a run has on ``sites``; ``aged`` leaves out devices whose age was worked out."""
    read = {name: storage.part_of(run.output_hash, name, number) for name in frames}
    devices = read["devices"].filter(pl.col("site").is_in(sites))
    if aged:
        worked_out = read["findings"].filter(pl.col("check") == _AGED, pl.col("value").is_not_null())
        devices = devices.join(worked_out, on="device_id", how="anti", maintain_order="left")
    frames["devices"].append(devices)
    frames[storage.INPUT].append(read[storage.INPUT].filter(pl.col("site").is_in(sites)))
    for name in ("findings", "problems"):
        frames[name].append(read[name].join(devices, on="device_id", how="semi", maintain_order="left"))


def _standing_alike(given: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that are the same in every column."""
    names = sorted({*given.columns, *known.columns} - {"device"})
    both = [
        frame.with_columns(pl.lit(None).alias(name) for name in names if name not in frame.columns)
        for frame in (given, known)
    ]
    pairs = both[0].join(both[1].select("device", pl.col(names).name.suffix("|")), on="device", maintain_order="left")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}|")) for name in names)
    return pairs.filter(same)


def _merged(lines: pl.DataFrame, said: list[pl.DataFrame], of: list[pl.DataFrame], by: str) -> pl.DataFrame:
    """Return what was said of the lines in their order, from each side that of its own lines."""
    mine = [
        one.join(own.select(by), on=by, how="semi", maintain_order="left") for one, own in zip(said, of, strict=True)
    ]
    whole = pl.concat(mine, how="diagonal")
    return lines.select(by).join(whole, on=by, maintain_order="left_right")


def _same_sites(sites: list[int], given: pl.DataFrame, known: pl.DataFrame, alike: pl.DataFrame) -> tuple[int, ...]:
    """Return the sites none of whose devices came, changed or went."""
    counts = [dict(frame["site"].value_counts().rows()) for frame in (given, known, alike)]
    now, before, kept = ([count.get(site, 0) for site in sites] for count in counts)
    judged = set(known["site"].unique())
    return tuple(
        site for site, *same in zip(sites, now, before, kept, strict=True) if site in judged and len(set(same)) == 1
    )

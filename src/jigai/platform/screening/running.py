"""One run from its frozen input to the sealed folder, part by part, so that memory does not follow its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

import jigai
from jigai.platform.screening import storage
from jigai.platform.screening.inputs import groups, inputs
from jigai.platform.screening.judging import NAMES, Part, alike, basis_of, judge_again
from jigai.platform.screening.models import Run
from jigai.platform.screening.storage import INPUT, Draft
from jigai.reference import Reference

Progress = Callable[[int, int], None]
"""Called with (lines done, lines in all)."""


@dataclass(frozen=True)
class Frozen:
    """The sites of each part of a run, the lines in all, and the runs in force that judged by the same basis."""

    parts: list[list[int]]
    lines: int
    in_force: Mapping[int, Run]


def freeze(run: Run, draft: Draft, reference: Reference) -> Frozen:
    """Write the input of a run; call it where everything is read as of one moment."""
    sites = sorted(run.sites)
    lines = 0
    for number, frame in enumerate(inputs(sites)):
        draft.write(INPUT, number, frame)
        lines += frame.height
    return Frozen(groups(sites), lines, {} if run.afresh else alike(sites, basis_of(reference)))


def judge_parts(run: Run, draft: Draft, frozen: Frozen, reference: Reference, progress: Progress) -> dict[str, Any]:
    """Judge every part of a frozen run and seal it; return the facts of the run."""
    totals, reused, done, same = Totals(), 0, 0, dict[int, int]()
    for number, sites in enumerate(frozen.parts):
        given = draft.read(INPUT, number)
        said = judge_again(given, reference, sites, frozen.in_force)
        for name in NAMES:
            draft.write(name, number, getattr(said, name))
        totals.add(said)
        reused, done = reused + said.reused, done + given.height
        same |= {site: frozen.in_force[site].pk for site in said.same}
        progress(done, frozen.lines)
    facts = {
        "engine_version": jigai.__version__,
        "reference_hash": reference.content_hash,
        "basis": basis_of(reference),
        "input_hash": draft.hash_of(INPUT),
        "totals": totals.told(),
    }
    told = {**facts, "as_of": run.as_of.isoformat(), "sites": run.sites, "parts": frozen.parts}
    return {**facts, "reused": reused, "same": same, "output_hash": draft.seal(told)}


class Totals:
    """Lines and machines by verdict; an empty quantity counts as one machine."""

    def __init__(self) -> None:
        self._lines: Counter[str] = Counter()
        self._machines: Counter[str] = Counter()

    def add(self, said: Part) -> None:
        """Count one part."""
        quantity = pl.col("quantity").fill_null(1) if "quantity" in said.devices.columns else pl.lit(1)
        counted = said.devices.group_by("verdict").agg(lines=pl.len(), machines=quantity.cast(pl.Int64).sum())
        for verdict, lines, machines in counted.rows():
            self._lines[verdict] += lines
            self._machines[verdict] += machines

    def told(self) -> dict[str, dict[str, int]]:
        """Return the counts as a run keeps them."""
        return {one: {"lines": self._lines[one], "machines": self._machines[one]} for one in sorted(self._lines)}


def is_whole(run: Run) -> bool:
    """Tell whether everything a run said is still there, unchanged."""
    return bool(run.output_hash) and storage.whole(run.output_hash)

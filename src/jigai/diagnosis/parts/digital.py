"""Numerical control, networking and design tools: annual figures first, the ledger where there are none."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.facts import latest
from jigai.diagnosis.model import KNOWN, UNKNOWN
from jigai.diagnosis.parts.ratios import ratio
from jigai.diagnosis.parts.things import asking, of_machines
from jigai.diagnosis.telling import KEY, Told, figures, left_out, together, told

MACHINE_TOOLS: Final = "machine_tool"


def _flagged(case: Case, part: str, way: int, flag: str, machines: pl.DataFrame) -> Told:
    """Return the share of machines whose ledger says yes; an empty cell is not known."""
    frame = machines.select(
        KEY,
        "device_id",
        "machines",
        weight=pl.col("machines").cast(pl.Float64),
        points=pl.col(flag).cast(pl.Float64),
        certainty=pl.lit("secondary"),
        missing=asking(f"attribute:{flag}"),
    )
    return of_machines(case, frame, part, way)


def nc_rate(case: Case) -> Told:
    """Return the share of key processes under NC, PLC or DCS (O8); else by equipment or machine tools."""
    tools = case.machines.filter(pl.col("kind") == MACHINE_TOOLS)
    return together(
        [
            ratio(case, "nc_rate", 1, "key_processes_nc", "key_processes", "secondary"),
            ratio(case, "nc_rate", 2, "key_equipment_nc", "key_equipment", "secondary"),
            _flagged(case, "nc_rate", 3, "cnc", tools),
        ]
    )


def networking(case: Case) -> Told:
    """Return the share of production equipment that is networked (K5)."""
    return together(
        [
            ratio(case, "networking", 1, "equipment_networked", "equipment_total"),
            _flagged(case, "networking", 2, "networked", case.machines),
        ]
    )


def design_tools(case: Case) -> Told:
    """Return whether digital R&D design tools are used (O7): a known no is nothing, an unknown one is unknown."""
    frame = latest(case.facts, ["rd_tools_used"])
    used = (pl.col("rd_tools_used") > 0).cast(pl.Float64)
    parts = frame.select(
        KEY,
        part=pl.lit("design_tools"),
        way=pl.lit(1),
        state=pl.lit(KNOWN),
        value=used,
        label_zh=pl.when(used > 0).then(pl.lit("已应用")).otherwise(pl.lit("未应用")),
        label_en=pl.when(used > 0).then(pl.lit("used")).otherwise(pl.lit("not used")),
        score=used * 100,
        low=used * 100,
        high=used * 100,
        coverage=pl.lit(1.0),
        certainty=pl.lit("transcribed"),
    )
    rest = case.enterprises.join(frame, on=KEY, how="anti")
    return together(
        [
            told(parts, [figures(frame, "design_tools", 1, ["rd_tools_used"])]),
            left_out(rest, "design_tools", 1, UNKNOWN, [("fact", "rd_tools_used")]),
        ]
    )

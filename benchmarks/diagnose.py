"""Diagnosis and appraisal of a city: generated devices dealt out to enterprises, beside screening the same devices."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from jigai.diagnosis import Inputs, diagnose
from jigai.diagnosis.worth import Known, cost
from jigai.reference import Reference
from jigai.reports import fonts
from jigai.reports.enterprise import write_diagnosis
from jigai.screening import screen

CLASSES: Final = ("3391", "3130", "2611", "0810", "3011", "3484")
"""Classes of industry dealt out in turn: foundry, rolling, chemicals, iron ore, cement, machine parts."""
DOCUMENTS: Final = 5
"""Reports written to tell how many come in a second."""
AS_OF: Final = date(2026, 11, 23)


def _screened(path: str, reference: Reference) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    lines = pl.read_parquet(path)
    if "device_id" not in lines.columns:
        lines = lines.with_row_index("device_id").with_columns(pl.col("device_id").cast(pl.String))
    began = time.perf_counter()
    found = screen(lines, reference, AS_OF)
    return found.devices, found.findings, time.perf_counter() - began


def screen_city(path: str) -> dict[str, Any]:
    """Reference of the diagnosis: screen the devices in memory."""
    devices, _findings, seconds = _screened(path, Reference.load(AS_OF))
    return {"seconds": round(seconds, 3), "lines": devices.height}


def diagnose_city(path: str, enterprises: int) -> dict[str, Any]:
    """Diagnose and appraise ``enterprises`` that share the devices evenly; then write a few reports."""
    reference = Reference.load(AS_OF)
    devices, findings, _seconds = _screened(path, reference)
    owner = (pl.int_range(pl.len()) % enterprises).cast(pl.String).alias("enterprise_id")
    devices = devices.with_columns(owner)
    keys = [str(key) for key in range(enterprises)]
    firms = pl.DataFrame(
        {
            "enterprise_id": keys,
            "name": [f"企业{key}" for key in keys],
            "industry_code": [CLASSES[place % len(CLASSES)] for place in range(enterprises)],
            "region": ["510411"] * enterprises,
        }
    )
    running = pl.concat(
        pl.DataFrame({"enterprise_id": keys, "fact": [fact] * enterprises, "number": [value] * enterprises})
        for fact, value in (("hours", 6000.0), ("electricity_price", 0.6))
    )
    known = Known(running=running, places=dict.fromkeys(keys, "四川"))
    inputs = Inputs(firms, devices, findings)
    began = time.perf_counter()
    found = diagnose(inputs, reference, AS_OF)
    diagnosed = time.perf_counter()
    costed = cost(found, devices, known, reference)
    ended = time.perf_counter()
    face = fonts.chinese()
    some = keys[:DOCUMENTS]
    for key in some:
        mine = devices.filter(pl.col("enterprise_id") == key)
        write_diagnosis(costed[key], mine, found.wrong_answers.clear(), face)
    wrote = time.perf_counter() - ended
    return {
        "seconds": round(ended - began, 3),
        "diagnosed_seconds": round(diagnosed - began, 3),
        "lines": devices.height,
        "enterprises": enterprises,
        "measures": sum(len(one.worths) for one in costed.values()),
        "rows_per_second": round(devices.height / (ended - began)),
        "reports_per_second": round(len(some) / wrote, 2),
        "bytes_in": Path(path).stat().st_size,
    }

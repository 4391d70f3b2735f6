"""A costed enterprise out of a few lines, and measures made by hand for what needs no screening."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from tests.diagnosis.cases import Case, inputs, reference
from tests.diagnosis.made import DAY

from jigai.diagnosis import Diagnosis, diagnose
from jigai.diagnosis.model import Measure
from jigai.diagnosis.worth import PRICES, RUNNING, Costed, DeviceWorth, Known, Spread, Worth, cost

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
_OWN = {"running", "prices", "rate", "say"}


def frame(rows: list[dict[str, Any]], schema: dict[str, Any], key: str | None) -> pl.DataFrame:
    full = [{**dict.fromkeys(schema), "enterprise_id": key, **row} for row in rows]
    return pl.DataFrame(full, schema=schema, strict=False)


def case_of(content: dict[str, Any], place: int = 0) -> Case:
    return Case("worth", place, {"as_of": DAY.isoformat(), **{k: v for k, v in content.items() if k not in _OWN}})


@cache
def costed() -> tuple[Costed, ...]:
    """All cases, diagnosed and costed at once, as a city would be: prices of one say nothing of another."""
    cases = [case_of(content, place) for place, content in enumerate(CASES)]
    given = inputs(cases, DAY)
    found = diagnose(given, reference(DAY), DAY)
    keys = [case.key for case in cases]
    known = Known(
        running=pl.concat(frame(c.get("running", []), RUNNING, k) for c, k in zip(CASES, keys, strict=True)),
        prices=pl.concat(frame(c.get("prices", []), PRICES, k) for c, k in zip(CASES, keys, strict=True)),
        places={k: "四川" for c, k in zip(CASES, keys, strict=True) if "region" in c["enterprise"]},
        rate=0.08,
    )
    with_rate = cost(found, given.devices, known, reference(DAY))
    without = cost(found, given.devices, Known(known.running, known.prices, places=known.places), reference(DAY))
    return tuple((with_rate if "rate" in c else without)[k] for c, k in zip(CASES, keys, strict=True))


def diagnosis(costed: Costed) -> Diagnosis:
    return costed.diagnosis


def measure(key: str = "a/rule/x", **more: Any) -> Measure:
    said: dict[str, Any] = {
        "id": key, "rule": "low_grade", "order": 100, "kind": "replace", "standing": "advise", "law": False,
        "zh": "更换电动机", "en": "replace", "device_kind": "motor", "devices": ("d1",), "lines": (), "items": (),
        "machines": 1, "power_kw": 11.0, "fit_zh": None, "fit_en": None, "basis_zh": "依据", "basis_en": "basis",
        "deadline": None, "certainty": "transcribed", "why": (), "directions": (), "missing": (),
    }  # fmt: skip
    return Measure(**{**said, **more})


def row(device: str, tce: float | None, machine: str | None = None, **more: Any) -> DeviceWorth:
    amount = None if tce is None else Spread(tce / 2, tce, tce * 2)
    said: dict[str, Any] = {
        "device_id": device, "appraisal": "motor_replacement", "machine": machine or device, "machines": 1,
        "status": "appraised", "unit": "kWh", "before": 2.0, "after": 1.0, "saving": amount, "tce": amount,
        "co2": amount, "money": amount, "inputs": "hours=6000@enterprise", "assumptions": "", "missing": (),
        "refused": None, "certainty": "transcribed", "origin": "enterprise", "sample": False,
    }  # fmt: skip
    return DeviceWorth(**{**said, **more})


def worth(key: str, *rows: DeviceWorth, **more: Any) -> Worth:
    said: dict[str, Any] = {
        "measure": key, "machines": len(rows), "appraised": len(rows), "devices": rows, "tce": None, "co2": None,
        "money": None, "price": None, "returns": None, "aids": (), "why": (), "sample": any(r.sample for r in rows),
    }  # fmt: skip
    return Worth(**{**said, **more})

"""Small screenings in the documented shapes, for tests of what is written from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reports.run import GapNote, Run, Source
from jigai.screening import Screening
from jigai.screening.schema import FINDING

AS_OF = date(2026, 11, 23)

PROBLEM = {
    "source_file": pl.String(), "sheet": pl.String(), "row": pl.Int64(), "column": pl.String(),
    "severity": pl.String(), "code": pl.String(), "message_zh": pl.String(), "message_en": pl.String(),
    "raw": pl.String(),
}  # fmt: skip

DEVICE_EXTRA = {"verdict": pl.String(), "missing": pl.String(), "cells": pl.String()}

KINDS = {"motor": "电动机", "transformer": "变压器", "pump": "水泵"}


def device(number: int, verdict: str, **values: Any) -> dict[str, Any]:
    """One judged ledger line."""
    line = {
        "device_id": f"d{number}", "source_file": "01_rolling_mill.xlsx", "sheet": "台账", "row": number,
        "kind": "motor", "name": "风机电机", "model": "Y280S-4", "quantity": 1, "use_state": "在用",
        "power_kw": 75.0, "made_year": 1998, "verdict": verdict, "missing": "", "cells": f"model=C{number}",
    }  # fmt: skip
    return line | values


def finding(number: int, outcome: str, **values: Any) -> dict[str, Any]:
    """One finding about line ``number``."""
    line = {
        "device_id": f"d{number}", "check": "elimination", "outcome": outcome, "mandatory": outcome == "eliminate",
        "basis": "nameplate", "rule_id": "B3-1", "document": "高耗能落后机电设备（产品）淘汰目录（第三批）",
        "clause": "第1项", "certainty": "transcribed", "missing": None, "deadline": None,
        "reason_zh": f"{outcome}的理由", "reason_en": f"reason of {outcome}", "dataset": "elimination-3",
    }  # fmt: skip
    return line | values


def problem(row: int | None, severity: str, **values: Any) -> dict[str, Any]:
    """One problem of the first workbook."""
    line = {
        "source_file": "01_rolling_mill.xlsx", "sheet": "台账", "row": row, "column": "F", "severity": severity,
        "code": "share_not_percent", "message_zh": "效率写成了小数，是否为91.7%？", "message_en": "Is it 91.7 %?",
        "raw": "0.917",
    }  # fmt: skip
    return line | values


def devices_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Devices as the screening returns them."""
    dtypes = {**attribute_dtypes(), **DEVICE_EXTRA}
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(device(1, "keep"))
    return pl.DataFrame(rows, schema={name: dtypes[name] for name in names})


def findings_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Findings as the screening returns them."""
    return pl.DataFrame(rows, schema={"device_id": pl.String(), **FINDING})


def problems_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Problems as reading returns them."""
    return pl.DataFrame(rows, schema=PROBLEM)


def screening(devices: list[dict[str, Any]], findings: list[dict[str, Any]]) -> Screening:
    """A screening of these lines."""
    return Screening(devices=devices_frame(devices), findings=findings_frame(findings), problems=problems_frame([]))


def source(**values: Any) -> Source:
    """The third batch of the elimination catalogue as a run shows it."""
    facts: dict[str, Any] = {
        "id": "elimination-3", "title_zh": "高耗能落后机电设备（产品）淘汰目录（第三批）", "title_en": "Batch 3",
        "issuer": "工业和信息化部", "number": "工业和信息化部公告2014年第16号", "number_certainty": "recalled",
        "in_force_from": date(2014, 3, 6), "in_force_to": None, "check": "elimination", "binds": "use",
        "certainty": "transcribed", "source": "", "rows": 300, "doubts": ("第7项型号模糊",), "version": "2026.11",
        "content_hash": "cd" * 32,
    }  # fmt: skip
    return Source(**(facts | values))


def run(**values: Any) -> Run:
    """The facts of a small run."""
    facts: dict[str, Any] = {
        "as_of": AS_OF, "engine_version": "0.1.0", "reference_hash": "ab" * 32, "input_hash": "12" * 32,
        "files": ("01_rolling_mill.xlsx", "bad.xlsx"), "sources": (source(),),
        "gaps": (GapNote("变压器能效", "GB 20052-2020", "edition", "GB 20052-2020的限值表未收录", "tables not held"),),
        "kinds": KINDS,
    }  # fmt: skip
    return Run(**(facts | values))


def small() -> tuple[Screening, pl.DataFrame]:
    """One line of every verdict, with quantities, an idle and a dismantled machine, and problems."""
    lines = [
        device(5, "must_replace", quantity=2),
        device(6, "should_replace", quantity=3, name="水泵电机", use_state="闲置"),
        device(7, "needs_data", kind="transformer", name="变压器", model="S9-1000/10", power_kw=None,
               capacity_kva=1000.0, made_year=None, missing="made_year;no_load_loss_w"),
        device(8, "keep", quantity=None, model="YE4-315L1-6", power_kw=110.0, made_year=2022),
        device(9, "unknown_kind", kind=None, name="设备", model=None, power_kw=None),
        device(10, "must_replace", quantity=4, use_state="已拆除"),
    ]  # fmt: skip
    found = [
        finding(5, "eliminate", deadline="2015-12-31"),
        finding(5, "below_limit", check="efficiency", mandatory=False, basis="inferred", dataset="gb18613-2020",
                document="GB 18613-2020", metric="efficiency_pct", value=92.3, limit=93.9, unit="%"),
        finding(6, "eliminate", basis="inferred", mandatory=False),
        finding(7, "clear"),
        finding(7, "undecided", check="efficiency", missing="no_load_loss_w;made_year", dataset="gb20052-2024"),
        finding(8, "clear"),
        finding(8, "grade_2", check="efficiency", metric="efficiency_pct", value=95.6, limit=95.6),
        finding(9, "out_of_scope"),
        finding(10, "eliminate", deadline="立即"),
    ]  # fmt: skip
    problems = [
        problem(8, "note", code="hidden_row"),
        problem(7, "question"),
        problem(None, "refused", source_file="bad.xlsx", sheet=None, column=None, raw=None, message_zh="文件已损坏"),
    ]  # fmt: skip
    return screening(lines, found), problems_frame(problems)

"""The sample city as frames of a diagnosis, drawn without the site: enterprises, ledgers, figures and lines."""

from __future__ import annotations

from typing import Any

import polars as pl
from tests.diagnosis.cases import frame

from jigai.diagnosis import Inputs
from jigai.diagnosis.inputs import ENTERPRISE, FACT, line_columns
from jigai.ledger.columns import attribute_dtypes
from jigai.platform.sample.devices import devices
from jigai.platform.sample.figures import firm_figures, site_figures
from jigai.platform.sample.firms import Firm, firms
from jigai.reference import Reference
from jigai.screening import screen

YEARS = (2024, 2025)
FLAGS = {"是": 1.0, "否": 0.0}


def city(reference: Reference, size: int, factor: float) -> Inputs:
    """Return the first ``size`` enterprises of the sample city; ``factor`` makes ledgers longer or shorter."""
    drawn = list(firms(size))
    ledger = [row for firm in drawn for row in _devices(firm, reference, factor)]
    types = {"device_id": pl.String(), "enterprise_id": pl.String(), **attribute_dtypes()}
    used = {name for row in ledger for name in row}
    lines = frame(ledger, {name: dtype for name, dtype in types.items() if name in used})
    screened = screen(lines.drop("enterprise_id"), reference, reference.as_of)
    return Inputs(
        enterprises=frame([_enterprise(firm) for firm in drawn], ENTERPRISE),
        devices=screened.devices.join(lines.select("device_id", "enterprise_id"), on="device_id"),
        findings=screened.findings,
        lines=frame([row for firm in drawn for row in _lines(firm)], line_columns()),
        facts=frame([row for firm in drawn for row in _facts(firm)], FACT),
    )


def _enterprise(firm: Firm) -> dict[str, Any]:
    size = "大型" if firm.scale > 4 else "中型" if firm.scale > 1 else "小型"
    return {
        "enterprise_id": str(firm.number),
        "name": firm.name,
        "industry_code": firm.industry,
        "size": size,
        "region": firm.sites[0].county,
    }


def _devices(firm: Firm, reference: Reference, factor: float) -> list[dict[str, Any]]:
    rows = []
    for place, line in enumerate(devices(firm, reference, factor)):
        cells = {name: _number(value) for name, value in line.cells.items()}
        told = {"made_year": line.made, "in_service_year": line.in_service, "quantity": line.quantity}
        who = {"device_id": f"{firm.number}-{place}", "enterprise_id": str(firm.number)}
        rows.append({**who, "name": line.name, "model": line.model, "use_state": line.use_state, **told, **cells})
    return rows


def _number(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return value


def _lines(firm: Firm) -> list[dict[str, Any]]:
    return [
        {
            "enterprise_id": str(firm.number),
            "line": f"{firm.number}-{at}-{place}",
            "product": line.product,
            "process": line.process,
            "unit_energy": line.unit_energy,
            "unit_energy_unit": line.energy_unit,
            "line_energy": line.capacity,
            "environmental_grade": line.grade or None,
        }
        for at, site in enumerate(firm.sites)
        for place, line in enumerate(site.lines)
    ]


def _facts(firm: Firm) -> list[dict[str, Any]]:
    rows = []
    for year in YEARS:
        said = [(None, firm_figures(firm, year) or {})]
        said += [(str(at), site_figures(firm, at, year, 20) or {}) for at in range(len(firm.sites))]
        for site, values in said:
            for name, text in values.items():
                number = FLAGS.get(text, _number(text))
                row = {"enterprise_id": str(firm.number), "site": site, "year": year, "attribute": name, "text": text}
                rows.append(row | ({"number": number} if isinstance(number, float) else {}))
    return rows

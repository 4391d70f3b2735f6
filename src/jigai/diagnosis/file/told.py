"""What a file of facts says, ready to be joined with the devices of a screening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from jigai.appraisal.support.case import Case
from jigai.diagnosis.file.faults import FactsError, Fault
from jigai.diagnosis.file.tree import Path, Tree
from jigai.diagnosis.inputs import ANSWER, ENTERPRISE, FACT, Inputs, line_columns
from jigai.diagnosis.worth.given import PRICES, RUNNING, Known

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """The content of a file, by enterprise ``key``; ``running`` and ``prices`` still name devices as people do.

    ``places`` are where in the file each of their rows stands, so that a device that is not in the ledger is told with
    its line.
    """

    key: str
    tree: Tree
    enterprise: Row
    facts: tuple[Row, ...]
    answers: Mapping[str, str]
    lines: tuple[Row, ...]
    running: tuple[tuple[Path, Row], ...]
    prices: tuple[tuple[Path, Row], ...]
    case: Case
    place: str | None
    rate: float | None

    def inputs(self, devices: pl.DataFrame, findings: pl.DataFrame) -> Inputs:
        """Return what is diagnosed: this enterprise with the devices and findings of one screening."""
        mine = {"enterprise_id": self.key}
        return Inputs(
            enterprises=_frame([self.enterprise], ENTERPRISE),
            devices=devices.with_columns(enterprise_id=pl.lit(self.key)),
            findings=findings,
            lines=_frame([{**mine, **one} for one in self.lines], line_columns()),
            facts=_frame([{**mine, **one} for one in self.facts], FACT),
            answers=_frame([{**mine, "key": key, "value": value} for key, value in self.answers.items()], ANSWER),
        )

    def known(self, devices: pl.DataFrame) -> Known:
        """Return how the machines run and what things cost, with devices by their line of the ledger.

        The running hours of the questionnaire hold for all machines nobody told hours of.

        Raises:
            FactsError: devices that are not in the ledger, or numbers that several lines have.
        """
        named = _Named(devices, self.tree)
        running = [named.row(path, row) for path, row in self.running]
        prices = [named.row(path, row) for path, row in self.prices]
        if named.faults:
            raise FactsError(named.faults)
        hours = self.answers.get("running_hours")
        general = any(one["fact"] == "hours" and not one.get("device_id") and not one.get("kind") for one in running)
        if hours is not None and not general and _is_number(hours):
            running.append({"fact": "hours", "number": float(hours)})
        mine = {"enterprise_id": self.key}
        return Known(
            running=_frame([{**mine, **one} for one in running], RUNNING),
            prices=_frame([{**mine, **one} for one in prices], PRICES),
            support={self.key: replace(self.case, tax_payable={})},
            places={self.key: self.place} if self.place else {},
            rate=self.rate,
        ).checked()


class _Named:
    """Finds ledger lines by equipment number, or by sheet and row."""

    def __init__(self, devices: pl.DataFrame, tree: Tree) -> None:
        self._tree = tree
        self._found: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        columns = [name for name in ("code", "sheet", "row") if name in devices.columns]
        for row in devices.select("device_id", *columns).iter_rows(named=True):
            names = {row["device_id"], row.get("code"), f"{row.get('sheet')}!{row.get('row')}"}
            for name in names - {None, ""}:
                self._found.setdefault(str(name), []).append(row["device_id"])

    def row(self, path: Path, row: Row) -> Row:
        device = row.get("device_id")
        if device is None:
            return row
        found = self._found.get(str(device), [])
        if len(found) != 1:
            code, count = ("device", "0") if not found else ("device_several", str(len(found)))
            self.faults.append(self._tree.fault((*path, "device"), code, value=device, count=count))
            return row
        return {**row, "device_id": found[0]}


def _frame(rows: list[Row], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    texts = {name for name, dtype in schema.items() if dtype == pl.String()}
    clean = [{name: _text(row.get(name), text=name in texts) for name in schema} for row in rows]
    return pl.DataFrame(clean, schema=dict(schema), strict=False)


def _text(value: object, *, text: bool) -> object:
    return str(value) if text and value is not None else value


def _is_number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False

"""The peer as a whole: read the model of one device, then run the five checks on it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from benchmarks.peer.conditions import Device, exact
from benchmarks.peer.efficiency import Efficiency
from benchmarks.peer.figures import Figures
from benchmarks.peer.findings import Finding
from benchmarks.peer.lists import Lists
from benchmarks.peer.others import ServiceLife, TwoHigh
from benchmarks.peer.reading import Reader
from benchmarks.peer.verdict import settle
from jigai.reference import Reference


class Screened(NamedTuple):
    """The findings of a device, and kind, subkind, verdict and missing attributes for the devices table."""

    findings: list[Finding]
    settled: tuple[str | None, str | None, str, str | None]


class Peer:
    """All tables, read and parsed once; :meth:`judge` is all that runs per device."""

    def __init__(self, reference: Reference, as_of: date) -> None:
        """Read every dataset in force."""
        self.reader = Reader(reference)
        self.lists = [
            Lists(reference, check, self.reader.model_keys_of, self.reader.series_keys_of)
            for check in ("elimination", "guidance")
        ]
        self.figures = Figures(reference)
        self.efficiency = Efficiency(reference)
        self.service_life = ServiceLife(reference, as_of)
        self.two_high = TwoHigh(reference)

    def judge(self, cells: Device) -> list[Finding]:
        """Return all findings of the device with these ledger cells (null where empty)."""
        return self.screen(cells).findings

    def screen(self, cells: Device) -> Screened:
        """Return what is written of the device: its findings and its line of the devices table."""
        device = {name: exact(value) for name, value in cells.items()}
        self.reader.read(device)
        findings = [finding for lists in self.lists for finding in lists.check(device)]
        measured = dict(device)
        self.figures.add(measured)
        findings.append(self.efficiency.check(measured))
        findings.append(self.service_life.check(device))
        findings.append(self.two_high.check(device))
        verdict, missing = settle(device, findings)
        return Screened(findings, (device.get("kind"), device.get("subkind"), verdict, missing))

"""The verdict of one device by the decision table, and what it still lacks."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peer.conditions import Device
from benchmarks.peer.findings import Finding
from jigai.screening.verdict import ADVERSE, DECIDING, IN_USE, ORDERING, verdict_table


def settle(device: Device, findings: list[Finding]) -> tuple[str, str | None]:
    """Return verdict and missing attributes (``;``-joined) of a device with these findings."""
    facts: dict[str, Callable[[], bool]] = {
        "kind_unknown": lambda: device.get("kind") is None,
        "order": lambda: device.get("use_state") in (None, *IN_USE) and any(map(_orders, findings)),
        "adverse": lambda: any(finding.outcome in ADVERSE for finding in findings),
        "open": lambda: any(finding.outcome == "undecided" and finding.check in ORDERING for finding in findings),
        "decided": lambda: any(
            finding.check in DECIDING and finding.outcome not in ("undecided", "out_of_scope") for finding in findings
        ),
        "nothing": lambda: True,
    }
    verdict = next(name for name, when in verdict_table() if facts[when]())
    names = [
        name
        for finding in findings
        if finding.outcome == "undecided" and finding.check in DECIDING
        for name in (finding.missing or "").split(";")
        if name
    ]
    return verdict, ";".join(dict.fromkeys(names)) or None


def _orders(finding: Finding) -> bool:
    sure = finding.certainty == "transcribed" and finding.basis in ("ledger", "nameplate")
    return finding.outcome == "eliminate" and finding.mandatory and sure

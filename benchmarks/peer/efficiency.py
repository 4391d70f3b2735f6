"""Check ``efficiency`` on one device: which product it is, and what the standard of the product says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from benchmarks.peer.conditions import Device, Rule, compile_rule
from benchmarks.peer.findings import Finding
from benchmarks.peer.standard import Standard
from jigai.reference import Reference
from jigai.screening.efficiency.standards import rules_in_force


@dataclass(frozen=True)
class Scope:
    """One row of the decision list that says which product a device is."""

    rule: Rule
    product: str | None
    ask: bool
    otherwise: tuple[str, ...]


class Efficiency:
    """All efficiency standards in force, read once."""

    def __init__(self, reference: Reference) -> None:
        """Read the standards, the products and the decision lists."""
        self.standards = {product: Standard(rule) for product, rule in rules_in_force(reference).items()}
        self.scopes: dict[str, list[Scope]] = defaultdict(list)
        self.named: dict[tuple[str, str], str] = {}
        rows: list[dict[str, Any]] = []
        for dataset in reference.datasets.values():
            if not {"products", "scope"} <= set(dataset.tables):
                continue
            for row in dataset.tables["products"].iter_rows(named=True):
                for name in [row["product"], *(row["also"] or [])]:
                    self.named[row["kind"], name] = row["product"]
            rows += dataset.tables["scope"].iter_rows(named=True)
        for row in sorted(rows, key=lambda row: row["order"]):
            rule, otherwise = compile_rule(row["condition"]), tuple(row["otherwise"] or ())
            self.scopes[row["kind"]].append(Scope(rule, row["product"], bool(row["ask"]), otherwise))
        self.kinds = {kind for kind, _ in self.named}

    def check(self, device: Device) -> Finding:
        """Return the finding of one device, whose figures are filled in."""
        kind = device.get("kind")
        if kind is None:
            return _undecided("kind")
        if kind not in self.kinds:
            return Finding("efficiency", "out_of_scope", reason_zh="没有适用标准", reason_en="no standard applies")
        product, missing = self._product(kind, device)
        if product in self.standards:
            return self.standards[product].judge(device)
        if product is not None:
            return _undecided("版本未收录")
        if missing:
            return _undecided(";".join(missing))
        return Finding("efficiency", "out_of_scope", reason_zh="不在范围", reason_en="out of scope")

    def _product(self, kind: str, device: Device) -> tuple[str | None, list[str]]:
        named = self.named.get((kind, device.get("subkind") or ""))
        if named is not None:
            return named, []
        open_fields: dict[str, None] = {}
        for scope in self.scopes[kind]:
            if scope.rule.test(device) is True:
                return scope.product, list(scope.otherwise)
            if scope.ask:
                open_fields |= dict.fromkeys(scope.rule.missing(device))
        return None, list(open_fields)


def _undecided(missing: str) -> Finding:
    return Finding(
        "efficiency", "undecided", missing=missing, reason_zh=f"缺少：{missing}", reason_en=f"missing: {missing}"
    )

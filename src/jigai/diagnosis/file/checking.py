"""Entries of a file of facts checked one by one; every fault is kept with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jigai.diagnosis.file.faults import Fault
from jigai.diagnosis.file.tree import Path, Tree


class Checker:
    """Looks entries up in a `Tree` and keeps what is wrong in ``faults``."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults: list[Fault] = []

    def wrong(self, path: Path, code: str, **values: object) -> None:
        """Keep a fault."""
        self.faults.append(self.tree.fault(path, code, **values))

    def block(self, within: Mapping[str, Any], path: Path, known: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the block at the end of ``path``; absent is empty; entries not ``known`` are faults."""
        found = within.get(str(path[-1])) if path else within
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.wrong(path, "shape", name=path[-1] if path else self.tree.file, wanted="名称: 值 / name: value")
            return {}
        return self.known({str(key): value for key, value in found.items()}, path, known)

    def known(self, block: dict[str, Any], path: Path, known: Iterable[str] | None) -> dict[str, Any]:
        """Return the entries of a block that are known and filled in."""
        if known is not None:
            names = list(known)
            for name in [one for one in block if one not in names]:
                self.wrong((*path, name), "unknown", name=name, known="、".join(names))
                del block[name]
        return {name: value for name, value in block.items() if value is not None}

    def several(self, within: Mapping[str, Any], name: str, known: Iterable[str] | None) -> list[dict[str, Any]]:
        """Return a list of blocks; those of another shape are faults."""
        found = within.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self.wrong((name,), "shape", name=name, wanted="“- ”开头的列表 / a list")
            return []
        blocks = []
        for number, one in enumerate(found):
            if isinstance(one, Mapping):
                blocks.append(self.known({str(k): v for k, v in one.items()}, (name, number), known))
            else:
                self.wrong((name, number), "shape", name=name, wanted="名称: 值 / name: value")
                blocks.append({})
        return blocks

    def number(self, path: Path, value: object, limits: Mapping[str, str] | None = None) -> float | None:
        """Return a number within its limits (``least``, ``most``, ``unit``; blank for none)."""
        name = path[-1]
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            self.wrong(path, "number", name=name, value=value)
            return None
        least, most = (limits or {}).get("least", ""), (limits or {}).get("most", "")
        if (least and value < float(least)) or (most and value > float(most)):
            unit = (limits or {}).get("unit", "")
            self.wrong(path, "range", name=name, least=least or "-∞", most=most or "∞", unit=unit, value=value)
            return None
        return float(value)

    def choice(self, path: Path, value: object, known: Iterable[str]) -> str | None:
        """Return one of some words."""
        names = list(known)
        if str(value) in names:
            return str(value)
        self.wrong(path, "choice", name=path[-1], value=value, known="、".join(names))
        return None

    def flag(self, path: Path, value: object) -> bool:
        """Return true or false; anything else is a fault and counts as false."""
        if isinstance(value, bool):
            return value
        self.wrong(path, "flag", name=path[-1], value=value)
        return False

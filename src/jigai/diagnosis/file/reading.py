"""Reads a file of facts: every entry checked, every fault told with its line and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Final

from jigai.appraisal.economics.capital import ORIGINS
from jigai.appraisal.support.case import Case
from jigai.appraisal.support.reading import CaseError, read_case
from jigai.appraisal.support.rules import rules as support_rules
from jigai.appraisal.tables import keyed as facts_of
from jigai.diagnosis.file.checking import Checker
from jigai.diagnosis.file.faults import FactsError, Fault
from jigai.diagnosis.file.told import Row, Told
from jigai.diagnosis.file.tree import Path, Tree
from jigai.diagnosis.inputs import line_columns
from jigai.diagnosis.measures.rules import rules as measure_rules
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.questionnaire.asked import SIZES
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.worth.given import TEXT_FACTS
from jigai.reference import Reference

HEAD: Final = (
    "enterprise", "facts", "answers", "lines", "running", "prices", "support", "discount_rate", "grid_place",
)  # fmt: skip
_ENTERPRISE: Final = ("id", "name", "industry", "size", "region", "products")
_FOR: Final = ("device", "kind", "origin", "sample")
_MONEY: Final = ("unit_yuan", "kw_yuan", "whole_yuan", "more_yuan", "old_yuan", "vat_yuan")
_WAYS: Final = _MONEY[:3]
_PRICE: Final = (*_FOR, "rule", "document", "life_years", *_MONEY)
_AMOUNT: Final = {"least": "0", "most": "1e11", "unit": "元"}
_LIFE: Final = {"least": "1", "most": "60", "unit": "年"}
_VALUE: Final = ("value", "low", "high", "origin", "sample")


def read_facts(path: FilePath, reference: Reference) -> Told:
    """Return what the file says.

    Raises:
        FactsError: it cannot be opened or read, or entries are wrong: all of them, with line and remedy.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FactsError([Fault(path.name, None, "", "not_found")]) from error
    except OSError as error:
        raise FactsError([Fault(path.name, None, "", "unreadable", {"detail": str(error)})]) from error
    return _Reader(Tree(content, path.name), reference).told()


class _Reader(Checker):
    def __init__(self, tree: Tree, reference: Reference) -> None:
        super().__init__(tree)
        table = reference.table("kinds", "kinds").select("kind", "zh")
        self._kinds = {name: kind for kind, zh in table.iter_rows() for name in (kind, zh)}
        self._support = support_rules(reference)

    def told(self) -> Told:
        content = self.block(self.tree.content, (), HEAD)
        said = self.block(content, ("enterprise",), _ENTERPRISE)
        if not str(said.get("name", "")).strip():
            self.wrong(("enterprise",), "missing", name="name")
        if "size" in said:
            self.choice(("enterprise", "size"), said["size"], SIZES)
        region = str(said["region"]) if "region" in said else None
        key = str(said.get("id", "1"))
        place = content.get("grid_place")
        told = Told(
            key=key,
            tree=self.tree,
            enterprise={
                "enterprise_id": key,
                "name": str(said.get("name", "")),
                "industry_code": said.get("industry"),
                "size": said.get("size"),
                "region": region,
                "products": said.get("products") or [],
            },
            facts=tuple(self._facts(self.block(content, ("facts",)))),
            answers=self._answers(self.block(content, ("answers",))),
            lines=tuple(self._lines(content)),
            running=tuple(self._running(content)),
            prices=tuple(self._prices(content)),
            case=self._case(self.block(content, ("support",))),
            place=str(place) if place else _place(region),
            rate=self._rate(content),
        )
        if self.faults:
            raise FactsError(self.faults)
        return told

    def _facts(self, block: Mapping[str, Any]) -> list[Row]:
        rows = []
        names = keyed("facts.csv", "name")
        for year, values in block.items():
            if not (year.isdigit() and len(year) == 4):
                self.wrong(("facts", year), "year", value=year)
                continue
            for name, value in self.block({year: values}, ("facts", year), names).items():
                row: Row = {"year": int(year), "attribute": name, "text": str(value)}
                path = ("facts", year, name)
                if names[name]["type"] == "choice":
                    rows.append(row)
                    continue
                if names[name]["type"] == "flag":
                    number: float | None = float(self.flag(path, value))
                else:
                    number = self.number(path, value, {"least": "0"})
                rows.append({**row, "number": number})
        return rows

    def _answers(self, block: Mapping[str, Any]) -> dict[str, str]:
        words = {True: "是", False: "否"}
        known = [one.key for one in Questionnaire.shipped()]
        said = self.known(dict(block), ("answers",), known)
        return {key: words[one] if isinstance(one, bool) else str(one) for key, one in said.items()}

    def _lines(self, content: Mapping[str, Any]) -> list[Row]:
        columns = {name: str(dtype) for name, dtype in line_columns().items() if name != "enterprise_id"}
        found = []
        for number, block in enumerate(self.several(content, "lines", columns)):
            for name, value in block.items():
                if columns[name] == "Float64":
                    self.number(("lines", number, name), value)
            found.append({"line": f"产线{number + 1}", **block})
        return found

    def _running(self, content: Mapping[str, Any]) -> list[tuple[Path, Row]]:
        facts = facts_of("facts", "key")
        found = []
        for number, block in enumerate(self.several(content, "running", (*_FOR, *facts, *TEXT_FACTS))):
            path: Path = ("running", number)
            common = self._what(path, block)
            for name, value in block.items():
                if name in _FOR:
                    continue
                row = {**common, "fact": name}
                if name in TEXT_FACTS:
                    row["text"] = str(value)
                else:
                    row |= self._figure((*path, name), value, facts[name])
                found.append((path, row))
        return found

    def _figure(self, path: Path, value: object, limits: Mapping[str, str]) -> Row:
        if not isinstance(value, Mapping):
            return {"number": self.number(path, value, limits)}
        said = self.known({str(key): one for key, one in value.items()}, path, _VALUE)
        if "value" not in said:
            self.wrong(path, "missing", name="value")
        row: Row = {
            column: self.number((*path, name), said[name], limits)
            for name, column in (("value", "number"), ("low", "low"), ("high", "high"))
            if name in said
        }
        return row | self._source(path, said)

    def _prices(self, content: Mapping[str, Any]) -> list[tuple[Path, Row]]:
        found = []
        for number, block in enumerate(self.several(content, "prices", _PRICE)):
            path: Path = ("prices", number)
            row = self._what(path, block)
            if "rule" in block:
                if block["rule"] in (known := [one.key for one in measure_rules()]):
                    row["rule"] = block["rule"]
                else:
                    self.wrong((*path, "rule"), "rule", value=block["rule"], known="、".join(known))
            if not {"device", "kind", "rule"} & set(block):
                self.wrong(path, "price_for")
            if sum(name in block for name in _WAYS) != 1:
                self.wrong(path, "price_way")
            for name in (*_MONEY, "life_years"):
                if name in block:
                    row[name] = self.number((*path, name), block[name], _LIFE if name == "life_years" else _AMOUNT)
            row["document"] = block.get("document")
            found.append((path, row))
        return found

    def _what(self, path: Path, block: Mapping[str, Any]) -> Row:
        """Return what an entry is for and where it comes from."""
        row: Row = self._source(path, block)
        if "device" in block:
            row["device_id"] = str(block["device"])
        if "kind" in block:
            row["kind"] = self._kinds.get(str(block["kind"]))
            if row["kind"] is None:
                known = "、".join(one for one in self._kinds if not one.isascii())
                self.wrong((*path, "kind"), "kind", value=block["kind"], known=known)
        return row

    def _source(self, path: Path, block: Mapping[str, Any]) -> Row:
        row: Row = {}
        if "origin" in block:
            row["origin"] = self.choice((*path, "origin"), block["origin"], ORIGINS)
        if "sample" in block:
            row["sample"] = self.flag((*path, "sample"), block["sample"])
        return row

    def _case(self, block: Mapping[str, Any]) -> Case:
        """Read the facts for the support calculator block by block, so that each mistake has its line."""
        case = Case()
        for name, value in block.items():
            if name == "tax_payable":
                self.wrong(("support", name), "tax_payable")
            elif name in ("items", "loans") and isinstance(value, list):
                parts = [self._part({name: [one]}, ("support", name, number)) for number, one in enumerate(value)]
                several: dict[str, Any] = {name: tuple(one for part in parts for one in getattr(part, name))}
                case = replace(case, **several)
            elif name in ("enterprise", "project"):
                case = replace(case, **{name: getattr(self._part({name: value}, ("support", name)), name)})
            else:
                known = "、".join(("enterprise", "project", "items", "loans"))
                self.wrong(("support", name), "unknown", name=name, known=known)
        return case

    def _part(self, content: Mapping[str, Any], path: Path) -> Case:
        try:
            return read_case(content, self._support)
        except CaseError as error:
            for one in error.problems:
                self.wrong(path, "support", zh=one.zh, en=one.en)
        except (AttributeError, TypeError):
            self.wrong(path, "shape", name=path[-1], wanted="名称: 值 / name: value")
        return Case()

    def _rate(self, content: Mapping[str, Any]) -> float | None:
        if "discount_rate" not in content:
            return None
        rate = self.number(("discount_rate",), content["discount_rate"])
        if rate is not None and not 0 <= rate < 1:
            self.wrong(("discount_rate",), "rate", value=rate)
        return rate


def _place(region: str | None) -> str | None:
    """Return whose grid factor holds for a division code: its province (``data/grid_places.csv``); None if not held."""
    row = keyed("grid_places.csv", "code").get((region or "")[:2])
    return row["place"] if row else None

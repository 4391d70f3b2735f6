"""Checks ``elimination`` and ``guidance`` on one device: which rows of the lists may speak of it, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.peer.conditions import Answer, Device, Rule, compile_rule, exact
from benchmarks.peer.findings import Finding
from benchmarks.peer.silence import is_named, series_of_models
from jigai.ledger.columns import attribute, attribute_dtypes
from jigai.reference import Dataset, Reference
from jigai.reference.condition import parse

TEXTS = (
    *("name", "model", "kind_text", "type", "structure", "furnace_type", "process_type", "product", "use"),
    *("grate_type", "brake", "conductor"),
)
"""Attributes in which the words of a row are looked for."""
Keys = Callable[[str, str], Iterable[str]]
"""The keys a kind's model or series text is matched by."""


@dataclass(frozen=True)
class Row:
    """One row of a list with its conditions read; ``common`` is what all rows of its series demand."""

    number: int
    facts: dict[str, Any]
    dataset: Dataset
    condition: Rule
    common: Rule
    figure: tuple[str | None, Any, str | None]
    common_figure: tuple[str | None, Any, str | None]

    def words(self, device: Device, text: str) -> Answer:
        """Settle the words asked for and the words ruled out."""
        any_of, none_of, asks = self.facts["name_any"], self.facts["name_not"], self.facts["asks"]
        if none_of and any(word in text for word in none_of):
            return False
        is_open = asks is not None and device.get(asks) is None
        if any_of:
            return True if any(word in text for word in any_of) else None if is_open else False
        return None if is_open else True


class Lists:
    """All lists of one check in force, read once into dictionaries."""

    def __init__(self, reference: Reference, check: str, model_keys: Keys, series_keys: Keys) -> None:
        """Index the rows by the keys of their models and series and by kind."""
        self.check_name = check
        kinds = reference.table("kinds", "kinds").iter_rows(named=True)
        self.groups = {row["kind"]: row["group"] for row in kinds}
        self.models: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        self.series: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        self.kinds: dict[str, list[Row]] = defaultdict(list)
        self.spoken: dict[str, str] = {}
        self.not_held = {
            kind: gap.text_zh
            for gap in reversed(reference.gaps)
            if gap.kind == "edition" and gap.check == check
            for kind in gap.equipment_kinds
        }
        self.rows: list[Row] = []
        for dataset in reference.by_check(check):
            for kind in dataset.speaks_for:
                self.spoken[kind] = self.spoken.get(kind, "") + f"《{dataset.title_zh}》"
            self._read(dataset, model_keys, series_keys)
        self.only_series = series_of_models(self.models)
        numbers = {(row.facts["kind"], row.figure[0]) for rows in self.kinds.values() for row in rows}
        self.sized = {kind for kind, name in numbers if name is not None and attribute(name).type == "number"}
        self.parts = [
            (kind, compile_rule(gap.condition), gap.text_zh)
            for dataset in reference.by_check(check)
            for gap in dataset.gaps
            if gap.kind == "part" and gap.condition
            for kind in gap.equipment_kinds
        ]
        self.by_model = {group for group, _ in (*self.models, *self.series)}

    def _read(self, dataset: Dataset, model_keys: Keys, series_keys: Keys) -> None:
        facts = list(dataset.tables["rules"].iter_rows(named=True))
        shared: dict[tuple[str, str], set[str]] = {}
        for fact in facts:
            tests = set(_tests(fact["condition"]))
            for series in fact["series"] or ():
                series_of = (series, fact["outcome"])
                shared[series_of] = shared.get(series_of, tests) & tests
        for fact in facts:
            own = [shared[series, fact["outcome"]] for series in fact["series"] or ()]
            common = "; ".join(test for test in _tests(fact["condition"]) if any(test in tests for tests in own))
            row = Row(
                len(self.rows),
                fact,
                dataset,
                compile_rule(fact["condition"]),
                compile_rule(common),
                _figure(fact["condition"]),
                _figure(common),
            )
            self.rows.append(row)
            group = self.groups.get(fact["kind"]) or ""
            for text in fact["models"] or ():
                for model in model_keys(fact["kind"], text):
                    self.models[group, model].setdefault(row.number, text)
            for text in fact["series"] or ():
                for series in series_keys(fact["kind"], text):
                    self.series[group, series].setdefault(row.number, text)
            if not fact["models"] and not fact["series"]:
                self.kinds[fact["kind"]].append(row)

    def check(self, device: Device) -> list[Finding]:
        """Return what the lists say of one device: at least one finding."""
        text = " ".join(str(device[name]) for name in TEXTS if device.get(name) is not None)
        found: list[Finding] = []
        shared: dict[str, tuple[Row, dict[str, None]]] = {}
        for number, how in self._candidates(device).items():
            row = self.rows[number]
            listed = how == "listed"
            rule = row.common if listed else row.condition
            words = row.words(device, text)
            met = False if words is False else rule.test(device)
            if met is False:
                continue
            if met and words:
                found.append(self._hit(row, how, device))
                continue
            missing = ([row.facts["asks"]] if words is None else []) + rule.missing(device)
            if how == "kind":
                shared.setdefault(row.dataset.id, (row, {}))[1].update(dict.fromkeys(missing))
            else:
                found.append(self._open(row, how, missing, row.common_figure if listed else row.figure, device))
        for row, names in shared.values():
            found.append(self._open(row, "kind", list(names), (None, None, None), device))
        return found or [self._silent(device)]

    def _candidates(self, device: Device) -> dict[int, str]:
        """Return how each row was found, the strongest way first, by row number."""
        kind = device.get("kind")
        group = self.groups.get(kind or "") or ""
        exact_rows: dict[int, str] = {}
        for key in device.get("model_keys") or ():
            exact_rows |= dict.fromkeys(self.models.get((group, key), ()), "model")
        partly: dict[int, set[str]] = defaultdict(set)
        for key in device.get("series_keys") or ():
            for number, text in self.series.get((group, key), {}).items():
                if self.rows[number].facts["series_whole"]:
                    exact_rows.setdefault(number, "series")
                elif self.rows[number].facts["series_whole"] is False:
                    partly[number].add(text)
        seen: set[tuple[str, str, str]] = set()
        found = dict(exact_rows)
        for number in sorted(partly):
            row = self.rows[number]
            for text in sorted(partly[number]):
                key = (row.dataset.id, text, row.facts["outcome"])
                if not exact_rows and key not in seen:
                    seen.add(key)
                    found.setdefault(number, "listed")
        for row in self.kinds.get(kind or "", ()):
            found.setdefault(row.number, "kind")
        return dict(sorted(found.items()))

    def _hit(self, row: Row, how: str, device: Device) -> Finding:
        metric, limit, unit = row.common_figure if how == "listed" else row.figure
        outcome = row.facts["outcome"]
        return self._finding(
            row,
            device,
            outcome=outcome,
            mandatory=outcome == "eliminate" and row.dataset.binds == "use",
            basis="inferred" if how in ("listed", "kind") else "nameplate",
            metric=metric,
            limit=limit,
            unit=unit,
            deadline=row.facts["deadline"],
        )

    def _open(
        self, row: Row, how: str, missing: list[str], figure: tuple[str | None, Any, str | None], device: Device
    ) -> Finding:
        return self._finding(
            row,
            device,
            outcome="undecided",
            basis="inferred" if how in ("listed", "kind") else "nameplate",
            metric=figure[0],
            limit=figure[1],
            unit=figure[2],
            missing=";".join(missing),
        )

    def _finding(self, row: Row, device: Device, **known: Any) -> Finding:
        facts, model = row.facts, device.get("model") or ""
        missing = known.get("missing")
        return Finding(
            self.check_name,
            rule_id=facts["entry_id"],
            document=f"《{row.dataset.title_zh}》（{row.dataset.number}）",
            clause=facts["clause"],
            certainty=facts["certainty"],
            value=device.get(known.get("metric") or ""),
            reason_zh=(
                f"型号 {model} 与《{row.dataset.title_zh}》第 {facts['clause']} 项 {facts['product_zh']} 相符，"
                f"条件：{facts['condition'] or '无'}；结论 {known['outcome']}，缺少 {missing or '无'}。"
            ),
            reason_en=(
                f"Model {model} agrees with item {facts['clause']} of {row.dataset.title_en}, provided that "
                f"{facts['condition'] or 'nothing'}: {known['outcome']}; missing {missing or 'nothing'}."
            ),
            dataset=row.dataset.id,
            **known,
        )

    def _silent(self, device: Device) -> Finding:
        kind = device.get("kind")
        if not self.rows and not self.not_held:
            outcome, missing = "out_of_scope", None
        elif kind is None:
            outcome, missing = "undecided", "kind"
        elif kind in self.not_held:
            outcome, missing = "undecided", self.not_held[kind]
        elif kind not in self.spoken:
            outcome, missing = "out_of_scope", None
        elif self.groups.get(kind) in self.by_model and not is_named(device, kind in self.sized):
            outcome, missing = "undecided", "model"
        elif part := next((text for of, rule, text in self.parts if of == kind and rule.test(device)), None):
            outcome, missing = "undecided", part
        elif (self.groups.get(kind), device.get("model_key")) in self.only_series:
            outcome, missing = "undecided", "model"
        else:
            outcome, missing = "clear", None
        documents = self.spoken.get(kind or "", "")
        return Finding(
            self.check_name,
            outcome,
            missing=missing,
            document=documents or None,
            reason_zh=f"{documents or '所收目录'}：{outcome}，缺少 {missing or '无'}。",
            reason_en=f"{documents or 'The lists held'}: {outcome}; missing {missing or 'nothing'}.",
        )


def _tests(condition: str | None) -> list[str]:
    return [test.strip() for test in (condition or "").split(";") if test.strip()]


def _figure(condition: str | None) -> tuple[str | None, Any, str | None]:
    """The one figure shown with a row: its attribute, its limit where there is just one, its unit."""
    figures = [
        test
        for test in parse(condition, attribute_dtypes()).tests
        if attribute(test.asks).type in ("number", "integer", "year")
    ]
    if not figures:
        return None, None, None
    best = min(
        figures,
        key=lambda test: (
            test.op not in ("<", "<=", ">", ">="),
            attribute(test.asks).type == "year",
            test.op not in ("<", "<="),
        ),
    )
    limit = exact(best.values[0]) if len(best.values) == 1 else None
    return best.asks, limit, attribute(best.asks).unit or None

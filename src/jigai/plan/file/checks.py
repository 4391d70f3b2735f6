"""What must hold between the fields of a record, beyond what the schema says of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import yaml

from jigai.plan.file.notebook import Misfit, Notebook
from jigai.plan.file.scalars import is_null
from jigai.plan.file.schema import operators, schema

_FULL: Final = Decimal(100)


@dataclass(frozen=True)
class Given:
    """A record as it stands in the file: the node of each field that is there."""

    record: str
    node: yaml.Node
    path: str
    fields: Mapping[str, yaml.Node]

    def at(self, field: str) -> str:
        """Return how messages call a field of it."""
        return f"{self.path}.{field}" if self.path else field


Check = Callable[[Notebook, Given, Mapping[str, Any]], None]


def _target(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    operator = values["operator"]
    if operator is not None:
        row = operators()[operator]
        if row["value"] and "value" not in given.fields:
            notes.fault(given.fields["operator"], given.at("operator"), "value_needed", operator=operator)
        for name in ("value", "unit"):
            if row["value"] and name in given.fields and is_null(given.fields[name]):
                notes.blank(given.fields[name], given.at(name), schema()["target"][name])
        if not row["value"] and "value" in given.fields:
            notes.fault(given.fields["value"], given.at("value"), "value_unwanted", operator=operator)
        if row["baseline"] and "baseline" not in given.fields:
            notes.fault(given.fields["operator"], given.at("operator"), "baseline_needed", operator=operator)
    unit, wanted = values["unit"], notes.units.get(values["indicator"] or "")
    if unit and wanted and unit != wanted:
        said = {"indicator": values["indicator"], "wanted": wanted, "unit": unit}
        notes.fault(given.fields["unit"], given.at("unit"), "unit_differs", **said)
    since, by = values["since"], values["by"]
    if since and by and since.first > by.last:
        notes.fault(given.fields["since"], given.at("since"), "since_late", since=str(since), by=str(by))


def _parameter(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    if "value" in given.fields and values["value"] is None and not values["ask"]:
        notes.fault(given.fields["value"], given.at("value"), "parameter_not_asked")


def _period(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    start, end = values["start"], values["end"]
    if start and end and start.first > end.last:
        notes.fault(given.fields["end"], given.at("end"), "period_order", start=str(start), end=str(end))


def _plan(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    issued, period = values["issued"], values["period"]
    if issued and period and period.end and issued > period.last:
        notes.fault(given.fields["issued"], "issued", "issued_late", issued=str(issued), end=str(period.end))


def _weight(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    if values["weight"] is not None and values["weight"] <= 0:
        notes.fault(given.fields["weight"], given.at("weight"), "weight_range")
    if values["objective"] is not None:
        try:
            notes.name(("weight",), values["objective"], given.fields["objective"])
        except Misfit as found:
            notes.misfit(given.fields["objective"], given.at("objective"), found)


def _scorecard(notes: Notebook, given: Given, values: Mapping[str, Any]) -> None:
    weights = [item.weight for item in values["items"]]
    if weights and None not in weights and sum(weights) != _FULL:
        notes.fault(given.fields["items"], given.at("items"), "weights_sum", sum=f"{sum(weights):f}")


CHECKS: Final[Mapping[str, Check]] = {
    "target": _target,
    "parameter": _parameter,
    "period": _period,
    "plan": _plan,
    "weight": _weight,
    "scorecard": _scorecard,
}
"""What is looked at when a record was read, by its name."""

"""What the efficiency check looks at, kind by kind: the attributes of the decision list and of its standards."""

from __future__ import annotations

from datetime import date

import polars as pl

from jigai.reference import Reference
from jigai.reference.condition import IN_SERVICE_YEAR, MADE_YEAR
from jigai.screening.batch import Batch
from jigai.screening.cases import ORIGINS, Looks, seen
from jigai.screening.efficiency import scope
from jigai.screening.efficiency.conditions import condition
from jigai.screening.efficiency.judge import attributes_of, conditions_of
from jigai.screening.efficiency.prepare import inputs_of
from jigai.screening.efficiency.standards import rules_in_force

_KNOWN: dict[tuple[str, date], tuple[Looks, bool]] = {}


def looks(batch: Batch) -> pl.DataFrame:
    """Return ``sig`` and what the check looks at, blank where it does not look.

    Of the two years the one of manufacture hides the other, unless some condition asks for the other by itself.
    """
    reference = batch.reference
    key = (reference.content_hash, reference.as_of)
    if key not in _KNOWN:
        _KNOWN[key] = _by_kind(reference)
    by_kind, both_years = _KNOWN[key]
    frame = seen(batch, by_kind)
    if both_years or not {MADE_YEAR, IN_SERVICE_YEAR} <= set(frame.columns):
        return frame
    return frame.with_columns(pl.when(pl.col(MADE_YEAR).is_null()).then(IN_SERVICE_YEAR).alias(IN_SERVICE_YEAR))


def _by_kind(reference: Reference) -> tuple[Looks, bool]:
    rules = rules_in_force(reference)
    kinds: dict[str, set[str]] = {}
    texts = set(scope.conditions(reference)["condition"].drop_nulls())
    for kind, product in scope.products_by_kind(reference):
        read = {"subkind"}
        if product in rules:
            read |= set(attributes_of(rules[product]))
            texts |= set(conditions_of(rules[product]))
        for name in inputs_of(read):
            kinds.setdefault(name, set()).add(kind)
    for kind, text in scope.conditions(reference).select("kind", "condition").rows():
        for name in inputs_of(condition(text).fields):
            kinds.setdefault(name, set()).add(kind)
    asked_alone = any(test.field == IN_SERVICE_YEAR for text in texts for test in condition(text).tests)
    return {name: frozenset(of) for name, of in kinds.items() if name not in ORIGINS}, asked_alone

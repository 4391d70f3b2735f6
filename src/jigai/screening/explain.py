"""One device told in full: how its model was read, which rows of which lists were tried, what came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from jigai import nameplate
from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.kernel import judge
from jigai.screening.lists.candidates import find_candidates
from jigai.screening.lists.meeting import meet
from jigai.screening.lists.rulebook import rulebook

LIST_CHECKS = ("elimination", "guidance")


@dataclass(frozen=True)
class Explanation:
    """What ``jigai explain`` prints.

    ``kind_zh`` and ``kind_en`` name the kind, empty where it is unknown.
    ``device``: the values known of it, by attribute. ``origins``: attribute → ledger, nameplate or inferred.
    ``tried``: rows of the lists that were compared (document, clause, product, text, condition, facts, ``met``).
    ``findings``: as in a screening, without the device.
    """

    as_of: date
    kind_zh: str
    kind_en: str
    device: dict[str, Any]
    origins: dict[str, str]
    conflicts: list[dict[str, Any]]
    tried: list[dict[str, Any]]
    findings: list[dict[str, Any]]

    @property
    def verdict(self) -> str:
        """The verdict (decision D1)."""
        return str(self.device["verdict"])


def explain(reference: Reference, as_of: date, attributes: dict[str, Any]) -> Explanation:
    """Judge one device given by its ledger ``attributes`` (``name``, ``model``, ``made_year`` …) and tell all steps.

    Without a name the model alone decides the kind. Raises ``KeyError`` for an attribute that does not exist.
    """
    dtypes = {"name": pl.String(), "model": pl.String(), **attribute_dtypes()}
    given = {name: value for name, value in attributes.items() if value is not None}
    schema = {name: dtypes[name] for name in ("name", "model", *given)}
    signature = pl.DataFrame({name: [given.get(name)] for name in schema}, schema=schema).with_row_index("sig")
    judged = judge(signature, reference, as_of)
    batch = Batch(nameplate.read(signature, reference).devices, reference, as_of)
    row = judged.devices.row(0, named=True)
    known = {name: value for name, value in row.items() if value is not None and name != "sig"}
    of_kind = pl.col("kind") == pl.lit(row["kind"], pl.String)
    kinds = reference.table("kinds", "kinds").filter(of_kind).select("zh", "en").rows()
    return Explanation(
        as_of=as_of,
        kind_zh=kinds[0][0] if kinds else "",
        kind_en=kinds[0][1] if kinds else "",
        device=known,
        origins={name: _origin(name, row) for name in known if name in dtypes},
        conflicts=judged.conflicts.drop("sig", strict=False).to_dicts(),
        tried=[found for check in LIST_CHECKS for found in _tried(batch, check)],
        findings=judged.findings.drop("sig").to_dicts(),
    )


def _origin(name: str, row: dict[str, Any]) -> str:
    for origin in ("inferred", "nameplate"):
        if f";{name};" in (row.get(f"{origin}_fields") or ""):
            return origin
    return "ledger"


def _tried(batch: Batch, check: str) -> list[dict[str, Any]]:
    """Every row that agreed in kind and model, series or words, also those whose condition failed."""
    book = rulebook(batch.reference, check)
    devices = batch.with_columns_for(sorted(book.fields))
    pairs = meet(find_candidates(devices, book), devices, book, keep_failed=True)
    rows = pairs.join(
        book.rules.select("rule", "entry_id", "clause", "product_zh", "document", "document_en", "outcome"),
        on="rule",
        maintain_order="left",
    )
    return rows.select(
        pl.lit(check).alias("check"),
        pl.col("entry_id").alias("rule_id"),
        *("document", "document_en", "clause", "product_zh", "text", "how", "outcome"),
        *("condition_zh", "condition_en", "facts_zh", "facts_en", "met", "missing"),
    ).to_dicts()

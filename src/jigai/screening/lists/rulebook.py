"""All rows of the lists of one check, laid out for joins: by model key, by series key, by kind alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.nameplate import catalogue_keys
from jigai.reference import Dataset, Reference
from jigai.reference.condition import Condition, parse
from jigai.screening.documents import document_name

TEXTS: Final = (
    "name",
    "model",
    "kind_text",
    "type",
    "structure",
    "furnace_type",
    "process_type",
    "product",
    "use",
    "grate_type",
    "brake",
    "conductor",
)
"""Attributes in which the words of a row (``name_any``, ``name_not``) are looked for."""


@dataclass(frozen=True)
class Rulebook:
    """Rows of all lists of one check in force.

    ``rules``: one row per list row, ``rule`` [UInt32] its number, with the document's facts. ``models`` and
    ``series``: (group, key, rule) to join devices by. ``kinds``: (kind, rule) of rows that name no model.
    ``conditions``: parsed by their text. ``spoken``: (kind, dataset …) which list speaks for which kind.
    ``parts``: (kind, condition, part, part_en) devices that stand in a part of a list that is not held (D4).
    ``editions``: (kind, edition, edition_en) which kinds a document in force but not held would speak for (D4).
    """

    rules: pl.DataFrame
    models: pl.DataFrame
    series: pl.DataFrame
    kinds: pl.DataFrame
    conditions: dict[str, Condition]
    spoken: pl.DataFrame
    parts: pl.DataFrame
    editions: pl.DataFrame
    groups: pl.DataFrame
    fields: frozenset[str]


_TEXT_COLUMNS = (
    *("entry_id", "part", "clause", "kind", "product_zh", "asks", "condition", "outcome", "deadline", "certainty"),
    *("dataset", "binds", "document", "document_en", "note_zh"),
)
_LIST_COLUMNS = ("series", "models", "name_any", "name_not")
_DATED = pl.List(pl.Struct({"condition": pl.String(), "deadline": pl.String()}))
_NO_RULES = pl.DataFrame(
    schema={
        **dict.fromkeys(_TEXT_COLUMNS, pl.String()),
        **dict.fromkeys(_LIST_COLUMNS, pl.List(pl.String())),
        "series_whole": pl.Boolean(),
        "deadlines": _DATED,
    }
)
"""The shape of a rule, also on a day on which no list is in force; a city's list may leave optional columns out."""

_BOOKS: dict[tuple[str, date, str], Rulebook] = {}


def rulebook(reference: Reference, check: str) -> Rulebook:
    """Return the rows of ``check`` in force; built once per content and day of the reference."""
    key = (reference.content_hash, reference.as_of, check)
    if key not in _BOOKS:
        _BOOKS[key] = _build(reference, check)
    return _BOOKS[key]


def _build(reference: Reference, check: str) -> Rulebook:
    datasets = reference.by_check(check)
    groups = reference.table("kinds", "kinds").select("kind", "group", "zh", "en", "checks")
    rules = _rules(datasets).join(groups.select("kind", "group"), on="kind", how="left", maintain_order="left")
    conditions = {text: parsed(text) for text in rules["condition"].drop_nulls().unique(maintain_order=True)}
    common = {text: parsed(text) for text in rules["common"].drop_nulls().unique(maintain_order=True)}
    parts = _parts(datasets)
    common |= {text: parsed(text) for text in parts["condition"]}
    named = {name for condition in (*conditions.values(), *common.values()) for name in condition.fields}
    asked = set(rules["asks"].drop_nulls())
    return Rulebook(
        rules=rules.drop("series", "models"),
        models=_keys(rules, "models"),
        series=_keys(rules, "series"),
        kinds=rules.filter(pl.col("series").is_null() & pl.col("models").is_null()).select("kind", "rule"),
        conditions={**conditions, **common},
        spoken=_spoken(datasets),
        parts=parts,
        editions=_editions(reference, check),
        groups=groups,
        fields=frozenset({*named, *asked, *TEXTS, "kind", "model_key", "model_keys", "series_keys"}),
    )


@cache
def parsed(text: str) -> Condition:
    """Return a condition over ledger attributes, parsed once."""
    return parse(text, attribute_dtypes())


def _rules(datasets: list[Dataset]) -> pl.DataFrame:
    """Stack the rows of all lists, in the order of dataset and row, with what the document says of itself."""
    parts = [_NO_RULES]
    for dataset in datasets:
        rows = dataset.tables["rules"].with_columns(
            dataset=pl.lit(dataset.id),
            binds=pl.lit(dataset.binds),
            document=pl.lit(document_name(dataset, "zh")),
            document_en=pl.lit(document_name(dataset, "en")),
        )
        parts.append(rows.join(_deadlines(dataset), on="entry_id", how="left", maintain_order="left"))
    rules = pl.concat(parts, how="diagonal").with_row_index("rule")
    return rules.with_columns(_common(rules))


def _deadlines(dataset: Dataset) -> pl.DataFrame:
    """Deadlines that hang on a condition of their own: (entry_id, deadlines as a list of condition and day)."""
    empty = {"entry_id": pl.String(), "condition": pl.String(), "deadline": pl.String()}
    table = dataset.tables.get("deadlines", pl.DataFrame(schema=empty))
    return table.group_by("entry_id", maintain_order=True).agg(
        deadlines=pl.struct(pl.col("condition"), pl.col("deadline"))
    )


def _common(rules: pl.DataFrame) -> pl.Series:
    """What all rows of a series under one list and outcome demand: a device outside the listed models must meet it."""
    rows = rules.select("rule", "dataset", "series", "outcome", "condition").to_dicts()
    shared: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        tests = _tests(row["condition"])
        for series in row["series"] or ():
            key = (row["dataset"], series, row["outcome"])
            shared[key] = shared[key] & set(tests) if key in shared else set(tests)
    texts = []
    for row in rows:
        kept = [
            test
            for test in _tests(row["condition"])
            if any(test in shared[row["dataset"], series, row["outcome"]] for series in row["series"] or ())
        ]
        texts.append("; ".join(kept) or None)
    return pl.Series("common", texts, dtype=pl.String)


def _tests(condition: str | None) -> list[str]:
    return [test.strip() for test in (condition or "").split(";") if test.strip()]


def _keys(rules: pl.DataFrame, column: str) -> pl.DataFrame:
    """Explode the models (or series) of the rows to join keys made by the very function that reads devices."""
    texts = (
        rules.select("rule", "kind", "group", pl.col(column).alias("text"))
        .explode("text", empty_as_null=True)
        .drop_nulls("text")
    )
    keyed = catalogue_keys(texts.select("kind", "text").unique(maintain_order=True))
    return (
        texts.join(keyed, on=["kind", "text"], how="left", maintain_order="left")
        .select("group", "key", "rule", "text")
        .drop_nulls("key")
        .unique(maintain_order=True)
    )


def _spoken(datasets: list[Dataset]) -> pl.DataFrame:
    """Which list speaks for which kind, and what part of it is not held: (kind, dataset, document, gap, gap_en)."""
    rows = []
    for dataset in datasets:
        for kind in dataset.speaks_for:
            gaps = [gap for gap in dataset.gaps if gap.kind == "part" and kind in gap.equipment_kinds]
            rows.append(
                {
                    "kind": kind,
                    "dataset": dataset.id,
                    "document": f"《{dataset.title_zh}》",
                    "document_en": dataset.title_en,
                    "gap": "；".join(gap.text_zh for gap in gaps) or None,
                    "gap_en": "; ".join(gap.text_en for gap in gaps) or None,
                    "certainty": dataset.certainty,
                }
            )
    schema = dict.fromkeys(("kind", "dataset", "document", "document_en", "gap", "gap_en", "certainty"), pl.String())
    return pl.DataFrame(rows, schema=schema)


def _parts(datasets: list[Dataset]) -> pl.DataFrame:
    """Which devices stand in a part of a list that is not held, where the gap can say so by a condition."""
    rows = [
        {"kind": kind, "condition": gap.condition, "part": gap.text_zh, "part_en": gap.text_en}
        for dataset in datasets
        for gap in dataset.gaps
        if gap.kind == "part" and gap.condition
        for kind in gap.equipment_kinds
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("kind", "condition", "part", "part_en"), pl.String()))


def _editions(reference: Reference, check: str) -> pl.DataFrame:
    """Which kinds a document in force on the day, but not held, would speak for."""
    rows = [
        {"kind": kind, "edition": gap.text_zh, "edition_en": gap.text_en}
        for gap in reference.gaps
        if gap.kind == "edition" and gap.check == check
        for kind in gap.equipment_kinds
    ]
    schema = dict.fromkeys(("kind", "edition", "edition_en"), pl.String())
    return pl.DataFrame(rows, schema=schema).unique("kind", keep="first", maintain_order=True)

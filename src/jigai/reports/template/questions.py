"""Which attributes decide one kind of equipment: asked of the facts, so that a new rule brings its own column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from jigai.ledger.columns import Attribute, attribute, attribute_dtypes, attributes
from jigai.reports.labels import label, labels, read_table

if TYPE_CHECKING:
    from jigai.reference import Dataset, Reference

_FIELD: Final = re.compile(r"([A-Za-z_]\w*)\s*(?:<=|>=|!=|=|<|>|\bin\b)")
_YEARS: Final = ("made_year", "in_service_year")
_ANSWERS: Final = ("signature", "nameplate")


class UnknownKind(ValueError):  # noqa: N818 - says what the user gave, in the words of the command
    """No kind of equipment has this name; ``choices`` are the names there are."""

    def __init__(self, kind: str, choices: list[str]) -> None:
        super().__init__(f"no kind of equipment is called {kind!r}; choose from: {'、'.join(choices)}")
        self.kind = kind
        self.choices = choices


@dataclass(frozen=True)
class Kind:
    """A kind of equipment by key, Chinese and English name, and the checks that apply to it."""

    key: str
    zh: str
    en: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One column of a template: the attribute, whether it must be filled in, and why it is asked."""

    attribute: Attribute
    required: bool
    width: float
    example: str
    advice: str
    serves: tuple[str, ...]


def find_kind(text: str, reference: Reference) -> Kind:
    """Find a kind by its key, Chinese or English name or an alias. Raises :class:`UnknownKind`."""
    table = reference.table("kinds", "kinds")
    wanted = text.strip().casefold()
    for row in table.iter_rows(named=True):
        names = [row["kind"], row["zh"], row["en"], *(row["aliases"] or [])]
        if wanted in {name.casefold() for name in names if name}:
            return Kind(row["kind"], row["zh"], row["en"], tuple(row["checks"] or ()))
    raise UnknownKind(text, table["zh"].to_list())


def questions(kind: Kind, reference: Reference) -> list[Question]:
    """Return the columns to ask for a kind: who and where it is, then what the rules in force look at."""
    serves = used_attributes(kind.key, reference)
    always = [
        row
        for row in read_table("template")
        if row["needs_check"] in ("", *kind.checks) and kind.key not in row["not_for"].split("|")
    ]
    fixed = {row["attribute"] for row in always}
    example = next((row for row in read_table("examples") if row["kind"] == kind.key), {})
    head = [_fixed(row | _own(row, example), serves) for row in always if row["place"] == "head"]
    tail = [_fixed(row, serves) for row in always if row["place"] == "tail"]
    decisive = [
        Question(item, False, 12, "", "", tuple(serves[item.name]))
        for item in attributes()
        if item.name in serves and item.name not in fixed and item.aliases and item.role in _ANSWERS
    ]
    return [*head, *decisive, *tail]


def _own(row: dict[str, str], example: dict[str, str]) -> dict[str, str]:
    """The example of this very kind for name and model; other columns keep the example all kinds share."""
    return {"example": example.get(row["attribute"], "")} if row["attribute"] in {"name", "model"} else {}


def _fixed(row: dict[str, str], serves: dict[str, list[str]]) -> Question:
    """A column every template has."""
    name = row["attribute"]
    checks = tuple(serves.get(name, ()))
    return Question(attribute(name), bool(row["required"]), float(row["width"]), row["example"], row["advice"], checks)


def used_attributes(kind: str, reference: Reference) -> dict[str, list[str]]:
    """Return the attributes some rule looks at for a kind, each with the names of the checks it serves."""
    products = _products(kind, reference)
    known = attribute_dtypes()
    found: dict[str, set[str]] = {}
    for dataset in reference.datasets.values():
        check = dataset.check or ("efficiency" if dataset.id == "efficiency-products" else "")
        for name in _looked_at(dataset, kind, products):
            for column in _YEARS if name == "built_year" else (name,):
                if column in known:
                    found.setdefault(column, set()).add(check)
    order = list(labels("check"))
    return {
        name: [label("check", check) for check in sorted(checks & set(order), key=order.index)]
        for name, checks in found.items()
    }


def _products(kind: str, reference: Reference) -> set[str]:
    """The products of the efficiency standards that are of this kind."""
    if not reference.has("efficiency-products"):
        return set()
    table = reference.table("efficiency-products", "products")
    return set(table.filter(pl.col("kind") == kind)["product"].to_list())


def _looked_at(dataset: Dataset, kind: str, products: set[str]) -> Iterator[str]:
    for table in dataset.tables.values():
        columns = set(table.columns)
        if {"kind", "condition"} <= columns:
            conditions = table.filter(pl.col("kind") == kind)["condition"].drop_nulls().unique()
            for condition in conditions.to_list():
                yield from _FIELD.findall(str(condition))
        if {"product", "attribute"} <= columns:
            own = table.filter(pl.col("product").is_in(list(products)))
            yield from own["attribute"].drop_nulls().to_list()
            if "ask" in columns and own.schema["ask"] == pl.List(pl.String):
                yield from own["ask"].explode().drop_nulls().to_list()


def choice_words(item: Attribute) -> list[str]:
    """Return the answers of a drop-down in Chinese; none when the attribute is free."""
    if item.type == "flag":
        return ["是", "否"]
    if item.answers:
        return [answer.zh for answer in item.answers]
    words = {row["choice"]: row["zh"] for row in read_table("choices") if row["attribute"] == item.name}
    return [words.get(choice, choice) for choice in item.choices]

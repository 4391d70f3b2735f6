"""A scorecard as it is kept: canonical bytes whose hash says that nothing in it has changed (D25)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

import polars as pl

from jigai.plan.scorecard import ROWS, TOTALS, Item, Scorecard

FORM: Final = "jigai-scorecard-1"
"""What the bytes say they are; another arrangement gets another number."""


class FrozenError(ValueError):
    """Bytes that are no scorecard as kept here, or not the ones the hash was made of."""


def freeze(card: Scorecard, about: Mapping[str, str]) -> bytes:
    """Return the scorecard as UTF-8 JSON that is the same for the same content, whatever order units came in.

    ``about`` says what it was made of: version of the plan, period, day known, engine. Numbers are texts with all their
    decimals; keys and rows stand in a fixed order; the last byte is a line end.
    """
    content = {
        "form": FORM,
        "about": dict(about),
        "share": card.share,
        "items": [asdict(item) for item in card.items],
        "rows": _ordered(card.rows, [item.objective for item in card.items]),
        "totals": card.totals.sort("unit").to_dicts(),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_number)
    return f"{text}\n".encode()


def digest(frozen: bytes) -> str:
    """Return the sha256 of frozen bytes, in hexadecimal."""
    return hashlib.sha256(frozen).hexdigest()


def thaw(frozen: bytes, expected: str) -> tuple[Scorecard, dict[str, str]]:
    """Return a kept scorecard and what it was made of.

    Raises:
        FrozenError: the bytes are not those whose `digest` is ``expected``, or of another form.
    """
    if digest(frozen) != expected:
        raise FrozenError("the scorecard is not the one that was kept: its hash differs")
    content: dict[str, Any] = json.loads(frozen)
    if content.get("form") != FORM:
        raise FrozenError(f"kept in the form {content.get('form')!r}, this version reads {FORM!r}")
    items = tuple(Item(**_decimals(item)) for item in content["items"])
    totals = _frame(content["totals"], TOTALS).sort("rank", "unit", nulls_last=True)
    return Scorecard(items, Decimal(content["share"]), _frame(content["rows"], ROWS), totals), content["about"]


def _ordered(rows: pl.DataFrame, items: list[str]) -> list[dict[str, Any]]:
    place = {item: number for number, item in enumerate(items)}
    return sorted(rows.to_dicts(), key=lambda row: (row["unit"], place[row["item"]]))


def _decimals(item: dict[str, Any]) -> dict[str, Any]:
    return item | {name: Decimal(item[name]) for name in ("weight", "cap", "floor")}


def _number(value: object) -> str:
    """Write a decimal with all its places; anything else is not expected here."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _frame(rows: list[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    texts = {name: pl.String() if isinstance(dtype, pl.Decimal) else dtype for name, dtype in schema.items()}
    return pl.DataFrame(rows, schema=texts).select(pl.col(name).cast(dtype) for name, dtype in schema.items())

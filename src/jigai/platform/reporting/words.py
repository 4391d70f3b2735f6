"""What our services refuse and warn of, in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from jigai.platform.reporting.data import english, warnings
from jigai.reports.filling import FillingError, Value


def refused(error: FillingError, field: str = "") -> ValidationError:
    """Return what a workbook cannot take as what a form shows, every reason in the language of the page."""
    said = [one.words("en" if english() else "zh") for one in error.faults]
    return ValidationError({field: said} if field else said)


def warned(kept: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """Return warnings as sentences, each with whether it holds the report up."""
    return [
        (warnings()[one["key"]]["en" if english() else "zh"].format(**one.get("said", {})), blocks(one)) for one in kept
    ]


def blocks(kept: Mapping[str, Any]) -> bool:
    """Say whether a warning holds the report up until it is put right or explained."""
    return warnings()[kept["key"]]["blocks"] == "1"


def plain(number: Decimal) -> str:
    """Write a number without trailing zeros or an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def held(value: Value) -> list[str] | None:
    """Return a value as it is stored."""
    if value is None or value == "":
        return None
    return ["t", value] if isinstance(value, str) else ["n", plain(Decimal(value))]


def value_of(kept: Any) -> Value:
    """Return a stored value."""
    if not kept:
        return None
    return kept[1] if kept[0] == "t" else Decimal(kept[1])


def shown(kept: Any) -> str:
    """Write a stored value for reading."""
    value = value_of(kept)
    return f"{value:,f}" if isinstance(value, Decimal) else str(value or "")

"""Values written in a condition, read into the type and unit of the field they are compared with."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from jigai.reference.errors import ConditionError
from jigai.reference.vocabulary import unit_factor

Value = str | float | int | bool | date

_NUMBER: Final = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>\D.*)?")
_FLAGS: Final = {"true": True, "false": False}


def read_value(text: str, dtype: pl.DataType, unit: str, part: str) -> Value:
    """Read one value of the test ``part``: text as it stands, ``true``/``false``, an ISO day, or a number.

    A number may carry its unit; it is converted to the field's ``unit`` when it is a plain multiple of it.
    Raises `ConditionError` otherwise.
    """
    if dtype == pl.String:
        return text
    if dtype == pl.Boolean:
        if text not in _FLAGS:
            raise ConditionError("condition_flag", part=part, value=text)
        return _FLAGS[text]
    if dtype == pl.Date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ConditionError("condition_date", part=part, value=text) from None
    return _read_number(text, dtype, unit, part)


def _read_number(text: str, dtype: pl.DataType, unit: str, part: str) -> float | int:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ConditionError("condition_number", part=part, value=text)
    number = Decimal(match["number"])
    written = (match["unit"] or "").strip()
    if written:
        factor = unit_factor(written, unit)
        if factor is None:
            raise ConditionError("condition_unit", part=part, unit=written, wanted=unit or "—")
        number *= factor
    if dtype == pl.Float64:
        return float(number)
    if number != number.to_integral_value():
        raise ConditionError("condition_whole", part=part, value=text)
    return int(number)

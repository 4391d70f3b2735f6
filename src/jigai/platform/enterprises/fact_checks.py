"""Plausibility of annual figures: ``fact_checks.csv`` says what is asked and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

from jigai.attributes import Attribute
from jigai.platform.enterprises.attributes import attributes, jump
from jigai.platform.enterprises.data import keyed, rows, split
from jigai.platform.enterprises.fact_values import Value
from jigai.platform.enterprises.models import Line
from jigai.platform.enterprises.reference import reference
from jigai.reference.vocabulary import unit_factor

Values = Mapping[str, Value]


@dataclass(frozen=True)
class Doubt:
    """What a check found at an attribute: *refuse* is impossible, *warn* wants an explanation."""

    check: str
    attribute: str
    severity: str
    text: str


def doubts(values: Values, last: Values, as_of: date, only: str = "") -> list[Doubt]:
    """Return what is odd about the figures of one subject and year, impossibilities first.

    Args:
        values: the figures of the year by attribute; of one site, of one line (with what `line_words` adds of it), or
            of the legal person.
        last: the figures of the year before.
        as_of: day whose conversion factors count.
        only: name of one attribute: keep what concerns it.
    """
    found = []
    for row in rows("fact_checks"):
        check = _KINDS[row["kind"]]
        every = row["attribute"] == "*"
        names = [one for one in values if one in attributes()] if every else [row["attribute"]]
        for name in names:
            if only and only != name and only not in _others(row):
                continue
            words = check(row, name, values, last, as_of)
            if words is not None:
                found.append(Doubt(row["key"], only or name, row["severity"], _sentence(row).format(**words)))
    if any(one.check.startswith("slip") for one in found):  # the slip says it better
        found = [one for one in found if one.check != "jump" or not _slipped(one, found)]
    return sorted(found, key=lambda one: one.severity != "refuse")


def _slipped(one: Doubt, found: list[Doubt]) -> bool:
    return any(other.check.startswith("slip") and other.attribute == one.attribute for other in found)


def _others(row: Mapping[str, str]) -> set[str]:
    return {term.split("*")[0].split("=")[0] for term in split(row["terms"], ";")}


def _sentence(row: Mapping[str, str]) -> str:
    return row["en"] if (get_language() or "").startswith("en") else row["zh"]


def _number(values: Values, name: str) -> Decimal | None:
    value = values.get(name)
    return value.number if value else None


def _times(values: Values, last: Values, name: str) -> Decimal | None:
    now, before = _number(values, name), _number(last, name)
    if not attributes()[name].numeric or not now or not before:
        return None
    return max(now / before, before / now)


def _slip(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    times = _times(values, last, name)
    if times is None or not Decimal(row["low"]) <= times <= Decimal(row["high"]):
        return None
    return {"last": write(_number(last, name))}


def _jump(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    attribute: Attribute = attributes()[name]
    before, now, times = _number(last, name), _number(values, name), _times(values, last, name)
    stopped = attribute.numeric and now == 0 and bool(before)
    factor = jump(attribute)
    if factor is None or not (stopped or (times is not None and times > factor)):
        return None
    return {"last": write(_number(last, name)), "jump": write(factor)}


def _part(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    whole = _number(values, name)
    parts = [_number(values, term) for term in split(row["terms"], ";")]
    held = [part for part in parts if part is not None]
    if whole is None or not held or sum(held) <= whole:
        return None
    return {"part": write(sum(held, Decimal())), "whole": write(whole)}


def _ratio(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    above, below = _number(values, name), _number(values, row["terms"])
    if above is None or not below:
        return None
    ratio = above / below
    if (row["low"] and ratio < Decimal(row["low"])) or (row["high"] and ratio > Decimal(row["high"])):
        return {"ratio": write(round(ratio, 3))}
    return None


def _balance(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    whole, terms = _number(values, name), [term.split("*") for term in split(row["terms"], ";")]
    parts = [(_number(values, carrier), factor, scale) for carrier, factor, scale in terms]
    if not whole or any(amount is None for amount, _factor, _scale in parts):
        return None
    held = factors(as_of)
    total = sum((amount or Decimal()) * held[factor] * Decimal(scale) for amount, factor, scale in parts)
    if whole * Decimal(row["low"]) <= total <= whole * Decimal(row["high"]):
        return None
    return {"sum": write(round(Decimal(total), 1)), "whole": write(whole)}


def _needs(row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date) -> dict[str, str] | None:
    other, _sign, wanted = row["terms"].partition("=")
    given = values.get(name)
    if given is None or given.text in ("", "未评定"):
        return None
    held = values.get(other)
    return None if held is None or held.text == wanted else {}


def line_words(line: Line) -> dict[str, Value]:
    """Return what the checks want to know of a line beside its figures: its capacity, and the units of both."""
    capacity = None if line.capacity is None else Value(str(line.capacity), line.capacity)
    words = {"capacity_unit": Value(line.capacity_unit), "unit_energy_unit": Value(line.unit_energy_unit)}
    return words | ({"line_capacity": capacity} if capacity else {})


def _line_capacity(
    row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date
) -> dict[str, str] | None:
    return _ratio({**row, "terms": "line_capacity"}, name, values, last, as_of)


def _line_balance(
    row: Mapping[str, str], name: str, values: Values, last: Values, as_of: date
) -> dict[str, str] | None:
    """Compare the energy per unit with energy over output; recovered energy may lower it as far as below zero."""
    energy, output = (_number(values, term) for term in split(row["terms"], ";"))
    said, units = _number(values, name), [values.get(word) for word in ("capacity_unit", "unit_energy_unit")]
    if said is None or said <= 0 or not energy or not output or not all(units):
        return None
    product, written = (one.text for one in units if one)
    measure = keyed("product_units", "unit").get(product)
    factor = unit_factor(f"kgce/{measure['measure']}", written) if measure else None
    if measure is None or factor is None:
        return None
    computed = energy * 1000 / (output * Decimal(measure["factor"])) * factor
    if computed * Decimal(row["low"]) <= said <= computed * Decimal(row["high"]):
        return None
    return {"computed": write(computed.quantize(Decimal("0.1"))), "unit": written, "said": write(said)}


_KINDS = {
    "slip": _slip,
    "jump": _jump,
    "part": _part,
    "ratio": _ratio,
    "balance": _balance,
    "needs": _needs,
    "line_balance": _line_balance,
    "line_capacity": _line_capacity,
}


def factors(as_of: date) -> dict[str, Decimal]:
    """Return the conversion factors of the core by id, tce per unit as the dataset gives them."""
    table = reference(as_of).table("energy-factors", "factors")
    return {
        row["factor_id"]: Decimal(str(row["value"])) for row in table.iter_rows(named=True) if row["value"] is not None
    }


def write(number: Decimal | None) -> str:
    """Write a number for a sentence."""
    return "—" if number is None else f"{number.normalize():,f}"

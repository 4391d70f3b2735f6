"""Quantities with units, just enough to prove the dimensions of formulas: values in base units with their exponents.

A unit is written as in the code: ``kW/(m3/min)``, ``%``. Counting bases stand for themselves, so that per cent,
kVA and standard coal cannot pass for something else. Numbers without a unit may be added to, compared with or taken the
root of only where the quantity is a pure number; comparing anything with 0 is always allowed.
"""

from __future__ import annotations

import operator
import re
from typing import Any

import numpy as np

BASES = ("m", "kg", "s", "%", "VA", "kgce", "kgCO2", "r", "RT", "yuan", "°C")
POWERS = {"W": (1.0, "kg·m2/s3"), "J": (1.0, "kg·m2/s2"), "Pa": (1.0, "kg/(m·s2)")}
MULTIPLES = {
    "1": (1.0, ""), "min": (60.0, "s"), "h": (3600.0, "s"), "t": (1000.0, "kg"), "kW": (1e3, "W"), "kJ": (1e3, "J"),
    "GJ": (1e9, "J"), "kWh": (3.6e6, "J"), "MPa": (1e6, "Pa"), "kVA": (1e3, "VA"), "tce": (1e3, "kgce"),
    "tCO2": (1e3, "kgCO2"),
}  # fmt: skip


class UnitError(TypeError):
    """Quantities of different dimension were added, compared, or taken the logarithm of."""


def unit(text: str) -> tuple[float, dict[str, int]]:
    """Factor and exponents of a written unit."""
    place = 0
    tokens = re.findall(r"[()/·]|[^()/·]+", text)

    def product() -> tuple[float, dict[str, int]]:
        nonlocal place
        factor, dims, sign = 1.0, {}, 1
        while place < len(tokens) and tokens[place] != ")":
            token = tokens[place]
            place += 1
            if token in "/·":
                sign = -1 if token == "/" else 1
                continue
            if token == "(":
                part = product()
                place += 1
            else:
                part = named(token)
            factor *= part[0] ** sign
            for base, power in part[1].items():
                dims[base] = dims.get(base, 0) + sign * power
            sign = 1
        return factor, {base: power for base, power in dims.items() if power}

    return product()


def named(token: str) -> tuple[float, dict[str, int]]:
    for table in (MULTIPLES, POWERS):
        if token in table:
            factor, other = table[token]
            part = unit(other)
            return factor * part[0], part[1]
    if token in BASES:
        return 1.0, {token: 1}
    match = re.fullmatch(r"(\D+)(\d)", token)
    if match is None:
        raise KeyError(token)
    factor, dims = named(match[1])
    power = int(match[2])
    return factor**power, {base: exponent * power for base, exponent in dims.items()}


class Quantity:
    """A value in base units and its dimension."""

    def __init__(self, value: Any, dims: dict[str, float]) -> None:
        self.value, self.dims = value, {base: power for base, power in dims.items() if power}

    @classmethod
    def of(cls, value: Any, text: str) -> Quantity:
        factor, dims = unit(text)
        return cls(value * factor, dims)

    def to(self, text: str) -> Any:
        factor, dims = unit(text)
        if dims != self.dims:
            raise UnitError(f"{self.dims} is not {text}")
        return self.value / factor

    def same(self, other: Any) -> Any:
        if isinstance(other, Quantity):
            if other.dims != self.dims:
                raise UnitError(f"{self.dims} against {other.dims}")
            return other.value
        if self.dims and not np.all(np.asarray(other) == 0):
            raise UnitError(f"{self.dims} against the bare number {other}")
        return other

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **_: Any) -> Any:
        if method != "__call__":
            raise UnitError(method)
        if ufunc in (np.sqrt, np.abs):
            power = 0.5 if ufunc is np.sqrt else 1
            return Quantity(ufunc(self.value), {base: p * power for base, p in self.dims.items()})
        if ufunc in (np.log, np.log10):
            self.same(1.0)
            return ufunc(self.value)
        names = {
            np.multiply: operator.mul,
            np.add: operator.add,
            np.subtract: operator.sub,
            np.divide: operator.truediv,
        }
        names |= {np.greater: operator.gt, np.less: operator.lt, np.less_equal: operator.le}
        left, right = (part if isinstance(part, Quantity) else Quantity(part, {}) for part in inputs)
        return names[ufunc](left, right)

    def __add__(self, other: Any) -> Quantity:
        return Quantity(self.value + self.same(other), self.dims)

    def __sub__(self, other: Any) -> Quantity:
        return Quantity(self.value - self.same(other), self.dims)

    def __rsub__(self, other: Any) -> Quantity:
        return Quantity(self.same(other) - self.value, self.dims)

    def __mul__(self, other: Any) -> Quantity:
        value, dims = (other.value, other.dims) if isinstance(other, Quantity) else (other, {})
        return Quantity(self.value * value, _sum(self.dims, dims, 1))

    def __truediv__(self, other: Any) -> Quantity:
        value, dims = (other.value, other.dims) if isinstance(other, Quantity) else (other, {})
        return Quantity(self.value / value, _sum(self.dims, dims, -1))

    def __rtruediv__(self, other: Any) -> Quantity:
        return Quantity(other, {}) / self

    def __pow__(self, power: Any) -> Quantity:
        bare = power.to("1") if isinstance(power, Quantity) else power
        if self.dims and np.ndim(bare):
            raise UnitError(f"{self.dims} to a column of powers")
        return Quantity(self.value**bare, {base: exponent * bare for base, exponent in self.dims.items()})

    def __lt__(self, other: Any) -> Any:
        return self.value < self.same(other)

    def __le__(self, other: Any) -> Any:
        return self.value <= self.same(other)

    def __gt__(self, other: Any) -> Any:
        return self.value > self.same(other)

    def __ge__(self, other: Any) -> Any:
        return self.value >= self.same(other)

    __radd__, __rmul__ = __add__, __mul__


def _sum(one: dict[str, float], other: dict[str, float], sign: int) -> dict[str, float]:
    return {base: one.get(base, 0) + sign * other.get(base, 0) for base in {*one, *other}}

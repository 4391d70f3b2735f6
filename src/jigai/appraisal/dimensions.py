"""Units as part of a formula's signature: declared once beside the formula, proved by the tests.

>>> @quantities("kWh", power_kw="kW", hours="h")
... def energy_kwh(power_kw: Number, hours: Number) -> Number: ...

The declaration costs nothing at run time. ``tests/appraisal/test_dimensions.py`` calls every declared formula with
quantities of the declared units and fails when the result has another dimension *or another scale*: a lost factor of
3600 or 100 does not pass.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Formula = TypeVar("Formula", bound=Callable[..., Any])


@dataclass(frozen=True)
class Quantities:
    """The units of a formula: one per argument, and that of the result (``1`` = a pure number).

    ``empirical`` marks a fit whose coefficients silently carry units (an efficiency as a polynomial of lg kW); it has
    no consistent dimensions, so only its values can be tested.
    """

    arguments: Mapping[str, str]
    result: str
    empirical: bool = False


_DECLARED: dict[str, Callable[..., Any]] = {}


def quantities(result: str, /, **arguments: str) -> Callable[[Formula], Formula]:
    """Declare the units of a formula's arguments and of its result.

    Raises:
        TypeError: the names are not those of the formula's arguments; it shows when the module is imported.
    """

    return _declare(Quantities(arguments, result))


def empirical(result: str, /, **arguments: str) -> Callable[[Formula], Formula]:
    """Declare the units of a fit, which only holds in just these units; see `Quantities` and `quantities`."""
    return _declare(Quantities(arguments, result, empirical=True))


def _declare(units: Quantities) -> Callable[[Formula], Formula]:
    def declare(formula: Formula) -> Formula:
        named = list(inspect.signature(formula).parameters)
        if sorted(named) != sorted(units.arguments):
            told = ", ".join(units.arguments)
            raise TypeError(f"{formula.__name__} takes {', '.join(named)}; units are declared for {told}")
        formula.__dict__["quantities"] = units
        _DECLARED[f"{formula.__module__}.{formula.__name__}"] = formula
        return formula

    return declare


def declared() -> dict[str, Callable[..., Any]]:
    """Return every formula declared so far by its full name; modules not yet imported have declared nothing."""
    return dict(_DECLARED)


def units_of(formula: Callable[..., Any]) -> Quantities:
    """Return the units of a declared formula; ``KeyError`` when it has none."""
    found: Quantities = formula.__dict__["quantities"]
    return found

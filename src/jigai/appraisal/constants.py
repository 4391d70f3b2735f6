"""Physical constants and factors between units: nothing here is an assumption about a device.

Formulas carry units through these names (``/ SECONDS_PER_HOUR``, ``/ PERCENT``) instead of bare numbers, so that the
tests of dimension can put a quantity in the place of each and see whether the units work out.
"""

from __future__ import annotations

from typing import Final

GRAVITY: Final = 9.81
"""Acceleration of free fall [m/s²], to the two decimals that the pump standards use (GB 19762)."""
SECONDS_PER_HOUR: Final = 3600.0
"""[s/h]"""
W_PER_KW: Final = 1000.0
"""[W/kW]"""
PERCENT: Final = 100.0
"""[%]: a figure in per cent divided by it is a share."""
KJ_PER_KWH: Final = 3600.0
"""[kJ/kWh]"""
KJ_PER_GJ: Final = 1_000_000.0
"""[kJ/GJ]"""
KGCE_PER_GJ: Final = 1_000_000.0 / 29_307.6
"""[kgce/GJ]: one kilogram of standard coal is 29 307.6 kJ, 7000 kcal of 4.1868 kJ (GB/T 2589-2020)."""
KG_PER_T: Final = 1000.0
"""[kg/t], of goods, of standard coal and of CO₂ alike."""
AIR_EXPONENT: Final = (1.4 - 1.0) / 1.4
"""(k − 1)/k of dry air with k = 1.4 [1]: adiabatic compression of an ideal two-atomic gas."""
KW_PER_TON_OF_REFRIGERATION: Final = 3.517
"""[kW/RT], used only to read American sources."""

UNITS: Final = {
    "GRAVITY": "m/s2",
    "SECONDS_PER_HOUR": "s/h",
    "W_PER_KW": "W/kW",
    "PERCENT": "%",
    "KJ_PER_KWH": "kJ/kWh",
    "KJ_PER_GJ": "kJ/GJ",
    "KGCE_PER_GJ": "kgce/GJ",
    "KG_PER_T": "kg/t",
    "AIR_EXPONENT": "1",
    "KW_PER_TON_OF_REFRIGERATION": "kW/RT",
}
"""The unit of every constant above."""

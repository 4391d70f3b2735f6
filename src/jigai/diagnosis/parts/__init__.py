"""The parts of the four dimensions; each module says how some of them are found (words in ``data/parts.csv``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jigai.diagnosis.case import Case
from jigai.diagnosis.parts import age, digital, energy, environment, grades, lists, maturity, newness, safety
from jigai.diagnosis.telling import Told

PARTS: Final[tuple[Callable[[Case], Told], ...]] = (
    newness.newness,
    age.age,
    lists.backward,
    digital.nc_rate,
    digital.networking,
    digital.design_tools,
    maturity.maturity,
    maturity.scenes,
    energy.energy_level,
    energy.energy_peers,
    grades.grade_2_power,
    grades.grade_2_machines,
    environment.environmental_grade,
    age.over_age,
    safety.safety_equipment,
)
"""One function for each row of ``data/parts.csv``, which has the key in the function's name."""

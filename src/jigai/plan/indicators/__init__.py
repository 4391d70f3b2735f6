"""The functions of all indicators; importing this package binds them to the register."""

from jigai.plan.indicators import (
    coverage,
    digital,
    energy,
    equipment,
    green,
    integration,
    investment,
    lines,
    newness,
    numerical_control,
    projects,
    safety,
)

__all__ = [
    "coverage",
    "digital",
    "energy",
    "equipment",
    "green",
    "integration",
    "investment",
    "lines",
    "newness",
    "numerical_control",
    "projects",
    "safety",
]

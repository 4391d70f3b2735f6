"""The targets of a plan as the core judges them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jigai.plan.file import Plan
from jigai.plan.file import Target as Written
from jigai.plan.judging import Tolerance
from jigai.plan.parameters import completed, exact, parameters
from jigai.plan.registry import Indicator
from jigai.plan.targets import Counting, Target, TargetError


def goal(written: Written, plan: Plan, indicator: Indicator) -> Target | None:
    """Return a target as it is judged; None where the file's dates leave no way to it."""
    baseline = written.baseline
    value = baseline.value if baseline else None
    try:
        return Target(
            operator=written.operator,  # type: ignore[arg-type]
            value=written.value,
            unit=written.unit or indicator.display_unit,
            since=(written.since or plan.period.start).first,
            due=written.deadline,
            counting=_counting(written, indicator),
            each_year=written.each_year,
            baseline=value,
            baseline_on=date(baseline.year, 12, 31) if baseline and baseline.year and value is not None else None,
            steps={step.by.last: step.value for step in written.path},
        )
    except TargetError:
        return None


def _counting(written: Written, indicator: Indicator) -> Counting:
    """Tell how the figures of an indicator reach a target: adding up, only as whole years, or standing on any day."""
    if indicator.aggregate == "growth":
        return "whole"
    adds_up = indicator.time == "cumulative" or (written.each_year and indicator.time == "year")
    return "running" if adds_up and indicator.aggregate in ("sum", "count") else "level"


def share(plan: Plan) -> Decimal:
    """Return the least coverage of a figure that is not grey and may be reported (0–1)."""
    return exact(completed(dict(plan.values(parameters()))), "reportable_share")


def tolerance(plan: Plan) -> Tolerance:
    """Return what still counts as at risk, and from which coverage a figure is judged."""
    return Tolerance(coverage=share(plan))

"""A target in words, as cards, reports and the command line show it."""

from __future__ import annotations

from functools import cache

from jigai.plan.file.faults import table
from jigai.plan.file.model import Plan, Target
from jigai.plan.file.schema import operators
from jigai.reference.errors import Language


def said(target: Target, plan: Plan, language: Language = "zh") -> str:
    """Return a target in one phrase: what must be reached, whether every year, and by when."""
    words = _words()
    if target.value is None and operators()[target.operator]["value"]:
        what = words["open"][language]
    else:
        value = "" if target.value is None else f"{target.value:f}"
        unit = plan.unit_called(target.unit or "", language)
        what = operators()[target.operator][language].format(value=value, unit=unit).replace(" %", "%")
    if target.group:
        what = words["group"][language].format(group=target.group, what=what)
    return words["each_year" if target.each_year else "once"][language].format(what=what, by=target.by)


@cache
def _words() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in table("phrases")}

"""Filters of the pages of the plan."""

from __future__ import annotations

from django import template

from jigai.plan.file import Objective
from jigai.plan.registry import Indicator
from jigai.platform.plan import words
from jigai.platform.web.wording import english

register = template.Library()


@register.filter
def named(objective: Objective) -> str:
    """Return the title of an objective in the language of the page."""
    return objective.title.say(words.language())


@register.filter
def defined(indicator: Indicator) -> str:
    """Return what an indicator counts; in English its formula, since the definition is the city's own wording."""
    return indicator.formula_en if english() else indicator.definition


@register.filter
def formula(indicator: Indicator) -> str:
    """Return the formula of an indicator in the language of the page."""
    return indicator.formula_en if english() else indicator.formula_zh

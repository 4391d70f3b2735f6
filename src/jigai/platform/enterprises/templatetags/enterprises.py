"""Words for keys, and figures without trailing zeros."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.titles import title_name
from jigai.platform.web.wording import label

register = template.Library()
register.filter("title_name", title_name)
register.filter("named", label)


@register.filter
def plain(number: Decimal) -> str:
    """Write a stored number with thousands separators and without trailing zeros."""
    return f"{number.normalize():,f}"


@register.filter
def step_label(key: str) -> str:
    """Return the word of a step of the yearly sheet."""
    return sheets.FLOW.steps[key].label


@register.filter
def status_label(key: str) -> str:
    """Return how a figure came, in words."""
    words = {"entered": _("填写"), "same": _("与上年相同"), "imported": _("导入"), "corrected": _("更正")}
    return words.get(key, key)


@register.filter
def of_key(found: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping has for a key; None where there is nothing."""
    return found.get(key)


@register.filter
def limit(number: Any) -> str:
    """Write a figure of a line with thousands separators and without trailing zeros; unknown is a dash."""
    return "—" if number is None else f"{Decimal(str(number)).normalize():,f}"

"""Tags and filters of all pages: icons, badges, addresses that keep the filter, figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

STATES = {"stop": "stop", "warn": "alert", "ok": "check", "ask": "ask", "idle": "minus", "busy": "play"}
"""Icon of each state: a state is never told by colour alone."""


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of ``icons.svg``."""
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, static("jigai/icons.svg"), name
    )


@register.simple_tag
def badge(state: str, word: Any, shape: str = "", inferred: bool = False) -> SafeString:
    """Draw a state as icon, word and colour; ``inferred`` dashed."""
    extra = "inferred " + shape if inferred else shape
    return format_html('<span class="vb s-{} {}">{}{}</span>', state, extra, icon(STATES[state]), word)


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], **changes: Any) -> str:
    """Return the query of this page with some parameters changed (None removes one): the filter stays."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return "?" + query.urlencode()


@register.filter
def figure(value: Any, places: int = 0) -> str:
    """Write a number with thousands separators and ``places`` decimals; unknown is a dash."""
    return "—" if value is None or value == "" else f"{Decimal(str(value)):,.{places}f}"

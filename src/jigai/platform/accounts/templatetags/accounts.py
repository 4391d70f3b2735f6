"""Draw a form's field the same way everywhere: label, control, help, what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()

PLAIN = (forms.HiddenInput, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.CheckboxInput)


@register.inclusion_tag("accounts/_field.html")
def field(bound: forms.BoundField) -> dict[str, Any]:
    """Draw one field."""
    widget = bound.field.widget
    group = isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect))
    return {"field": bound, "control": _control(bound), "hidden": bound.is_hidden, "group": group}


def _control(bound: forms.BoundField) -> SafeString:
    widget = bound.field.widget
    attributes: dict[str, Any] = {}
    if not isinstance(widget, PLAIN):
        attributes["class"] = "form-select" if isinstance(widget, forms.Select) else "form-control"
    said = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        said.append(f"{bound.auto_id}_wrong")
        attributes["aria-invalid"] = "true"
    if said:
        attributes["aria-describedby"] = " ".join(said)
    return bound.as_widget(attrs=attributes)

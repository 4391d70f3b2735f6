"""What the views of accounts share: run a service and put its refusal into the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from jigai.platform.walls.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in the request."""
    return request.actor  # type: ignore[attr-defined]


def tried(form: forms.BaseForm, service: Callable[[], Any]) -> Any:
    """Run a service if the form is filled in rightly; what it refuses is shown in the form, and None returned."""
    if not form.is_valid():
        return None
    try:
        return service() or True
    except ValidationError as error:
        put(form, error)
        return None


def put(form: forms.BaseForm, error: ValidationError) -> None:
    """Show a service's refusal at its fields, and above the form where it has none there."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def told(request: HttpRequest, service: Callable[[], Any], done: str) -> Any:
    """Run a service of a button; say that it is done, or why it was refused."""
    try:
        result = service()
    except ValidationError as error:
        for problem in error.messages:
            messages.error(request, problem)
        return None
    messages.success(request, done)
    return result or True

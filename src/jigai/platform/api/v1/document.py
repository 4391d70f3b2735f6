"""The description of the interface, in the language it is asked for."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext
from ninja import NinjaAPI

CHINESE: Final = re.compile("[一-鿿]")
"""Tells our texts from the English ones of the library, which Django's own catalogue would turn into Chinese."""
NO_NUL: Final = r"^[^\u0000]*$"
"""What every text must be: a NUL is refused (``web.unwritable``)."""


class Interface(NinjaAPI):
    """The interface, whose description says what parameters mean in the language of the request."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the description: texts in the language of the request, and what no text may hold."""
        described = super().get_openapi_schema(**options)
        _finish(described)
        return described


def _finish(part: Any) -> None:
    if isinstance(part, dict):
        text = part.get("description")
        if isinstance(text, str) and CHINESE.search(text):
            part["description"] = gettext(text)
        if part.get("type") == "string" and not {"enum", "format", "pattern", "const"} & set(part):
            part["pattern"] = NO_NUL
        for value in part.values():
            _finish(value)
    elif isinstance(part, list):
        for value in part:
            _finish(value)

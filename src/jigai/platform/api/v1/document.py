"""The description of the interface, in the language it is asked for."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext
from ninja import NinjaAPI

CHINESE: Final = re.compile("[一-鿿]")
"""Tells our texts from the English ones of the library, which Django's own catalogue would turn into Chinese."""


class Interface(NinjaAPI):
    """The interface, whose description says what parameters mean in the language of the request."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the description; texts marked for translation are said in the language of the request."""
        described = super().get_openapi_schema(**options)
        _translate(described)
        return described


def _translate(part: Any) -> None:
    if isinstance(part, dict):
        text = part.get("description")
        if isinstance(text, str) and CHINESE.search(text):
            part["description"] = gettext(text)
        for value in part.values():
            _translate(value)
    elif isinstance(part, list):
        for value in part:
            _translate(value)

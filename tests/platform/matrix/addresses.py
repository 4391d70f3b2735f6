"""Every address of the site, with the guard of its view, as Django resolves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One address. ``capability`` is None where it is open to all, "" where signing in is enough."""

    name: str
    arguments: tuple[str, ...]
    capability: str | None
    ours: bool
    reason: str


def addresses() -> list[Address]:
    """Return every address outside the token interface, which has a matrix of its own."""
    return [one for one in _walk(get_resolver(), "") if not one.name.startswith("api-v1:")]


def _walk(resolver: URLResolver, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield _address(pattern, space)


def _address(pattern: URLPattern, space: str) -> Address:
    view: Any = pattern.callback
    guarded = hasattr(view, "capability")
    return Address(
        name=f"{space}{pattern.name or view.__qualname__}",
        arguments=tuple(pattern.pattern.regex.groupindex),
        capability=view.capability if guarded else None,
        ours=guarded,
        reason=getattr(view, "open_because", ""),
    )

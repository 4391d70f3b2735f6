"""The set of facts a proposed change would bring into use."""

from __future__ import annotations

from datetime import date

from jigai.platform.standards import active
from jigai.platform.standards.models import Change
from jigai.reference import Reference


def packages_after(change: Change) -> tuple[str, ...]:
    """Return the packages that are in use once ``change`` holds, in their order.

    A package comes behind those in use, so that its datasets stand instead of earlier ones with the same id.
    """
    if change.kind == Change.Kind.RESTORE:
        assert change.back_to is not None
        return tuple(change.back_to.packages)
    assert change.package is not None
    mine = change.package.content_hash
    return (*(one for one in active.in_use().packages if one != mine), mine)


def packages_of(change: int) -> tuple[str, ...]:
    """Return the packages that a change, by its number, would bring into use."""
    return packages_after(Change.objects.select_related("package", "back_to").get(pk=change))


def reference_of(change: Change, as_of: date) -> Reference:
    """Return the facts in force on ``as_of`` once ``change`` holds."""
    return active.reference_with(packages_after(change), as_of)

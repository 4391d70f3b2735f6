"""The plan in force as the core reads it; read once per version."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from jigai.plan.file import Plan, read_contents
from jigai.platform.plan.models import PlanVersion

HELD: Final = 8
"""Versions that stay read; a site has a few."""


class _OneText(dict[str, bytes]):
    """The stored text under whatever name the plan file calls it: a version keeps one text."""

    def __missing__(self, name: str) -> bytes:
        return self[""]

    def get(self, name: str, default: bytes | None = None) -> bytes:  # type: ignore[override]
        return self[""]


def in_force() -> tuple[PlanVersion, Plan] | None:
    """Return the version figures go by now and its plan; None before one was put in force."""
    version = PlanVersion.objects.filter(in_force=True).first()
    return (version, plan_of(version)) if version else None


def plan_of(version: PlanVersion) -> Plan:
    """Return the plan of a version.

    Raises:
        PlanError: the kept file cannot be read by this release.
    """
    return _read(version.content, version.text)


@lru_cache(maxsize=HELD)
def _read(content: str, text: str) -> Plan:
    return read_contents(content.encode(), _OneText({"": text.encode()}))

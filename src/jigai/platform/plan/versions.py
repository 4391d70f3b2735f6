"""The plan in force, read once per process: what figures are computed with and judged by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jigai.plan.file import PLAN_FILE, Plan, read_contents
from jigai.platform.plan.models import PlanVersion

KEPT = 8
"""Plans kept in memory: the one in force and some that people compare it with."""


@dataclass(frozen=True)
class InForce:
    """The plan figures go by (在用的规划): the row it is stored in, and what it says."""

    pk: int
    plan: Plan


def in_force() -> InForce | None:
    """Return the plan in force; None before one was put in force. One query; the file is read once per process."""
    row = PlanVersion.objects.filter(in_force=True).values_list("pk", "content_hash").first()
    return None if row is None else InForce(row[0], _kept(*row))


def plan_of(version: PlanVersion) -> Plan:
    """Return what a stored version says."""
    return _kept(version.pk, version.content_hash)


def read(content: str, text_file: str, text: str, name: str = PLAN_FILE) -> Plan:
    """Return the plan of a stored file; ``PlanError`` where this release no longer takes it."""
    return read_contents(content.encode(), {text_file: text.encode()}, name)


@lru_cache(maxsize=KEPT)
def _kept(pk: int, content_hash: str) -> Plan:
    """Return a version; its hash is in the key, so that another row of the same number is another plan."""
    version = PlanVersion.objects.get(pk=pk, content_hash=content_hash)
    return read(version.content, version.text_file, version.text)


def shipped(name: str) -> Path | None:
    """Return the folder of a plan that came with jigai (``plans/<name>`` beside the source or the installation)."""
    above = Path(__file__).resolve().parents
    return next((one / "plans" / name for one in above if (one / "plans" / name / PLAN_FILE).is_file()), None)

"""A finding as a plain tuple, with the names of the findings table."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Finding(NamedTuple):
    """One answer of one check about one device; the fields mean what ``jigai.screening.schema.FINDING`` says."""

    check: str
    outcome: str
    mandatory: bool = False
    basis: str | None = None
    rule_id: str | None = None
    document: str | None = None
    clause: str | None = None
    certainty: str | None = None
    metric: str | None = None
    value: Decimal | None = None
    limit: Decimal | None = None
    unit: str | None = None
    missing: str | None = None
    deadline: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None
    dataset: str | None = None

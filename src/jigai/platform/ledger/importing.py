"""A ledger of devices takes files in by the same wizard as everything else, but as a whole (one site, one ledger)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.columns import ledger_table
from jigai.platform.enterprises.reference import reference
from jigai.platform.imports.subjects import Subject, Whole
from jigai.platform.ledger import wizard
from jigai.platform.ledger.entry import kinds
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.wizard_preview import preview
from jigai.platform.ledger.wizard_told import told
from jigai.reports.template import UnknownKind, write_template

KEY = "ledger"
USUAL = "motor"
"""The kind of the template where none is chosen."""


def subjects() -> Iterable[Subject]:
    """Return the one subject."""
    return [
        Subject(
            key=KEY,
            title=_("设备台账"),
            table=ledger_table(),
            capability=CAPABILITY,
            list_url=lambda: reverse("ledger:list"),
            opens="finance.view",
            closed=wizard.holds_money,
            template=_template,
            templates=kinds,
            whole=Whole(
                read=wizard.read,
                preview=preview,
                job=wizard.JOB,
                begin=wizard.begin,
                about=wizard.about,
                given=wizard.given,
                settle=wizard.settle,
                told=told,
                parts={
                    "new": "ledger/_upload_new.html",
                    "about": "ledger/_upload_about.html",
                    "changes": "ledger/_upload_changes.html",
                    "result": "ledger/_upload_result.html",
                },
            ),
        )
    ]


def _template(which: str) -> tuple[str, bytes]:
    """Return the workbook to fill in for a kind of equipment: its name and content."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "template.xlsx"
        try:
            kind = write_template(which or USUAL, place, reference(timezone.localdate()))
        except UnknownKind as error:
            raise Http404 from error
        return f"{kind.zh}台账填报表.xlsx", place.read_bytes()

"""A ledger of devices takes files in by the same wizard as everything else, but as a whole (one site, one ledger)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.columns import ledger_table
from jigai.platform.enterprises.reference import reference
from jigai.platform.imports.subjects import Subject, Whole
from jigai.platform.ledger import wizard
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.wizard_preview import preview
from jigai.platform.ledger.wizard_told import told
from jigai.reports.template import write_template

KEY = "ledger"
_TEMPLATE_KIND = "motor"


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
            template=_template,
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


def _template() -> bytes:
    """Return the workbook to fill in: what decides most ledgers; other kinds have templates of their own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "template.xlsx"
        write_template(_TEMPLATE_KIND, place, reference(timezone.localdate()))
        return place.read_bytes()

"""The sample workbook taken in at the site of the east, and judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.db import transaction

from jigai.ledger import read_ledger
from jigai.platform.jobs import worker
from jigai.platform.ledger.taking import take
from jigai.platform.screening import services
from jigai.platform.walls.scope import use_scope
from jigai.reference import Reference

BOOK = Path(__file__).parents[3] / "samples" / "01_rolling_mill.xlsx"
DAY = date(2026, 11, 23)


@pytest.fixture
def judged(city):
    """The city, with the devices of the sample workbook screened."""
    actor = city.actor("enterprise_equipment")
    lines = read_ledger(BOOK).devices.with_columns(site=pl.lit(city.east_site.pk), upload=pl.lit(None, pl.Int64))
    with transaction.atomic(), use_scope(actor.scope):
        take(actor, lines, Reference.load(DAY), {city.east_site.pk})
        services.start(actor, [city.east_site.pk], DAY)
    worker.run(once=True)
    return city

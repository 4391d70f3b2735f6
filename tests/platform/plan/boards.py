"""What tests of the board stand on: a plan in force, and kept sums written by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.plan import loading
from jigai.platform.plan.models import Contribution, IndicatorValue
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope

PLANS = Path(__file__).parents[3] / "plans"
PANZHIHUA, TEXTILES = PLANS / "panzhihua-2024", PLANS / "xiangfang-textiles"
YI = 10**8
TODAY = timezone.localdate


def in_force(folder=PANZHIHUA):
    """Put a plan in force without computing anything."""
    actor = command("load the plan")
    with transaction.atomic(), use_scope(actor.scope):
        version = loading.load_folder(actor, folder)
        loading.switch(actor, version)
    return version


def keep(indicator, period, numerator, denominator=0, should=1, reported=None, part=("city", ""), **more):
    """Keep one sum."""
    return IndicatorValue.objects.create(
        indicator=indicator,
        period=str(period),
        partition=part[0],
        key=part[1],
        numerator=Decimal(str(numerator)),
        denominator=Decimal(str(denominator)),
        should=should,
        reported=should if reported is None else reported,
        data_date=more.pop("data_date", date(2026, 2, 1)),
        computed_at=timezone.now(),
        **more,
    )


def adds(person: LegalPerson, indicator, period, numerator, denominator=1, standing="counted", **more):
    """Keep what an enterprise adds."""
    counted = int(standing in ("counted", "unverified"))
    with transaction.atomic(), use_scope(command("test").scope):
        return Contribution.objects.create(
            indicator=indicator,
            period=str(period),
            kind=more.pop("kind", "legal_person"),
            key=more.pop("key", str(person.pk)),
            label=more.pop("label", person.name),
            legal_person=person,
            org=person.org,
            manager_code=person.manager_code,
            place_code=person.place_code,
            industry_code=person.industry_code,
            numerator=numerator,
            denominator=denominator,
            should=1,
            reported=counted,
            standing=standing,
            data_date=date(2026, 2, 1),
            **more,
        )


def months(first=2024, last=(2026, 10), step=4 * YI):
    """Keep the cumulative investment of every month of the bureau, rising by ``step`` a month, and of the years."""
    total, reported = 0, 0
    for year in range(first, last[0] + 1):
        for month in range(1, 13):
            if (year, month) > last:
                break
            if month > 1:
                total, reported = total + step * (2 if month == 2 else 1), reported + (2 if month == 2 else 1)
            keep("equipment_investment_cumulative", f"{year}-{month:02d}", total, should=reported, reported=reported)
        keep("equipment_investment_cumulative", year, total, should=reported, reported=reported)

"""An issue of the bulletin, and the text it is made of, as the city keeps it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jigai.plan.period import Period
from jigai.platform.audit.services import record
from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import wording
from jigai.platform.reporting.bulletin import Issue, write
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.models import BulletinText
from jigai.platform.reporting.overdue import overdue
from jigai.platform.reporting.services import FILL
from jigai.platform.walls.actor import Actor
from jigai.reports import fonts


def text_in_force() -> str:
    """Return the text bulletins are made of, as it is written."""
    newest = BulletinText.objects.order_by("-pk").first()
    return newest.source if newest else wording.shipped()


def change_text(actor: Actor, text: str) -> BulletinText:
    """Keep another text for bulletins from now on.

    Raises:
        ValidationError: it cannot be filled; says where.
    """
    actor.require(FILL)
    plain = text.replace("\r\n", "\n")
    wording.read(plain)
    with transaction.atomic():
        before = text_in_force()
        made = BulletinText.objects.create(source=plain, recorded_at=timezone.now(), recorded_by=actor.label[:150])
        record(actor, "bulletin.text", made, before={"text": before}, after={"text": plain})
    return made


def make(period: Period, today: date, said: dict[str, Any]) -> bytes:
    """Return the bulletin of a month as a Word document, from what is known on ``today``.

    Args:
        period: up to the end of which month.
        today: the day known; what is overdue is so on this day.
        said: ``red_head, number, office, next_steps`` as entered.
    """
    with translation.override("zh-hans"):  # official papers are Chinese, whoever asks
        units = {one.code: str(one) for one in ManagingUnit.objects.filter(active=True)}
        issue = Issue(
            city=str(settings.CITY_NAME),
            period=period,
            known_on=today,
            units=units,
            red_head=bool(said.get("red_head")),
            number=str(said.get("number", "")),
            office=str(said.get("office", "")),
            next_steps=str(said.get("next_steps", "")),
            overdue=overdue(today),
        )
        return write(wording.read(text_in_force()), issue, source(), fonts.chinese())


def fonts_told() -> str:
    """Say which typefaces official papers ask for are on this machine, and what stands in for the others."""
    found = fonts.wanted()
    here = "、".join(one.family for one in found if not one.missing)
    gone = "、".join(f"{one.family}→{one.found}" if one.found else one.family for one in found if one.missing)
    return " ".join(
        filter(
            None,
            [
                _("已装字体：%(fonts)s。") % {"fonts": here} if here else "",
                _("本机缺少、PDF 中由其他字体代替：%(fonts)s。") % {"fonts": gone} if gone else "",
            ],
        )
    )

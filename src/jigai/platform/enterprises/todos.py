"""What waits for people in annual figures: to fill, to submit, to mend, to verify."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.attributes import visible_attributes
from jigai.platform.enterprises.completeness import lacking
from jigai.platform.enterprises.models import LegalPerson, SheetStep
from jigai.platform.enterprises.reporting import overview
from jigai.platform.enterprises.rules import governs
from jigai.platform.home.todo import Todo
from jigai.platform.walls.actor import Actor

SINGLE = 8
"""Sheets to verify that are named one by one; more are gathered in one line."""


def todos(actor: Actor) -> Iterable[Todo]:
    """Return what waits for ``actor``."""
    year = sheets.reporting_year(timezone.localdate())
    if actor.may("fact.enter") and not governs(actor):
        for person in LegalPerson.objects.filter(status=LegalPerson.Status.OPERATING):
            yield from _of_enterprise(actor, person, year)
    if actor.may("fact.verify") and actor.scope.managers:
        yield from _to_verify(actor, year)


def _of_enterprise(actor: Actor, person: LegalPerson, year: int) -> Iterable[Todo]:
    state = sheets.state_of(person, year)
    if state.key not in ("open", "returned"):
        return
    missing = lacking(person, year)
    own = [one for one in missing if one.attribute.name in visible_attributes(actor)]
    url = reverse("enterprises:facts", args=[person.pk, year])
    task = partial(Todo, url=url, subject=person.name, source=_("年度数据"))
    if state.key == "returned":
        last = sheets.steps_of(person, year)[0]
        title = _("按退回意见修改 %(year)s 年年度数据") % {"year": year}
        due, since = sheets.due("return", year), timezone.localtime(last.recorded_at).date()
        yield task(title, action=_("修改"), detail=last.comment, due=due, since=since)
    elif own:
        title = _("填写 %(year)s 年年度数据") % {"year": year}
        detail = _("还有 %(n)s 项") % {"n": len(own)}
        yield task(title, action=_("填写"), detail=detail, due=sheets.due("fill", year))
    elif not missing and actor.may("fact.submit"):
        title = _("报送 %(year)s 年年度数据") % {"year": year}
        yield task(title, action=_("报送"), detail=_("各项已填齐"), due=sheets.due("submit", year))


def _to_verify(actor: Actor, year: int) -> Iterable[Todo]:
    waiting = [one for one in overview(actor, year).rows if one.state.key in ("submitted", "corrected")]
    task = partial(Todo, action=_("核对"), source=_("年度数据"), due=sheets.due("verify", year))
    if len(waiting) > SINGLE:
        title = _("核对 %(n)s 家企业的 %(year)s 年年度数据") % {"n": len(waiting), "year": year}
        yield task(title, url=reverse("enterprises:reporting", args=[year]) + "?state=submitted")
        return
    for one in waiting:
        last = SheetStep.objects.filter(legal_person=one.person, year=year).order_by("-pk").first()
        yield task(
            _("核对 %(year)s 年年度数据") % {"year": year},
            url=reverse("enterprises:facts", args=[one.person.pk, year]),
            subject=one.person.name,
            detail=one.state.label,
            since=timezone.localtime(last.recorded_at).date() if last else None,
        )

"""The list of runs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.screening.models import Run
from jigai.platform.web.listing import Cell, Column, Filter, Listing

TONES = {"waiting": "busy", "judged": "busy", "done": "ok"}


def _kind(one: Run) -> Cell:
    return Cell(_("试算"), state="ask") if one.rehearsal else Cell(_("正式"), state="ok")


def _machines(one: Run) -> int:
    return sum(count["machines"] for count in one.totals.values())


def _must(one: Run) -> Any:
    return one.totals.get("must_replace", {}).get("machines", 0) if one.totals else None


RUNS = Listing(
    key="runs",
    title=_("筛查"),
    rows=lambda request: Run.objects.all(),
    order="-pk",
    columns=[
        Column("title", _("名称"), lambda one: Cell(one.title, url=reverse("screening:run", args=[one.pk]))),
        Column("as_of", _("判定日"), lambda one: one.as_of, sort="as_of"),
        Column("kind", _("类别"), _kind),
        Column("state", _("状态"), lambda one: Cell(one.get_state_display(), state=TONES[one.state])),
        Column("sites", _("厂区"), lambda one: len(one.sites), numeric=True),
        Column("machines", _("台数"), lambda one: f"{_machines(one):,}" if one.totals else "", numeric=True),
        Column("must", _("必须淘汰"), lambda one: _must(one), unit=_("台"), numeric=True),
        Column(
            "by",
            _("发起人"),
            lambda one: Cell(one.started_by, sub=f"{timezone.localtime(one.started_at):%Y-%m-%d %H:%M}"),
        ),
    ],
    filters=[
        Filter("q", _("查找"), lambda rows, words: rows.filter(title__icontains=words), hint=_("名称")),
        Filter(
            "kind",
            _("类别"),
            lambda rows, key: rows.filter(rehearsal=key == "rehearsal"),
            lambda request: [("formal", _("正式")), ("rehearsal", _("试算"))],
        ),
    ],
    empty=_("还没有筛查过。"),
    empty_step=_("发起筛查"),
    empty_url="/screening/new/",
)

"""The list of changes."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.standards.models import Change
from jigai.platform.web.listing import Cell, Column, Filter, Listing

TONES = {"proposed": "ask", "planned": "busy", "done": "ok", "refused": "stop", "withdrawn": "idle"}


def _at(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _what(one: Change) -> Cell:
    return Cell(str(one), url=reverse("standards:change", args=[one.pk]), sub=one.reason)


CHANGES = Listing(
    key="standards-changes",
    title=_("依据变更"),
    rows=lambda request: Change.objects.select_related("package", "back_to"),
    order="-pk",
    columns=[
        Column("what", _("内容"), _what),
        Column("kind", _("类别"), lambda one: one.get_kind_display()),
        Column("state", _("状态"), lambda one: Cell(one.get_state_display(), state=TONES[one.state])),
        Column("proposed", _("提出"), lambda one: Cell(one.proposed_by, sub=_at(one.proposed_at))),
        Column(
            "decided",
            _("审核"),
            lambda one: Cell(one.decided_by, sub=_at(one.decided_at)) if one.decided_at else "",
        ),
        Column("effective", _("生效日"), lambda one: one.effective_on or "", sort="effective_on"),
    ],
    filters=[
        Filter(
            "q",
            _("查找"),
            lambda rows, words: rows.filter(package__title__icontains=words) | rows.filter(reason__icontains=words),
            hint=_("名称、理由"),
        ),
        Filter(
            "state", _("状态"), lambda rows, key: rows.filter(state=key), lambda request: list(Change.State.choices)
        ),
    ],
    empty=_("还没有变更过依据，在用的是软件自带的和本市装入的数据。"),
    empty_step=_("看标准库"),
    empty_url="/standards/",
)

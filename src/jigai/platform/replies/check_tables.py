"""The list of checks at sites."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.places.filters import BY_MANAGER
from jigai.platform.replies.models import SiteCheck
from jigai.platform.web.listing import Cell, Column, Filter, Listing


def _rows(request: Any) -> Any:
    answered = Count("items", filter=~Q(items__found=""))
    return SiteCheck.objects.select_related("site").annotate(done=answered, total=Count("items"))


CHECKS = Listing(
    key="site-checks",
    title=_("现场核对"),
    rows=_rows,
    order="-pk",
    columns=[
        Column("site", _("厂区"), lambda one: Cell(one.site.name, url=reverse("replies:check", args=[one.pk]))),
        Column("enterprise", _("企业"), lambda one: one.site.enterprise_name),
        Column(
            "state",
            _("状态"),
            lambda one: Cell(one.get_state_display(), state="busy" if one.state == "open" else "ok"),
            sort="state",
        ),
        Column("done", _("已核"), lambda one: one.done, unit=_("台"), numeric=True),
        Column("total", _("要看"), lambda one: one.total, unit=_("台"), numeric=True),
        Column(
            "opened",
            _("建表"),
            lambda one: Cell(timezone.localtime(one.opened_at).date(), sub=one.opened_by),
            sort="opened_at",
        ),
        Column("closed", _("结束"), lambda one: timezone.localtime(one.closed_at).date() if one.closed_at else ""),
    ],
    filters=[
        Filter(
            "q",
            _("查找"),
            lambda rows, asked: rows.filter(Q(site__enterprise_name__icontains=asked) | Q(site__name__icontains=asked)),
            hint=_("企业、厂区"),
        ),
        Filter(
            "state",
            _("状态"),
            lambda rows, key: rows.filter(state=key),
            lambda request: SiteCheck.State.choices,
        ),
        BY_MANAGER,
    ],
    empty=_("还没有现场核对。选一个筛查过的厂区，建立核对表。"),
)

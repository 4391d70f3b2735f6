"""The telephone list: who has not reported, whom to call, when they were last reminded, what was said."""

from __future__ import annotations

from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.models import Membership, Registration
from jigai.platform.campaigns.data import FLOW, OPEN
from jigai.platform.campaigns.models import Entry, Note
from jigai.platform.campaigns.tables import SITE, by_state, by_words, entries_of, reminded
from jigai.platform.places.filters import BY_MANAGER
from jigai.platform.web.listing import Cell, Column, Filter, Listing


def to_call(request: HttpRequest) -> QuerySet[Entry]:
    """Return the entries that have not reported with contact, phone, last reminder and the last call.

    The head of the enterprise comes first, then any other of its people, then who asked for its registration.
    """
    first = Case(When(role_key="enterprise_head", then=Value(0)), default=Value(1), output_field=IntegerField())
    people = Membership.objects.filter(organisation=OuterRef("org"), active=True, user__is_active=True)
    people = people.order_by(first, "pk")
    asked = Registration.objects.filter(credit_code=OuterRef("site__credit_code")).order_by("-pk")
    calls = Note.objects.filter(entry=OuterRef("pk"), kind=Note.Kind.CALL).order_by("-pk")
    return by_state(entries_of(request), "open").annotate(
        contact_name=Subquery(people.values("user__name")[:1]),
        contact_post=Subquery(people.values("user__post")[:1]),
        contact_phone=Subquery(people.exclude(user__phone="").values("user__phone")[:1]),
        asked_name=Subquery(asked.values("contact")[:1]),
        asked_phone=Subquery(asked.values("phone")[:1]),
        call=Subquery(calls.values("text")[:1]),
        called_at=Subquery(calls.values("recorded_at")[:1]),
    )


def _contact(one: Entry) -> Cell:
    name = one.contact_name or one.asked_name  # type: ignore[attr-defined]
    return Cell(name or _("没有账号"), sub=one.contact_post or "")  # type: ignore[attr-defined]


PHONE = Listing(
    key="campaign-phone",
    title=_("未报电话表"),
    rows=to_call,
    order="pk",
    columns=[
        SITE,
        Column("manager", _("管理主体"), lambda one: one.manager_name or one.manager_code),
        Column("contact", _("联系人"), _contact),
        Column("phone", _("电话"), lambda one: one.contact_phone or one.asked_phone or ""),
        Column("state", _("状态"), lambda one: FLOW.states[one.state].label),
        Column("due", _("期限"), lambda one: one.deadline),
        Column("reminded", _("最近提醒"), reminded),
        Column("called", _("最近通话"), lambda one: timezone.localdate(one.called_at) if one.called_at else ""),
        Column("call", _("通话记录"), lambda one: one.call or ""),
        Column("note", _("备注"), lambda one: Cell("")),
    ],
    filters=[
        Filter("q", _("查找"), by_words, hint=_("企业、信用代码、拼音首字母")),
        Filter(
            "state",
            _("状态"),
            by_state,
            lambda request: [(key, FLOW.states[key].label) for key in OPEN],
        ),
        BY_MANAGER,
    ],
    empty=_("应报的都已报送。"),
)

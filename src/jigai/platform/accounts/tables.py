"""Lists of people, organisations, roles held and registrations."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts import policies
from jigai.platform.accounts.models import Organisation, Registration, User, role_name
from jigai.platform.accounts.roles import roles
from jigai.platform.places.models import ManagingUnit
from jigai.platform.web.listing import Cell, Column, Filter, Listing

STATES = {"submitted": "busy", "returned": "warn", "approved": "ok"}


def _moment(value: Any) -> str:
    return date_format(timezone.localtime(value), "Y-m-d H:i") if value else ""


def _people(request: HttpRequest) -> QuerySet[User]:
    people = policies.people_of(request.actor)  # type: ignore[attr-defined]
    return people.prefetch_related("assignments__organisation", "memberships__organisation")


def _places(user: User) -> Cell:
    names = {str(one.organisation) for one in user.assignments.all()}
    names |= {str(one.organisation) for one in user.memberships.all() if one.active}
    return Cell("、".join(sorted(names)) or _now("未分配单位"))


def _roles(user: User) -> Cell:
    held = [one for one in user.memberships.all() if one.active]
    words = [f"{one.role_name}（{one.organisation}）" for one in held]
    return Cell(words[0] if words else "—", sub="；".join(words[1:]))


def _account_state(user: User) -> Cell:
    if not user.is_active:
        return Cell(_now("已停用"), state="idle")
    return Cell(_now("初始口令"), state="ask") if user.must_change_password else Cell(_now("在用"), state="ok")


def _named(rows: QuerySet[User], text: str) -> QuerySet[User]:
    return rows.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(phone__icontains=text))


def _in_role(rows: QuerySet[User], key: str) -> QuerySet[User]:
    return rows.filter(memberships__role_key=key, memberships__active=True).distinct()


def _role_choices(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [(key, role_name(key)) for key in roles()]


def _unit_choices(_request: HttpRequest) -> list[tuple[str, Any]]:
    return [(unit.code, unit.name) for unit in ManagingUnit.objects.all()]


PERSON_FILTERS = (
    Filter("q", _("查找"), _named, hint=_("姓名、登录名、电话")),
    Filter("role", _("角色"), _in_role, choices=_role_choices),
    Filter(
        "state",
        _("状态"),
        lambda rows, value: rows.filter(is_active=value == "on"),
        choices=lambda _request: [("on", _("在用")), ("off", _("已停用"))],
    ),
)

PEOPLE = Listing(
    key="people",
    title=_("账号"),
    rows=_people,
    order="username",
    columns=(
        Column(
            "username",
            _("登录名"),
            lambda user: Cell(user.username, url=reverse("accounts:person", args=[user.pk])),
            sort="username",
        ),
        Column("name", _("姓名"), lambda user: Cell(user.name or "—", sub=user.post), sort="name"),
        Column("places", _("单位"), _places),
        Column("roles", _("角色"), _roles),
        Column("phone", _("电话"), lambda user: user.phone),
        Column("state", _("状态"), _account_state),
        Column("last", _("最近登录"), lambda user: _moment(user.last_login), sort="last_login", hidden=True),
    ),
    filters=PERSON_FILTERS,
    empty=_("还没有账号。"),
    empty_step=_("建立第一个账号"),
    empty_url=cast(str, reverse_lazy("accounts:person_add")),
)

GRANTS = Listing(
    key="grants",
    title=_("授权"),
    rows=_people,
    order="username",
    columns=(
        Column(
            "name",
            _("姓名"),
            lambda user: Cell(
                user.name or user.username, url=reverse("accounts:grant", args=[user.pk]), sub=user.username
            ),
            sort="name",
        ),
        Column("roles", _("现有角色"), _roles),
        Column("places", _("单位"), _places),
        Column("state", _("状态"), _account_state),
    ),
    filters=PERSON_FILTERS,
    empty=_("还没有可授权的人员；账号由系统管理员建立。"),
)


def _with_unit(rows: QuerySet[Any]) -> QuerySet[Any]:
    unit = ManagingUnit.objects.filter(code=OuterRef("manager_code")).values("name")[:1]
    return rows.annotate(unit_name=Subquery(unit))


def _organisations(request: HttpRequest) -> QuerySet[Organisation]:
    return _with_unit(policies.organisations_of(request.actor))  # type: ignore[attr-defined]


def _unit_name(row: Any) -> str:
    return row.unit_name or _now("全市")


ORGANISATIONS = Listing(
    key="organisations",
    title=_("单位"),
    rows=_organisations,
    order="name",
    columns=(
        Column(
            "name",
            _("名称"),
            lambda one: Cell(one.name, url=reverse("accounts:organisation", args=[one.pk]), sub=one.short),
            sort="name",
        ),
        Column("kind", _("类别"), lambda one: one.get_kind_display(), sort="kind"),
        Column("manager", _("管理主体"), _unit_name, sort="manager_code"),
        Column("code", _("统一社会信用代码"), lambda one: one.credit_code),
        Column(
            "state",
            _("状态"),
            lambda one: Cell(_now("在用"), state="ok") if one.active else Cell(_now("已停用"), state="idle"),
        ),
    ),
    filters=(
        Filter(
            "q",
            _("查找"),
            lambda rows, text: rows.filter(Q(name__icontains=text) | Q(credit_code__icontains=text)),
            hint=_("名称、代码"),
        ),
        Filter(
            "kind",
            _("类别"),
            lambda rows, value: rows.filter(kind=value),
            choices=lambda _request: Organisation.Kind.choices,
        ),
        Filter("manager", _("管理主体"), lambda rows, value: rows.filter(manager_code=value), choices=_unit_choices),
    ),
    empty=_("还没有单位。"),
    empty_step=_("新增单位"),
    empty_url=cast(str, reverse_lazy("accounts:organisation_add")),
)


def _due(one: Registration) -> Cell:
    if one.due is None:
        return Cell("—")
    left = (one.due - timezone.localdate()).days
    if left < 0:
        return Cell(_now("%(day)s 逾期 %(n)s 天") % {"day": one.due.isoformat(), "n": -left}, state="stop")
    return Cell(one.due.isoformat(), sub=_now("余 %(n)s 天") % {"n": left})


REGISTRATIONS = Listing(
    key="registrations",
    title=_("企业注册审批"),
    rows=lambda _request: _with_unit(Registration.objects.all()),
    order="-submitted_at",
    columns=(
        Column(
            "name",
            _("企业"),
            lambda one: Cell(one.name, url=reverse("accounts:registration", args=[one.pk]), sub=one.credit_code),
            sort="name",
        ),
        Column("unit", _("管理主体"), _unit_name, sort="manager_code"),
        Column("contact", _("联系人"), lambda one: Cell(one.contact, sub=one.phone)),
        Column("submitted", _("提交时间"), lambda one: _moment(one.submitted_at), sort="submitted_at"),
        Column("due", _("办理期限"), _due),
        Column("state", _("状态"), lambda one: Cell(one.get_status_display(), state=STATES[one.status])),
        Column("by", _("办理人"), lambda one: Cell(one.decided_by or "—", sub=_moment(one.decided_at)), hidden=True),
    ),
    filters=(
        Filter(
            "q",
            _("查找"),
            lambda rows, text: rows.filter(Q(name__icontains=text) | Q(credit_code__icontains=text)),
            hint=_("企业名称、代码"),
        ),
        Filter(
            "status",
            _("状态"),
            lambda rows, value: rows.filter(status=value),
            choices=lambda _request: Registration.Status.choices,
        ),
    ),
    empty=_("没有注册申请。企业在登录页点“企业注册”提交后，会出现在这里。"),
)

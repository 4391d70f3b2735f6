"""Organisations (system administrator): departments, county bureaus, suppliers, banks, expert bodies."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jigai.platform.accounts import credit_code, policies
from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor

FIELDS = ("kind", "name", "short", "credit_code", "manager_code")
COUNTY_KINDS = (Organisation.Kind.COUNTY_BUREAU, Organisation.Kind.SUPPLIER, Organisation.Kind.EXPERT_BODY)


def kinds_for(actor: Actor) -> list[str]:
    """Return the kinds an administrator may add; enterprises come by registration or import, with their records."""
    if policies.whole_city(actor):
        return [kind for kind in Organisation.Kind.values if kind != Organisation.Kind.LEGAL_PERSON]
    return [str(kind) for kind in COUNTY_KINDS]


@transaction.atomic
def save_organisation(actor: Actor, organisation: Organisation | None, version: int = 1, **values: Any) -> Organisation:
    """Add an organisation (None) or change one.

    Raises:
        Http404: not the actor's to look after.
        ValidationError: a kind the actor may not add, a county bureau without its managing unit, a credit code that
            is wrong or taken, or a form older than the record.
    """
    actor.require("user.manage")
    values = {key: value for key, value in values.items() if key in FIELDS}
    if not policies.whole_city(actor):
        values["manager_code"] = actor.organisation.manager_code if actor.organisation else ""
    code = credit_code.normalised(values.get("credit_code") or "")
    values["credit_code"] = code or None
    if organisation is None:
        if values.get("kind") not in kinds_for(actor):
            raise ValidationError({"kind": _("这类单位不在这里新增：企业通过注册或导入建立。")})
        organisation, before, action = Organisation(), None, "organisation.added"
    else:
        policies.organisation_within(actor, organisation)
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if organisation.version != version:
            raise ValidationError(
                _("别人刚刚改过这条记录，现为：%(now)s。请核对后再保存。") % {"now": organisation.name}
            )
        values.pop("kind", None)  # what sort it is decides which roles it can give, and so never changes
        if organisation.kind == Organisation.Kind.LEGAL_PERSON:
            values.pop("credit_code")
            values.pop("manager_code", None)
        before, action = {key: getattr(organisation, key) for key in values}, "organisation.edited"
        organisation.version += 1
    _check(organisation, values, code)
    for key, value in values.items():
        setattr(organisation, key, value)
    organisation.save()
    record(actor, action, organisation, before=before, after=values)
    return organisation


@transaction.atomic
def set_active(actor: Actor, organisation: Organisation, active: bool, reason: str) -> None:
    """Disable an organisation, so that nobody can act for it, or enable it again; never one's own."""
    actor.require("user.manage")
    policies.organisation_within(actor, organisation)
    if actor.organisation and actor.organisation.pk == organisation.pk:
        raise ValidationError(_("不能停用自己所在的单位。"))
    policies.reasoned(reason)
    organisation.refresh_from_db()
    if organisation.active == active:
        return
    organisation.active = active
    organisation.version += 1
    organisation.save(update_fields=["active", "version"])
    action = "organisation.enabled" if active else "organisation.disabled"
    record(actor, action, organisation, before={"active": not active}, after={"active": active}, reason=reason)


def _check(organisation: Organisation, values: dict[str, Any], code: str) -> None:
    kind = values.get("kind") or organisation.kind
    if kind == Organisation.Kind.COUNTY_BUREAU and not values.get("manager_code"):
        raise ValidationError({"manager_code": _("县区部门须选择管理主体。")})
    if "credit_code" in values and code:
        credit_code.validate(code)
        if Organisation.objects.filter(credit_code=code).exclude(pk=organisation.pk).exists():
            raise ValidationError({"credit_code": _("这个统一社会信用代码已登记在另一个单位。")})

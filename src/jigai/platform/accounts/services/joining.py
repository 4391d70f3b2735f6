"""A person becomes a hand of an enterprise: by an approved registration, or by an invitation."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import (
    Assignment,
    FormerPassword,
    Membership,
    Organisation,
    Registration,
    User,
)
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services.grants import must_not_meet
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.models import Scoped
from jigai.platform.walls.scope import command_scope, use_scope

HEAD = "enterprise_head"


def hand_keys() -> list[str]:
    """Return the roles inside an enterprise, in the order of ``roles.csv``: equipment, finance, head."""
    return [key for key, role in roles().items() if Organisation.Kind.LEGAL_PERSON in role.org_kinds]


def join_enterprise(registration: Registration, role_key: str) -> User:
    """Make the account of an applicant, and the enterprise with it where its code is new; return the account.

    Raises:
        ValidationError: the code is registered under another managing unit; or the enterprise has a head already and
            a second one is asked for; or the role is none of an enterprise.
    """
    if role_key not in hand_keys():
        raise ValidationError({"role_key": _("请选择企业内的角色。")})
    organisation = _organisation(registration)
    if role_key == HEAD and heads(organisation).exists():
        raise ValidationError({"role_key": _("该企业已有负责人，请选择设备或财务角色，或退回由其负责人邀请。")})
    user = User(
        username=registration.username, name=registration.contact, phone=registration.phone, post=registration.post
    )
    user.password = registration.password
    user.save()
    FormerPassword.objects.create(user=user, password=user.password)
    become_hand(user, organisation, role_key)
    return user


def become_hand(user: User, organisation: Organisation, role_key: str, sites: list[int] | None = None) -> Membership:
    """Let a person act for an enterprise in a role."""
    must_not_meet(user, role_key)
    Assignment.objects.get_or_create(user=user, organisation=organisation)
    membership, _made = Membership.objects.update_or_create(
        user=user, organisation=organisation, role_key=role_key, defaults={"active": True, "sites": sites or []}
    )
    return membership


def heads(organisation: Organisation) -> models.QuerySet[Membership]:
    """Return who may submit for an enterprise now."""
    return Membership.objects.filter(organisation=organisation, role_key=HEAD, active=True, user__is_active=True)


def already_there(registration: Registration) -> tuple[Organisation | None, str]:
    """Return the organisation of the code, if any, and in words why it cannot be joined here (empty: it can)."""
    organisation = Organisation.objects.filter(credit_code=registration.credit_code).first()
    if organisation is not None and organisation.kind != Organisation.Kind.LEGAL_PERSON:
        return organisation, _("这个代码已登记为%(kind)s，不能作为企业加入。") % {
            "kind": Organisation.Kind(organisation.kind).label
        }
    person = _person_of(registration)
    known = {one.manager_code for one in (organisation, person) if one is not None}
    elsewhere = known - {registration.manager_code}
    if elsewhere:
        unit = ManagingUnit.objects.filter(code__in=elsewhere).first()
        where = unit.name if unit else _("其他管理主体")
        return organisation, _("这家企业由%(where)s管理，请退回并请申请人改选。") % {"where": where}
    return organisation, ""


def _person_of(registration: Registration) -> LegalPerson | None:
    """Look the code up in the whole city: an enterprise of another managing unit must not be made a second time."""
    with use_scope(command_scope("registration: is the code there")):
        found: LegalPerson | None = LegalPerson.objects.filter(credit_code=registration.credit_code).first()
        return found


def _organisation(registration: Registration) -> Organisation:
    organisation, obstacle = already_there(registration)
    if obstacle:
        raise ValidationError(obstacle)
    if organisation is None:
        organisation = Organisation.objects.create(
            kind=Organisation.Kind.LEGAL_PERSON,
            name=registration.name,
            credit_code=registration.credit_code,
            manager_code=registration.manager_code,
        )
    person = _person_of(registration)
    if person is None:
        LegalPerson.objects.create(
            org=organisation,
            manager_code=registration.manager_code,
            place_code=registration.place_code,
            name=registration.name,
            credit_code=registration.credit_code,
            initials=_initials(registration.name),
        )
    elif person.org_id is None:
        _hand_over(person, organisation)
    return organisation


def _hand_over(person: LegalPerson, organisation: Organisation) -> None:
    """Give an imported enterprise, and all recorded of it and its sites, to the organisation people now act for."""
    from jigai.platform.postgres.rls import scoped_models

    with use_scope(command_scope("registration: hand over")):  # a site may lie in another county
        _hand_over_rows(person, organisation, scoped_models())


def _hand_over_rows(person: LegalPerson, organisation: Organisation, kinds: list[type[models.Model]]) -> None:
    sites = list(Site.objects.filter(legal_person=person).values_list("pk", flat=True))
    LegalPerson.objects.filter(pk=person.pk).update(org=organisation)
    for model in kinds:
        if model is LegalPerson or getattr(model, "append_only", False):
            continue
        of_it = models.Q(site_id__in=sites)
        if any(field.name == "legal_person" for field in model._meta.fields):
            of_it |= models.Q(legal_person=person)
        assert issubclass(model, Scoped)
        model.objects.filter(of_it, org__isnull=True).update(org=organisation)


def _initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(part[:1] for part in lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:120]

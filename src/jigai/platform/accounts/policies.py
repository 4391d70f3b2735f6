"""Whom an administrator may touch: a county's only what lies inside its managing unit, the city's everything."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation, User
from jigai.platform.walls.actor import Actor


def whole_city(actor: Actor) -> bool:
    """Say whether the actor administers the whole city: a city department, or a command."""
    organisation = actor.organisation
    if organisation is None:
        return actor.scope.everything
    return organisation.kind == Organisation.Kind.DEPARTMENT


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations an administrator looks after."""
    if whole_city(actor):
        return Organisation.objects.all()
    code = actor.organisation.manager_code if actor.organisation else ""
    return Organisation.objects.filter(manager_code=code).exclude(manager_code="")


def people_of(actor: Actor) -> QuerySet[User]:
    """Return the people an administrator sees: those with a place in an organisation they look after."""
    if whole_city(actor):
        return User.objects.all()
    inside = organisations_of(actor)
    return User.objects.filter(
        Q(assignments__organisation__in=inside) | Q(memberships__organisation__in=inside, memberships__active=True)
    ).distinct()


def organisation_within(actor: Actor, organisation: Organisation) -> None:
    """Answer 404 for an organisation the actor does not look after."""
    if not organisations_of(actor).filter(pk=organisation.pk).exists():
        raise Http404


def person_within(actor: Actor, user: User) -> None:
    """Answer 404 for a person out of sight, and refuse one who also belongs elsewhere.

    Raises:
        Http404: nobody of that kind here.
        ValidationError: the person has a place outside the managing unit, so the city's administrator must act.
    """
    if whole_city(actor):
        return
    held = Q(memberships__user=user, memberships__active=True)
    places = Organisation.objects.filter(Q(assignments__user=user) | held).distinct()
    inside = organisations_of(actor)
    if not places.filter(pk__in=inside).exists():
        raise Http404
    if places.exclude(pk__in=inside).exists():
        raise ValidationError(_("此人还在本辖区以外的单位任职，须由市级管理员办理。"))


def not_oneself(actor: Actor, user: User, message: str) -> None:
    """Refuse what nobody may do to themselves."""
    if actor.user is not None and actor.user.pk == user.pk:
        raise ValidationError(message)


def reasoned(reason: str) -> None:
    """Refuse what must carry a reason and has none."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})

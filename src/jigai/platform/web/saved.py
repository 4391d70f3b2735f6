"""How people want their lists: columns they chose, and views they named, alone or for their organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import ANYONE, Actor
from jigai.platform.web.models import SavedView

MOST = 30
"""Views one person keeps of one list."""
_NOT_KEPT = ("after", "view", "all", "part")


@dataclass(frozen=True)
class Kept:
    """What a person has of one list: ``columns`` they chose, ``views`` they see, the query of their ``default``."""

    columns: tuple[str, ...] = ()
    views: list[SavedView] = field(default_factory=list)
    default: str = ""


def kept(request: HttpRequest, key: str) -> Kept:
    """Return what the one who asks has of a list; nothing for those not signed in."""
    actor: Actor = getattr(request, "actor", ANYONE)
    if actor.user is None:
        return Kept()
    rows = list(_visible(actor).filter(key=key))
    own = [one for one in rows if one.owner_id == actor.user.pk]
    columns = next((one.query for one in own if not one.name), "")
    default = next((one.query for one in own if one.is_default), "")
    return Kept(tuple(filter(None, columns.split(","))), [one for one in rows if one.name], default)


def _visible(actor: Actor) -> Any:
    shared = Q(shared=True, org=actor.organisation) if actor.organisation else Q(pk__in=[])
    return SavedView.objects.filter(Q(owner=actor.user) | shared, deleted=False)


def choose_columns(actor: Actor, key: str, columns: list[str]) -> None:
    """Keep which columns of a list a person wants to see; none: those it shows by itself."""
    if actor.user is None:
        raise Http404
    text = ",".join(columns)
    with transaction.atomic():
        SavedView.objects.update_or_create(owner=actor.user, key=key, name="", defaults={"query": text})


def save_view(
    actor: Actor, key: str, name: str, query: str, *, shared: bool = False, default: bool = False
) -> SavedView:
    """Keep filters, order and columns of a list under a name; one's own view of the same name is replaced.

    Raises ``ValidationError`` with the sentence to show: no name, too many, nobody to share it with.
    """
    if actor.user is None:
        raise Http404
    name = name.strip()[:40]
    if not name:
        raise ValidationError(_("请给视图起个名称，例如“东区必须淘汰电机”。"))
    if shared and actor.organisation is None:
        raise ValidationError(_("您没有所属单位，视图只能自己用。"))
    own = SavedView.objects.filter(owner=actor.user, key=key, deleted=False).exclude(name="")
    if own.exclude(name=name).count() >= MOST:
        raise ValidationError(_("一个清单最多存 %(most)d 个视图，请先删去不用的。") % {"most": MOST})
    with transaction.atomic():
        if default:
            own.update(is_default=False)
        said = {"query": plain(query), "shared": shared, "is_default": default, "org": actor.organisation}
        view, _new = SavedView.objects.update_or_create(
            owner=actor.user, key=key, name=name, deleted=False, defaults=said
        )
        record(actor, "view.saved", view, after={"list": key, "name": name, "shared": shared, "query": view.query})
    return view


def delete_view(actor: Actor, pk: int) -> Event:
    """Remove one's own view; the event can be taken back. ``Http404`` for another's."""
    with transaction.atomic():
        view = SavedView.objects.filter(pk=pk, owner=actor.user, deleted=False).exclude(name="").first()
        if view is None:
            raise Http404
        view.deleted = True
        view.save(update_fields=["deleted"])
        return record(actor, "view.deleted", view, before={"deleted": False}, after={"deleted": True})


def plain(query: str) -> str:
    """Return a query without what belongs to one visit alone: the place in the list, the view it came from."""
    found = QueryDict(query, mutable=True)
    for name in _NOT_KEPT:
        found.pop(name, None)
    for name in [name for name, value in found.items() if not value]:
        found.pop(name)
    return found.urlencode()

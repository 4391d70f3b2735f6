"""Writing to others by hand: to the organisations one is responsible for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.services import record
from jigai.platform.notices.models import Notice
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import Actor

AUDIENCES: dict[str, Any] = {
    Organisation.Kind.LEGAL_PERSON: _("所辖全部企业"),
    Organisation.Kind.COUNTY_BUREAU: _("所辖县区部门"),
    Organisation.Kind.DEPARTMENT: _("市级部门"),
}
"""To all organisations of one kind at once."""


def within_reach(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations the one who acts may write to: those whose rows they see."""
    rows = Organisation.objects.filter(active=True)
    if actor.scope.everything:
        return rows
    return rows.filter(manager_code__in=actor.scope.managers) | rows.filter(pk__in=actor.scope.orgs)


def audiences(actor: Actor) -> list[tuple[str, Any]]:
    """Return whom the one who acts may write to: kinds of organisations first, then each."""
    reach = within_reach(actor)
    present = set(reach.order_by().values_list("kind", flat=True).distinct())
    many = [(f"kind:{kind}", word) for kind, word in AUDIENCES.items() if kind in present]
    return [*many, *((f"org:{one.pk}", str(one)) for one in reach.order_by("kind", "name"))]


def write(actor: Actor, audience: str, title: str, text: str, due: date | None, key: str) -> list[Notice]:
    """Send a message to an audience of ``audiences`` and return the copy of each receiver; nobody is an empty list.

    ``key`` is drawn when the form is shown: the same form sent twice is one message.
    """
    actor.require("notice.send")
    sort, _sep, value = audience.partition(":")
    reach = within_reach(actor)
    receivers = reach.filter(kind=value) if sort == "kind" else reach.filter(pk=value) if value.isdigit() else []
    sent = send(
        actor, to=list(receivers), kind="message", title=title, text=text, due=due, key=f"message:{actor.label}:{key}"
    )
    if sent:
        after = {"audience": audience, "title": title, "receivers": len(sent), "due": due}
        record(actor, "notice.sent", sent[0], after=after)
    return sent

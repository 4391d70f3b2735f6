"""Send notices, read them, and choose how they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.audit.services import record
from jigai.platform.notices.data import kinds
from jigai.platform.notices.models import Delivery, Notice, Preference
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import command_scope, use_scope

if TYPE_CHECKING:
    from django.utils.functional import Promise

OUTBOX = command_scope("notices: a sender may tell people whose rows they do not see")

PAGE: Final = 50
"""Notices on a page."""


class Group(NamedTuple):
    """Everyone in an organisation who holds one of ``roles``; everyone there where none is named."""

    organisation: Organisation
    roles: Sequence[str] = ()


Receiver = User | Membership | Organisation | Group


def send(
    actor: Actor,
    *,
    to: Receiver | Iterable[Receiver],
    kind: str,
    title: str | Promise,
    text: str | Promise = "",
    url: str = "",
    due: date | None = None,
    key: str = "",
) -> list[Notice]:
    """Put a notice into the outbox, in the transaction of what it tells of, and return the copy of each new receiver.

    Called by services when something happened, whoever did it; a person who writes to others by hand needs the
    capability ``notice.send`` (``write``).

    Args:
        actor: who did what the notice tells of; ``walls.actor.command("…")`` for the site itself.
        to: a person, one of their posts, an organisation or a ``Group`` in it, or several of these.
        kind: a key of ``notices/kinds.csv``; ``KeyError`` for another.
        title: one line.
        text: more, where one line is not enough.
        url: where to go, a path of this site.
        due: by when something is to be done.
        key: what it is about; a person who was told under the same key before is not told again.
    """
    mailed = kinds()[kind].mail
    sending = uuid4()
    with transaction.atomic(), use_scope(OUTBOX):
        copies = [
            Notice(
                user=post.user,
                org=post.organisation,
                sending=sending,
                key=key[:200] or None,
                kind=kind,
                title=str(title)[:200],
                text=str(text),
                url=url,
                due=due,
                sender=str(actor.user or ""),
            )
            for post in _posts(to).values()
        ]
        Notice.objects.bulk_create(copies, ignore_conflicts=True)
        fresh = list(Notice.objects.select_related("user").filter(sending=sending))
        _hand_out(fresh, kind, mailed)
    return fresh


def unread_count(actor: Actor) -> int:
    """Return how many notices the one who acts has not read, in all their posts."""
    if actor.user is None:
        return 0
    with own_rows(actor):
        return _own(actor).filter(read_at__isnull=True).count()


def own_notices(actor: Actor, *, unread: bool, kind: str = "", before: int = 0) -> list[Notice]:
    """Return one's own notices, unread or read, the newest first; at most ``PAGE``, of one kind, older than one."""
    with own_rows(actor):
        rows = _own(actor).filter(read_at__isnull=unread)
        if kind:
            rows = rows.filter(kind=kind)
        if before:
            rows = rows.filter(pk__lt=before)
        return list(rows.order_by("-pk")[:PAGE])


def read(actor: Actor, pk: int) -> Notice:
    """Open one's own notice, which marks it read; ``Http404`` for another's."""
    with own_rows(actor):
        notice = _own(actor).prefetch_related("deliveries").filter(pk=pk).first()
        if notice is None:
            raise Http404
        if notice.read_at is None:
            notice.read_at = timezone.now()
            notice.save(update_fields=["read_at"])
        return notice


def read_all(actor: Actor, upto: int) -> int:
    """Mark read what was on the page, up to notice ``upto``; what came meanwhile stays unread."""
    with own_rows(actor):
        return _own(actor).filter(read_at__isnull=True, pk__lte=upto).update(read_at=timezone.now())


def preferences(user: User) -> dict[str, bool]:
    """Return for every kind of notice whether the person wants it by mail too."""
    chosen = dict(Preference.objects.filter(user=user).values_list("kind", "mail"))
    return {key: chosen.get(key, kind.mail) for key, kind in kinds().items()}


def mail_works() -> bool:
    """Say whether the site sends mail at all."""
    return bool(settings.MAIL_URL)


def choose(actor: Actor, by_mail: Iterable[str]) -> None:
    """Keep which kinds come by mail as well."""
    assert actor.user is not None
    wanted = set(by_mail)
    with transaction.atomic():
        before = preferences(actor.user)
        after = {key: key in wanted for key in kinds()}
        changed = {key: value for key, value in after.items() if value != before[key]}
        for key, value in changed.items():
            Preference.objects.update_or_create(user=actor.user, kind=key, defaults={"mail": value})
        if changed:
            old = {key: before[key] for key in changed}
            record(actor, "notice.preferences", actor.user, before=old, after=changed)


def _own(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(user=actor.user)


def _posts(to: Receiver | Iterable[Receiver]) -> dict[int, Membership]:
    """Return the posts to send to, one a person."""
    receivers = [to] if isinstance(to, (User, Membership, Organisation, Group)) else list(to)
    wanted = Q(pk__in=[])
    for one in receivers:
        if isinstance(one, User):
            wanted |= Q(user=one)
        elif isinstance(one, Membership):
            wanted |= Q(pk=one.pk)
        elif isinstance(one, Organisation):
            wanted |= Q(organisation=one)
        else:
            roles = Q(role_key__in=one.roles) if one.roles else Q()
            wanted |= Q(organisation=one.organisation) & roles
    held = Membership.objects.select_related("user", "organisation").filter(wanted, active=True, user__is_active=True)
    return {post.user_id: post for post in held.order_by("-pk")}


def _hand_out(copies: list[Notice], kind: str, mailed: bool) -> None:
    """Line up the ways out of the site that are configured and wanted."""
    ways = []
    if settings.NOTICE_DIR:
        ways += [Delivery(notice=one, channel=Delivery.Channel.FILE, org_id=one.org_id) for one in copies]
    if settings.MAIL_URL:
        people = [one.user_id for one in copies]
        chosen = dict(Preference.objects.filter(user__in=people, kind=kind).values_list("user_id", "mail"))
        ways += [
            Delivery(notice=one, channel=Delivery.Channel.MAIL, org_id=one.org_id)
            for one in copies
            if one.user.email and chosen.get(one.user_id, mailed)
        ]
    Delivery.objects.bulk_create(ways)

"""What is one's own, whatever post one acts in: the jobs one started, the notices one was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import Scope, current_scope, use_scope


@contextmanager
def own_rows(actor: Actor) -> Iterator[None]:
    """Widen the scope to all organisations the person holds a post in; the query itself narrows to the person.

    Some roles (the system administrator) see no business rows at all, but their own jobs and notices they must.
    """
    from jigai.platform.accounts.models import Membership

    if current_scope().everything or actor.user is None:
        yield
        return
    posts = Membership.objects.filter(user=actor.user, active=True).values_list("organisation_id", flat=True)
    orgs = frozenset(posts)
    if orgs <= current_scope().orgs:
        yield
        return
    with transaction.atomic(), use_scope(Scope(label=f"{actor.label}: own rows", orgs=orgs)):
        yield

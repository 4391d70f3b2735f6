"""One's own account: name, phone, language, sign-ins, and which membership is in use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.accounts import sessions
from jigai.platform.accounts.acting import actor_for, memberships_of
from jigai.platform.accounts.models import Membership, SignIn, User
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor

FIELDS = ("name", "phone", "post", "language")


@transaction.atomic
def switch(actor: Actor, pk: int) -> Membership:
    """Return one of the person's own memberships to act in from now on; 404 for anybody else's."""
    user = _person(actor)
    chosen = next((one for one in memberships_of(user) if one.pk == pk), None)
    if chosen is None:
        raise Http404
    before = {"membership": str(actor.membership or "")}
    record(actor_for(chosen), "membership.switched", user, before=before, after={"membership": str(chosen)})
    return chosen


@transaction.atomic
def edit_own(actor: Actor, version: int, **values: Any) -> User:
    """Change what people say of themselves; a form older than the record is refused."""
    user = User.objects.select_for_update().get(pk=_person(actor).pk)
    if user.version != version:
        raise ValidationError(_("资料刚在别处改过，请核对现在的内容后再保存。"))
    before = {key: getattr(user, key) for key in FIELDS}
    changed = {key: value for key, value in values.items() if key in FIELDS and before[key] != value}
    if changed:
        for key, value in changed.items():
            setattr(user, key, value)
        user.version += 1
        user.save(update_fields=[*changed, "version"])
        record(actor, "account.own_edited", user, before={key: before[key] for key in changed}, after=changed)
    return user


@transaction.atomic
def choose_language(actor: Actor, language: str) -> str:
    """Set the language of one's pages and return it; one that does not exist changes nothing."""
    user = _person(actor)
    if language in dict(settings.LANGUAGES) and language != user.language:
        User.objects.filter(pk=user.pk).update(language=language)
        record(actor, "account.own_edited", user, before={"language": user.language}, after={"language": language})
        user.language = language
    return user.language


@transaction.atomic
def end_sign_in(actor: Actor, pk: int) -> None:
    """End one of one's own sign-ins elsewhere; 404 for anybody else's."""
    row = SignIn.objects.filter(user=_person(actor), pk=pk, ended_at__isnull=True).first()
    if row is None:
        raise Http404
    sessions.end(row, SignIn.Ending.OWN)
    record(actor, "account.sign_in_ended", actor.user, before={"address": row.address, "agent": row.agent})


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise Http404
    return actor.user

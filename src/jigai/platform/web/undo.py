"""Take back an archive or removal within a few minutes: the change in the audit trail, turned round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import Actor

MINUTES = 5
"""How long 撤销 is offered."""

_SALT = "jigai.undo"


@dataclass(frozen=True)
class Undone:
    """What was taken back, and the page it is seen on."""

    subject: models.Model
    url: str


def offer(event: Event, capability: str, url: str) -> str:
    """Return the token of a button that takes ``event`` back; who presses it needs ``capability`` (none where
    the record is one's own affair) and lands on ``url``.

    ``event.before`` and ``event.after`` must hold plain fields of the record.
    """
    return signing.dumps([event.number, capability, url], salt=_SALT)


def take_back(actor: Actor, token: str) -> Undone:
    """Put the record back as it was before the event, and audit that.

    Raises ``ValidationError`` with the sentence to show: too late, someone else's, or changed since.
    """
    try:
        number, capability, url = signing.loads(token, salt=_SALT, max_age=timedelta(minutes=MINUTES))
    except signing.SignatureExpired:
        raise ValidationError(
            _("已过 %(minutes)s 分钟，不能撤销；请在该条目的页面上改回。") % {"minutes": MINUTES}
        ) from None
    except signing.BadSignature:
        raise ValidationError(_("撤销按钮已失效，请在该条目的页面上改回。")) from None
    if capability:
        actor.require(capability)
    with transaction.atomic():
        event = Event.objects.filter(number=number, actor=actor.label).first()
        if event is None:
            raise ValidationError(_("只能撤销本人刚做的操作。"))
        model = apps.get_model(event.object_type)
        subject = model._default_manager.select_for_update(of=("self",)).filter(pk=event.object_id).first()
        if subject is None or any(_now(subject, name) != str(value) for name, value in (event.after or {}).items()):
            raise ValidationError(_("这条记录之后又有改动，不能撤销；请在该条目的页面上改回。"))
        for name, value in (event.before or {}).items():
            if name != "version":
                field: Any = model._meta.get_field(name)
                setattr(subject, field.attname, field.to_python(value))
        if hasattr(subject, "version"):
            subject.version += 1
        try:
            with transaction.atomic():
                subject.save()
        except IntegrityError:  # another record has taken its place meanwhile
            raise ValidationError(_("这条记录之后又有改动，不能撤销；请在该条目的页面上改回。")) from None
        after = {**(event.before or {}), **({"version": subject.version} if hasattr(subject, "version") else {})}
        record(actor, f"{event.action}.undone", subject, before=event.after, after=after, reason=_("撤销"))
    return Undone(subject, url)


def _now(subject: models.Model, name: str) -> str:
    return str(getattr(subject, subject._meta.get_field(name).attname))  # type: ignore[union-attr]

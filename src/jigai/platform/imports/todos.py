"""What waits for people: files they handed in and have not finished with."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.home.todo import Todo
from jigai.platform.imports.models import Upload
from jigai.platform.imports.services import CAPABILITY, allowed_subjects, visible_uploads
from jigai.platform.walls.actor import Actor

MOST = 10


def todos(actor: Actor) -> Iterator[Todo]:
    """Offer files still being checked, and those with rows held back: one's own, and those of one's enterprise."""
    if not actor.may(CAPABILITY):
        return
    titles = {one.key: str(one.title) for one in allowed_subjects(actor)}
    mine = Q(uploaded_by=actor.user)
    if actor.organisation and actor.organisation.kind == "legal_person":
        mine |= Q(org=actor.organisation)
    waiting = Q(state=Upload.State.OPEN) | Q(state=Upload.State.DONE, summary__held__gt=0)
    rows = visible_uploads(actor).filter(mine, waiting, subject__in=titles)
    for one in rows.order_by("-pk")[:MOST]:
        done = one.state == Upload.State.DONE
        held, good = one.summary.get("held", 0), one.summary.get("good", 0)
        title = _("补正留存的行：%(file)s") if done else _("核对上传的文件：%(file)s")
        detail = _("%(good)d 行可入库，%(held)d 行留存") % {"good": good, "held": held}
        yield Todo(
            title=title % {"file": one.file_name},
            url=reverse("imports:upload", args=[one.pk]) + ("#problems" if done else ""),
            action=_("补正") if done else _("接着核对"),
            detail=_("%(held)d 行还没入库") % {"held": held} if done else detail,
            subject=titles[one.subject],
            source=_("导入"),
            since=timezone.localdate(one.uploaded_at),
        )

"""Background work of notices: carrying them out, and the daily reminders."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.accounts.models import Membership
from jigai.platform.jobs.claims import WORKER
from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.jobs.task import Task
from jigai.platform.notices.delivering import deliver
from jigai.platform.notices.reminders import remind_post
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope


@recurring("notices.deliver", every=5)
def carry_out() -> None:
    """Try the deliveries that are due."""
    deliver()


@recurring("notices.remind", every=900)
def daily() -> None:
    """Queue the reminders of the day, once."""
    today = timezone.localdate().isoformat()
    with transaction.atomic(), use_scope(WORKER):
        if not Job.objects.filter(kind="notices.remind", arguments__day=today).exists():
            submit(command("reminders"), "notices.remind", {"day": today})


@handler("notices.remind", title=gettext_lazy("到期提醒"))
def remind_everyone(task: Task) -> dict[str, Any]:
    """Remind everyone of what is due, one step a post, each in the scope of that post."""
    day = date.fromisoformat(task.arguments["day"])
    posts = Membership.objects.select_related("user", "organisation").filter(
        active=True, user__is_active=True, organisation__active=True
    )
    reminded, total = 0, posts.count()
    for number, post in enumerate(posts.order_by("pk").iterator(), start=1):
        key = str(post.pk)
        if task.is_done(key):
            continue
        with task.step(key), translation.override(post.user.language):
            reminded += remind_post(post, day)
            task.progress(number, total)
    return {"text": _("提醒了 %(n)s 件") % {"n": reminded}}

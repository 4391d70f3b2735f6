"""Background work of the trail: linking, forwarding, verifying."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.platform.audit.chain import CHAIN, link_pending
from jigai.platform.audit.forward import forward
from jigai.platform.audit.services import record
from jigai.platform.audit.verification import Verification, verify
from jigai.platform.jobs.handlers import handler, recurring
from jigai.platform.jobs.task import Task
from jigai.platform.walls.scope import use_scope


@recurring("audit.link", every=10)
def link() -> None:
    """Link what a crash left out of the chain."""
    link_pending()


@recurring("audit.forward", every=5)
def hand_over() -> None:
    """Hand the trail to the log collector."""
    forward()


@handler("audit.verify", title=gettext_lazy("验证审计链"), capability="audit.verify")
def verify_chain(task: Task) -> dict[str, Any]:
    """Verify the chain, or a part of it, and keep what was found in the trail itself."""
    first, last = int(task.arguments.get("first") or 1), task.arguments.get("last")
    with task.reading(), use_scope(CHAIN):

        def progress(checked: int) -> None:
            task.check()
            task.progress(checked, None, _("已验证 %(n)s 条") % {"n": f"{checked:,}"})

        found = verify(first, int(last) if last else None, progress)
    with transaction.atomic(), use_scope(task.actor.scope):
        after = {"checked": found.checked, "breaks": found.found, "position": found.position, "hash": found.hash}
        record(task.actor, "audit.verified", after=after)
    return {
        **as_result(found),
        "text": in_words(found),
        "url": reverse("audit:verify"),
        "url_text": _("验证审计链"),
    }


def as_result(found: Verification) -> dict[str, Any]:
    """Return what was found as it is kept with the job and printed by the command."""
    breaks = [{**asdict(one), "text": one.text} for one in found.breaks]
    return {
        "checked": found.checked,
        "found": found.found,
        "breaks": breaks,
        "position": found.position,
        "hash": found.hash,
        "waiting": found.waiting,
    }


def in_words(found: Verification) -> str:
    """Return what was found as one sentence."""
    checked = f"{found.checked:,}"
    if found.intact:
        return _("审计链完整：验证了 %(n)s 条，没有发现改动。") % {"n": checked}
    return _("审计链不完整：验证了 %(n)s 条，发现 %(breaks)s 处问题。请保护现场，联系审计主管。") % {
        "n": checked,
        "breaks": f"{found.found:,}",
    }

"""What the pages of objections show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.words import language, tone, word
from jigai.platform.replies import deciding, objections, photos
from jigai.platform.replies.data import FLOW, OPEN, words
from jigai.platform.replies.following import GONE
from jigai.platform.replies.models import Objection, Photo
from jigai.platform.replies.versions import versions
from jigai.platform.replies.windows import Window
from jigai.platform.screening.models import Finding
from jigai.platform.walls.actor import Actor
from jigai.screening import look_for

ALWAYS = ("model", "use_state", "made_year")
"""Attributes that can be put right whatever the finding."""


def contestable_fields(finding: Finding) -> list[str]:
    """Return the attributes a finding rests on, which an objection may put right, those read off the plate first."""
    day = finding.run.as_of
    raw = objections.frozen(finding) | {"check": finding.check_name}
    look = look_for(reference(day), day, raw, finding.device.kind)
    names = [*(look.read if look else ()), finding.metric, *ALWAYS]
    return [name for name in dict.fromkeys(names) if name in attribute_dtypes()]


def verdict_badge(verdict: str) -> dict[str, str] | None:
    """Return a verdict as state and word; a device that is gone has none any more."""
    if not verdict:
        return None
    if verdict == GONE:
        return {"state": "idle", "word": _("不再参加筛查")}
    return {"state": tone("verdict", verdict), "word": word("verdict", verdict)}


def finding_words(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a frozen finding in words."""
    return {
        "check": word("check", raw["check_name"]),
        "state": tone("outcome", raw["outcome"]),
        "outcome": word("outcome", raw["outcome"]),
        "inferred": raw["basis"] == "inferred",
        "reason": raw[f"reason_{language()}"],
        "document": raw["document"],
        "clause": raw["clause"],
        "rule": raw["rule_id"],
    }


def shown_photos(actor: Actor, found: Iterable[Photo]) -> list[dict[str, Any]]:
    """Return photos with what this person may know of each."""
    return [
        {"photo": one, "place": photos.may_see_place(actor, one), "located": one.latitude is not None} for one in found
    ]


def objection_page(actor: Actor, one: Objection, today: date) -> dict[str, Any]:
    """Return everything the page of an objection shows."""
    proofs = Photo.objects.filter(pk__in=one.photos)
    window = Window(one.told_on, one.due, (one.due - today).days if one.due else 0)
    taken = list(one.steps.order_by("pk"))
    return {
        "one": one,
        "device": one.device,
        "state": FLOW.states[one.state],
        "is_open": one.state in OPEN,
        "overdue": one.state in OPEN and one.answer_due < today,
        "left": (one.answer_due - today).days,
        "finding": finding_words(one.finding),
        "reason": words("reasons").get(one.reason),
        "corrected": deciding.in_words({name: [one.held.get(name), value] for name, value in one.corrected.items()}),
        "photos": shown_photos(actor, proofs),
        "window": window,
        "before": verdict_badge(one.verdict_before),
        "after": verdict_badge(one.verdict_after),
        "steps": [
            (each, FLOW.steps[each.step], FLOW.states[each.state], deciding.in_words(each.changed)) for each in taken
        ],
        "buttons": objections.open_steps(actor, one),
        "blocked": _blocked(actor, one),
        "versions": [(each, verdict_badge(each.verdict)) for each in versions(one.device)],
    }


def _blocked(actor: Actor, one: Objection) -> str:
    """Return why an officer cannot answer here, where that is worth saying."""
    if one.state not in OPEN or not actor.may(objections.DECIDE):
        return ""
    return objections.why_not(actor, one, FLOW.steps["uphold"])

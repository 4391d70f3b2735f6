"""Remind those who have not reported: by hand to all in a state, by schedule before the deadline; always recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from jigai.platform.accounts.models import Membership
from jigai.platform.audit.services import record
from jigai.platform.campaigns.data import OPEN, rule, stages, templates
from jigai.platform.campaigns.models import Campaign, Entry, Reminder
from jigai.platform.campaigns.standing import with_standing
from jigai.platform.notices.services import send
from jigai.platform.walls.actor import Actor, command
from jigai.platform.walls.scope import use_scope
from jigai.platform.web.wording import english

REMIND = "notice.send"


@dataclass(frozen=True)
class Sent:
    """What came of reminding: entries reminded, people reached, entries left out since they were reminded just now,
    entries nobody could be reached at (no account), which are for the telephone."""

    entries: int = 0
    people: int = 0
    recent: int = 0
    unreachable: int = 0


def remind(actor: Actor, campaign: Campaign, wanted: Iterable[str]) -> Sent:
    """Remind every entry in scope that is in one of the states ``wanted``.

    Whoever was reminded less than ``remind_hours`` ago is left out. Raises ``PermissionDenied`` without
    ``notice.send``.
    """
    actor.require(REMIND)
    chosen = [key for key in wanted if key in OPEN]
    with transaction.atomic():
        # Held, so that two who press at once do not both send.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        found = [one for one in _open(campaign) if one.state in chosen]  # type: ignore[attr-defined]
        last = timezone.now() - timedelta(hours=rule("remind_hours"))
        due = [one for one in found if one.reminded_at is None or one.reminded_at < last]  # type: ignore[attr-defined]
        reached = [_remind(actor, one, "") for one in due]
        sent = Sent(sum(map(bool, reached)), sum(reached), len(found) - len(due), reached.count(0))
        record(actor, "campaign.reminded", campaign, after={"states": chosen, **vars(sent)})
    return sent


def by_schedule(today: date) -> int:
    """Send the reminders of the stages reached by ``today``, each once for each deadline; returns how many entries.

    An entry with a deadline of its own is reminded by that one.
    """
    actor, count = command("survey reminders"), 0
    with transaction.atomic(), use_scope(actor.scope):
        for campaign in Campaign.objects.filter(status=Campaign.Status.RUNNING):
            sent = set(Reminder.objects.filter(entry__campaign=campaign).values_list("entry", "stage"))
            for entry in _open(campaign):
                left = (entry.deadline - today).days
                stage = next((one for one in stages() if 0 <= left <= one.days_before), None)
                if stage is None:
                    continue
                key = f"{stage.key}:{entry.deadline:%m%d}"
                if (entry.pk, key) not in sent:
                    count += bool(_remind(actor, entry, key))
    return count


def _open(campaign: Campaign) -> list[Entry]:
    rows = Entry.objects.filter(campaign=campaign, removed_at__isnull=True).select_related("campaign", "site", "org")
    return list(with_standing(rows).filter(state__in=OPEN).order_by("pk"))


def _remind(actor: Actor, entry: Entry, stage: str) -> int:
    """Write to one entry, to each person in their language; returns how many people were told."""
    state = entry.state  # type: ignore[attr-defined]
    people = 0
    for post in Membership.objects.select_related("user").filter(
        organisation=entry.org_id or 0, active=True, user__is_active=True
    ):
        if post.sites and entry.site_id not in post.sites:
            continue
        with translation.override(post.user.language):
            title, text = _words(entry, state)
        people += len(
            send(
                actor,
                to=post,
                kind="campaign",
                title=title,
                text=text,
                url=reverse("campaigns:entry", args=[entry.pk]),
                due=entry.deadline,
                key=f"campaign/{entry.pk}/{stage or timezone.now().isoformat()}",
            )
        )
    Reminder.objects.create(
        entry=entry,
        stage=stage,
        state=state,
        people=people,
        recorded_at=timezone.now(),
        recorded_by="" if stage else actor.label[:150],
        **entry.scope_columns(),
    )
    return people


def _words(entry: Entry, state: str) -> tuple[str, str]:
    """Return title and text of the template of a state, filled in."""
    template = templates()[state]
    title, text = (template.title_en, template.text_en) if english() else (template.title_zh, template.text_zh)
    said = {
        "campaign": entry.campaign.name,
        "due": entry.deadline.isoformat(),
        "site": str(entry.site),
        "contact": entry.campaign.contact,
    }
    return title.format(**said), text.format(**said).strip()

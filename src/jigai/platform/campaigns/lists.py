"""Who should report (应报名单): proposed from the above-scale list, frozen at the start, then changed with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.enterprises import above_scale
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.enterprises.rules import reason_given
from jigai.platform.ledger.industry import industry_of
from jigai.platform.walls.actor import Actor

RUN = "campaign.run"
GONE = (LegalPerson.Status.CLOSED, LegalPerson.Status.ARCHIVED)
"""States of an enterprise that no longer is."""


def on_list(campaign: Campaign) -> QuerySet[Entry]:
    """Return the entries that should report, within the scope in force."""
    rows: QuerySet[Entry] = Entry.objects.filter(campaign=campaign, removed_at__isnull=True)
    return rows


def proposed(campaign: Campaign) -> QuerySet[Site]:
    """Return the sites the above-scale list and the limits of the survey name, whether listed already or not."""
    listed = above_scale.listed(campaign.year).values("legal_person")
    sites: QuerySet[Site] = Site.objects.filter(active=True, legal_person__in=listed)
    if campaign.units:
        sites = sites.filter(manager_code__in=campaign.units)
    if campaign.industries:
        own, of_person = Q(), Q()
        for division in campaign.industries:
            own |= Q(industry_code__startswith=division)
            of_person |= Q(legal_person__industry_code__startswith=division)
        sites = sites.filter(own | Q(industry_code="") & of_person)
    return sites.exclude(legal_person__status__in=GONE).order_by("pk")


def freeze(actor: Actor, campaign: Campaign) -> int:
    """Put all proposed sites on the list beside those named before; return how many are on it."""
    held = set(Entry.objects.filter(campaign=campaign).values_list("site", flat=True))
    fresh = [site for site in proposed(campaign).select_related("legal_person") if site.pk not in held]
    Entry.objects.bulk_create(_entries(actor, campaign, fresh, Entry.Source.ABOVE_SCALE, ""), batch_size=1_000)
    return on_list(campaign).count()


def name_sites(actor: Actor, campaign: Campaign, sites: Sequence[Site], reason: str) -> list[Entry]:
    """Put sites on the list that the above-scale list does not name, or that came after the start; always with why.

    One taken off before comes back.

    Raises:
        ValidationError: no reason, no site, the survey is over, or all are on the list already.
    """
    actor.require(RUN)
    reason_given(reason)
    with transaction.atomic():
        held = _open(campaign)
        known = {one.site_id: one for one in Entry.objects.filter(campaign=held, site__in=sites)}
        fresh = [site for site in sites if site.pk not in known]
        back = [one for one in known.values() if one.removed_at is not None]
        if not fresh and not back:
            raise ValidationError(_("所选厂区都已在应报名单中。"))
        source = Entry.Source.AMENDED if held.started_at else Entry.Source.NAMED
        made = Entry.objects.bulk_create(_entries(actor, held, fresh, source, reason))
        for one in back:
            one.removed_at, one.removed_by, one.removed_reason = None, "", ""
            one.source, one.reason = source, reason
            one.listed_at, one.listed_by, one.version = timezone.now(), actor.label[:150], one.version + 1
            one.save()
        for one in (*made, *back):
            record(actor, "campaign.listed", one, after={"campaign": held.pk, "site": one.site_id}, reason=reason)
    return [*made, *back]


def take_off(actor: Actor, entry: Entry, version: int, reason: str) -> Event:
    """Take an entry off the list with a reason; it stays readable, and counts no longer."""
    actor.require(RUN)
    reason_given(reason)
    with transaction.atomic():
        _open(entry.campaign)
        fresh = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if fresh.version != version or fresh.removed_at is not None:
            raise ValidationError(_("刚被别人办理过，请刷新后再看。"))
        before = {"removed_at": None, "removed_by": "", "removed_reason": "", "version": fresh.version}
        fresh.removed_at, fresh.removed_by, fresh.removed_reason = timezone.now(), actor.label[:150], reason[:200]
        fresh.version += 1
        fresh.save()
        after = {name: getattr(fresh, name) for name in before}
        return record(actor, "campaign.unlisted", fresh, before=before, after=after, reason=reason)


def amendments(campaign: Campaign) -> list[Entry]:
    """Return what was changed in the list after the start, the newest first; all of it stays visible."""
    rows = Entry.objects.filter(campaign=campaign).filter(Q(source=Entry.Source.AMENDED) | Q(removed_at__isnull=False))
    return sorted(rows.select_related("site"), key=lambda one: one.removed_at or one.listed_at, reverse=True)


def not_listed(campaign: Campaign) -> QuerySet[Site]:
    """Return the sites the above-scale list names by now that are not on the frozen list: new ones, ones that came."""
    listed = Entry.objects.filter(campaign=campaign).values("site")
    return proposed(campaign).exclude(pk__in=listed)


def ended(campaign: Campaign) -> QuerySet[Entry]:
    """Return the entries whose enterprise or site is no more (``gone``: which, where it is seen): a person decides
    whether they stay."""
    persons = LegalPerson.objects.filter(status__in=GONE)
    status = persons.filter(pk=OuterRef("legal_person")).values("status")
    over = Q(site__active=False) | Q(legal_person__in=persons)
    return on_list(campaign).filter(over).select_related("site").annotate(gone=Subquery(status[:1]))


def _entries(actor: Actor, campaign: Campaign, sites: Iterable[Site], source: str, reason: str) -> list[Entry]:
    known = list(sites)
    industry = industry_of(known)
    now = timezone.now()
    return [
        Entry(
            campaign=campaign,
            legal_person_id=site.legal_person_id,
            source=source,
            reason=reason[:200],
            listed_as=f"{site.enterprise_name} · {site.name}"[:250],
            listed_code=site.credit_code,
            listed_manager=site.manager_code,
            industry_code=industry[site.pk],
            listed_at=now,
            listed_by=actor.label[:150],
            **{**site.scope_columns(), "site_id": site.pk},
        )
        for site in known
    ]


def _open(campaign: Campaign) -> Campaign:
    """Return the survey, held against others who change it; refuse one that is over."""
    held: Any = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.status == Campaign.Status.CLOSED:
        raise ValidationError(_("摸排已经结束存档，不能再改。"))
    return held

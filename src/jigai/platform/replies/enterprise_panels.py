"""On the page of an enterprise: objections that are open, and checks at its sites."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.enterprises.panels import Panel
from jigai.platform.ledger.services import VIEW
from jigai.platform.replies import checks
from jigai.platform.replies.data import FLOW, OPEN
from jigai.platform.replies.models import Objection, SiteCheck
from jigai.platform.screening.models import SiteRun
from jigai.platform.walls.actor import Actor

SHOWN = 5


def panels(actor: Actor, person: LegalPerson) -> Iterable[Panel]:
    """Return the card of objections and checks, where devices were screened."""
    if not actor.may(VIEW):
        return
    sites = list(Site.objects.filter(legal_person=person, active=True).order_by("pk"))
    screened = set(SiteRun.objects.filter(site__in=sites, superseded_at__isnull=True).values_list("site_id", flat=True))
    if not screened:
        return
    running = {one.site_id: one for one in SiteCheck.objects.filter(site__in=sites, state="open")}
    waiting = Objection.objects.filter(site__in=sites, state__in=OPEN).select_related("device")
    context = {
        "sites": [(site, running.get(site.pk)) for site in sites if site.pk in screened],
        "objections": [(one, FLOW.states[one.state]) for one in waiting.order_by("answer_due")[:SHOWN]],
        "waiting": waiting.count(),
        "may": actor.may(checks.CHECK),
    }
    url = f"{reverse('replies:list')}?q={person.name}"
    yield Panel(_("异议与现场核对"), "replies/_panel.html", context, url=url, order=30)

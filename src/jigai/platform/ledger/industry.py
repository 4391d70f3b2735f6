"""The industry class of a device whose ledger names none: that of its site, else of its enterprise."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.platform.enterprises.models import LegalPerson, Site


def industry_of(sites: Iterable[Site]) -> dict[int, str]:
    """Return the class (行业小类) of each site; empty where neither site nor enterprise has one in sight."""
    known = list(sites)
    persons = {site.legal_person_id for site in known if not site.industry_code}
    own = dict(LegalPerson.objects.filter(pk__in=persons).values_list("pk", "industry_code"))
    return {site.pk: site.industry_code or own.get(site.legal_person_id, "") for site in known}

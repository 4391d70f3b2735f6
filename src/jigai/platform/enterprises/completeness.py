"""What a sheet or a profile still lacks, in words that name the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from jigai.platform.enterprises.attributes import Attribute, attributes
from jigai.platform.enterprises.data import keyed
from jigai.platform.enterprises.fact_checks import Doubt, doubts
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site


@dataclass(frozen=True)
class Lack:
    """A required figure that is not there; ``site`` where it is one of a site."""

    attribute: Attribute
    site: Site | None = None

    def __str__(self) -> str:
        return f"{self.site.name} · {self.attribute.label}" if self.site else self.attribute.label


def lacking(person: LegalPerson, year: int) -> list[Lack]:
    """Return the required figures of the enterprise and its sites in use that were not given, in order."""
    given = set(
        Fact.objects.filter(legal_person=person, year=year, superseded_at__isnull=True)
        .exclude(value="")
        .values_list("site_id", "attribute")
    )
    required = [one for one in attributes().values() if one.required]
    found = [Lack(one) for one in required if one.subject == "legal_person" and (None, one.name) not in given]
    for site in Site.objects.filter(legal_person=person, active=True):
        found += [Lack(one, site) for one in required if one.subject == "site" and (site.pk, one.name) not in given]
    return found


def submission_faults(person: LegalPerson, year: int, as_of: date) -> list[str]:
    """Return everything that keeps a sheet from being submitted: missing figures, odd ones without explanation."""
    missing = lacking(person, year)
    faults = []
    if missing:
        named = "、".join(map(str, missing[:6])) + (_(" 等") if len(missing) > 6 else "")
        faults.append(_("还有 %(n)s 项没有填：%(named)s。") % {"n": len(missing), "named": named})
    held = Fact.objects.filter(legal_person=person, year__in=(year - 1, year), superseded_at__isnull=True)
    rows = list(held.filter(Q(site__isnull=True) | Q(site__active=True)))  # nobody can mend what a closed site said
    for site_id in sorted({row.site_id for row in rows}, key=lambda key: key or 0):
        faults += _faults_of_subject([row for row in rows if row.site_id == site_id], year, as_of)
    return faults


def _faults_of_subject(rows: list[Fact], year: int, as_of: date) -> list[str]:
    from jigai.platform.enterprises.facts import values_of

    now = [row for row in rows if row.year == year]
    explained = {(row.attribute, check) for row in now if row.note for check in row.warnings}
    found = doubts(values_of(now), values_of(row for row in rows if row.year != year), as_of)
    return [
        f"{attributes()[one.attribute].label}：{one.text}"
        for one in found
        if one.attribute in attributes() and (one.severity == "refuse" or not _explained(one, explained))
    ]


def _explained(one: Doubt, explained: set[tuple[str, str]]) -> bool:
    """Tell whether the filler answered: a check of several figures may have been answered at any of them."""
    if keyed("fact_checks")[one.check]["attribute"] == "*":
        return (one.attribute, one.check) in explained
    return one.check in {check for _attribute, check in explained}


@dataclass(frozen=True)
class Completeness:
    """How complete an enterprise's record is: a share of 100, and what is missing with the page that mends it."""

    percent: int
    missing: list[tuple[str, str]]


def completeness(person: LegalPerson, year: int) -> Completeness:
    """Return how complete profile, sites, lines and the required figures of ``year`` are, each weighing the same."""
    sites = list(Site.objects.filter(legal_person=person, active=True))
    lines = Line.objects.filter(site__in=sites).count()
    required = sum(1 for one in attributes().values() if one.required and one.subject == "legal_person")
    required += len(sites) * sum(1 for one in attributes().values() if one.required and one.subject == "site")
    missing_facts = len(lacking(person, year))
    parts = [
        (bool(person.industry_code), _("行业小类"), "edit"),
        (bool(person.address), _("注册地址"), "edit"),
        (bool(person.registered_on), _("成立日期"), "edit"),
        (bool(sites), _("厂区"), "site_new"),
        (lines > 0, _("产线"), "site_new" if not sites else "lines"),
    ]
    done = sum(ok for ok, _what, _page in parts) + (1 - missing_facts / required if required else 1) * 5
    missing = [(what, page) for ok, what, page in parts if not ok]
    if missing_facts:
        missing.append((_("%(year)s 年度数据 %(n)s 项") % {"year": year, "n": missing_facts}, "facts"))
    return Completeness(int(done / (len(parts) + 5) * 100), missing)

"""What a sheet or a profile still lacks, in words that name the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.platform.enterprises.attributes import attributes, is_needed, subject_of
from jigai.platform.enterprises.data import keyed
from jigai.platform.enterprises.fact_checks import Doubt, doubts, line_words
from jigai.platform.enterprises.line_asking import lines_of, needed_of
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.web.wording import label


@dataclass(frozen=True)
class Lack:
    """A required figure that is not there; ``site`` where it is one of a site, ``line`` where it is one of a line."""

    attribute: Attribute
    site: Site | None = None
    line: Line | None = None

    @property
    def key(self) -> str:
        """Name of its field on the page of the sheet."""
        return field_key(self.attribute, self.site, self.line)

    def __str__(self) -> str:
        if self.line:
            return f"{self.line.name} · {label(self.attribute)}"
        return f"{self.site.name} · {label(self.attribute)}" if self.site else label(self.attribute)


def field_key(attribute: Attribute, site: Site | None, line: Line | None) -> str:
    """Return how a figure is named on pages: by attribute, and the line or site whose it is."""
    of = f"@L{line.pk}" if line else f"@{site.pk}" if site else ""
    return f"{attribute.name}{of}"


def lacking(person: LegalPerson, year: int) -> list[Lack]:
    """Return the required figures of the enterprise, its sites in use and their lines that were not given, in order."""
    given = set(
        Fact.objects.filter(legal_person=person, year=year, superseded_at__isnull=True)
        .exclude(value="")
        .values_list("site_id", "line_id", "attribute")
    )
    own, per_site = required("legal_person"), required("site")
    found = [Lack(one) for one in own if (None, None, one.name) not in given]
    sites = list(Site.objects.filter(legal_person=person, active=True))
    lines = lines_needing([site.pk for site in sites], year)
    for site in sites:
        found += [Lack(one, site) for one in per_site if (site.pk, None, one.name) not in given]
        for line, wanted in lines.get(site.pk, []):
            found += [Lack(one, site, line) for one in wanted if (site.pk, line.pk, one.name) not in given]
    return found


def required(subject: str) -> list[Attribute]:
    """Return the figures a *legal_person* or *site* cannot leave out."""
    return [one for one in attributes().values() if is_needed(one) and subject_of(one) == subject]


def lines_needing(sites: list[int], year: int) -> dict[int, list[tuple[Line, list[Attribute]]]]:
    """Return by site the lines whose figures are required of a year, each with which."""
    today = timezone.localdate()
    found: dict[int, list[tuple[Line, list[Attribute]]]] = {}
    for line in lines_of(sites, year):
        wanted = needed_of(line, today)
        if wanted and line.site_id:
            found.setdefault(line.site_id, []).append((line, wanted))
    return found


def submission_faults(person: LegalPerson, year: int, as_of: date) -> list[str]:
    """Return everything that keeps a sheet from being submitted: missing figures, odd ones without explanation."""
    missing = lacking(person, year)
    faults = []
    if missing:
        named = "、".join(map(str, missing[:6])) + (_(" 等") if len(missing) > 6 else "")
        faults.append(_("还有 %(n)s 项没有填：%(named)s。") % {"n": len(missing), "named": named})
    held = Fact.objects.filter(legal_person=person, year__in=(year - 1, year), superseded_at__isnull=True)
    rows = list(
        held.select_related("line").filter(Q(site__isnull=True) | Q(site__active=True))
    )  # nobody can mend what a closed site said
    subjects: dict[tuple[int, int], list[Fact]] = {}
    for row in rows:
        subjects.setdefault((row.site_id or 0, row.line_id or 0), []).append(row)
    for _subject, own in sorted(subjects.items()):
        faults += _faults_of_subject(own, year, as_of)
    return faults


def _faults_of_subject(rows: list[Fact], year: int, as_of: date) -> list[str]:
    from jigai.platform.enterprises.facts import values_of

    now = [row for row in rows if row.year == year]
    explained = {(row.attribute, check) for row in now if row.note for check in row.warnings}
    line = rows[0].line
    values = values_of(now) | (line_words(line) if line else {})
    found = doubts(values, values_of(row for row in rows if row.year != year), as_of)
    whose = f"{line.name} · " if line else ""
    return [
        f"{whose}{label(attributes()[one.attribute])}：{one.text}"
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
    of_lines = sum(
        len(wanted) for own in lines_needing([site.pk for site in sites], year).values() for _, wanted in own
    )
    needed = len(required("legal_person")) + len(required("site")) * len(sites) + of_lines
    missing_facts = len(lacking(person, year))
    parts = [
        (bool(person.industry_code), _("行业小类"), "edit"),
        (bool(person.address), _("注册地址"), "edit"),
        (bool(person.registered_on), _("成立日期"), "edit"),
        (bool(sites), _("厂区"), "site_new"),
        (lines > 0, _("产线"), "site_new" if not sites else "lines"),
    ]
    done = sum(ok for ok, _what, _page in parts) + (1 - missing_facts / needed if needed else 1) * 5
    missing = [(what, page) for ok, what, page in parts if not ok]
    if missing_facts:
        missing.append((_("%(year)s 年度数据 %(n)s 项") % {"year": year, "n": missing_facts}, "facts"))
    return Completeness(int(done / (len(parts) + 5) * 100), missing)

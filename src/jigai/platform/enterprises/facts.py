"""Annual figures (年度数据): what is known of a year on a day, and entering one figure (D14, D16).

Rows are never changed: a figure that is entered again gets a new row, and the former one ``superseded_at``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.attributes import Attribute
from jigai.platform.audit.services import record
from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.attributes import attributes, is_financial, subject_of, visible_attributes
from jigai.platform.enterprises.fact_checks import Doubt, doubts, line_words
from jigai.platform.enterprises.fact_values import Value, read_value
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.walls.actor import Actor

MOST = 200
"""Signs an explanation or a reason may have."""


Key = tuple[int | None, int | None, str]
"""Whose figure it is: site or None, line or None, attribute. A figure of a line stands under both."""


class DoubtfulError(Exception):
    """The figure is odd: it is kept only with an explanation (``note``). ``doubts`` are what was found."""

    def __init__(self, found: list[Doubt]) -> None:
        super().__init__("; ".join(one.text for one in found))
        self.doubts = found


class FigureChangedError(Exception):
    """Someone entered the same figure since the page was drawn; ``current`` is theirs."""

    def __init__(self, current: Fact) -> None:
        super().__init__(f"{current} was entered meanwhile")
        self.current = current


def end_of(day: date) -> datetime:
    """Return the moment a day is over, in the time of the city."""
    day = min(day, date.max - timedelta(days=2))  # the last days of the calendar have no next one in every zone
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def facts_as_known(actor: Actor, year: int, on: date | None = None) -> QuerySet[Fact]:
    """Return the figures of ``year`` as they were known at the end of the day ``on`` (None: now).

    Within the scope in force, and without financial figures where the capability finance.view is missing. Every
    indicator starts here; no history table is asked.
    """
    return _standing(actor, year, on).exclude(value="")


def _standing(actor: Actor, year: int, on: date | None) -> QuerySet[Fact]:
    """Return the rows that stood on a day, with those that only say that a figure was taken back."""
    actor.require("fact.view")
    rows: QuerySet[Fact] = Fact.objects.filter(year=year, attribute__in=visible_attributes(actor))
    if on is None:
        return rows.filter(superseded_at__isnull=True)
    end = end_of(on)
    return rows.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gte=end), recorded_at__lt=end)


def facts_of(actor: Actor, person: LegalPerson, year: int, on: date | None = None) -> dict[Key, Fact]:
    """Return the figures of one enterprise by `Key`; one taken back has an empty value."""
    found = _standing(actor, year, on).filter(legal_person=person)
    return {(fact.site_id, fact.line_id, fact.attribute): fact for fact in found}


def history(
    actor: Actor, person: LegalPerson, year: int, attribute: str, site_id: int | None, line_id: int | None = None
) -> QuerySet[Fact]:
    """Return every row of one figure, the newest first; of a line, ``line_id`` alone says whose."""
    actor.require("fact.view")
    if attribute not in visible_attributes(actor):
        raise PermissionDenied("finance.view")
    of = Q(line_id=line_id) if line_id else Q(line_id=None, site_id=site_id)
    rows: QuerySet[Fact] = Fact.objects.filter(of, legal_person=person, year=year, attribute=attribute)
    return rows.order_by("-recorded_at", "-pk")


def values_of(facts: Iterable[Fact]) -> dict[str, Value]:
    """Return the figures of one subject by attribute, as the checks want them."""
    return {fact.attribute: Value(fact.value, fact.number) for fact in facts if fact.value}


def set_fact(
    actor: Actor,
    person: LegalPerson,
    year: int,
    attribute: str,
    typed: str,
    *,
    site: Site | None = None,
    line: Line | None = None,
    seen: int | None = None,
    note: str = "",
    reason: str = "",
    status: str = "entered",
    explain_later: bool = False,
) -> Fact:
    """Enter one annual figure.

    Args:
        actor: needs fact.enter (the enterprise) or enterprise.import (the authorities), and finance.view for
            financial figures.
        person: the enterprise.
        year: the year the figure is of.
        attribute: a name of ``facts.csv``.
        typed: what was typed, in the unit of the attribute; empty takes a figure back that was entered by mistake.
        site: the site, for attributes of sites.
        line: the production line, for attributes of lines; its site goes along.
        seen: key of the row the person saw, 0 where there was none; None does not ask (imports). Where another
            row stands by now, `FigureChangedError`.
        note: the explanation where a check asks; without it `DoubtfulError`.
        reason: why a confirmed figure is corrected.
        status: how it came: *entered*, *same*, *imported*.
        explain_later: keep an odd figure without a note; the sheet cannot be submitted until it has one.

    Raises ``ValidationError`` keyed by the attribute where the value cannot be, with what to write.
    """
    site = line.site if line else site
    described = _allowed(actor, person, attribute, site, line)
    note, reason = note.strip(), reason.strip()
    for text in (note, reason):
        if len(text) > MOST:
            raise ValidationError({attribute: _("太长：最多 200 字，现为 %(n)s 字。") % {"n": len(text)}})
    with transaction.atomic():
        LegalPerson.objects.select_for_update(of=("self",)).get(pk=person.pk)
        state = sheets.state_of(person, year)
        if state.row["editable"] == "0":
            raise ValidationError(
                {attribute: _("本表%(state)s，不能修改：%(why)s") % {"state": state.label, "why": state.meaning}}
            )
        current = _current(person, year, attribute, site, line)
        value = _read(described, typed, current)
        if current and seen is not None and seen != current.pk and current.value != value.text:
            raise FigureChangedError(current)
        if current and current.value == value.text and (not note or current.note == note):
            return current
        late = state.row["editable"] == "reason"
        if late and not reason:
            raise ValidationError({"reason": _("县区已确认这张表：更正要写明原因。")})
        found = _checked(person, year, described, value, site, line)
        if [one for one in found if one.severity == "warn"] and not (note or explain_later):
            raise DoubtfulError(found)
        fact = _add(actor, person, year, attribute, value, current, found)
        _owned(fact, person, site, line)
        fact.status, fact.note, fact.reason = "corrected" if late else status, note, reason
        fact.save()
        said = {"attribute": attribute, "year": year} | ({"line": line.name} if line else {})
        before = said | {"value": current.value} if current else None
        record(actor, "fact.set", fact, before=before, after=said | {"value": value.text}, reason=reason or note)
        if late:
            sheets.add_step(actor, person, year, "correct", f"{described.zh}：{reason}")
    return fact


def _allowed(actor: Actor, person: LegalPerson, attribute: str, site: Site | None, line: Line | None) -> Attribute:
    if not actor.may("enterprise.import"):
        actor.require("fact.enter")
    described = attributes().get(attribute)
    if described is None:
        raise ValidationError(_("没有名为 %(name)s 的指标。") % {"name": attribute})
    if is_financial(described):
        actor.require("finance.view")
    if site is not None and site.legal_person_id != person.pk:
        raise ValidationError({attribute: _("厂区“%(site)s”不是这家企业的，请核对。") % {"site": site}})
    given = "line" if line else "site" if site else "legal_person"
    if subject_of(described) != given:
        subject = {"line": _("产线"), "site": _("厂区")}.get(subject_of(described), _("企业"))
        raise ValidationError(
            {attribute: _("“%(what)s”按%(subject)s填报。") % {"what": described.zh, "subject": subject}}
        )
    return described


def _read(described: Attribute, typed: str, current: Fact | None) -> Value:
    if current is not None and not typed.strip():
        return Value("")
    try:
        return read_value(described, typed)
    except ValueError as error:
        raise ValidationError({described.name: str(error)}) from None


def _current(person: LegalPerson, year: int, attribute: str, site: Site | None, line: Line | None) -> Fact | None:
    return Fact.objects.filter(
        legal_person=person, year=year, attribute=attribute, site=site, line=line, superseded_at__isnull=True
    ).first()


def _checked(
    person: LegalPerson, year: int, described: Attribute, value: Value, site: Site | None, line: Line | None
) -> list[Doubt]:
    """Return what is odd about the new figure among those of its subject; refuse what is impossible."""
    rows = Fact.objects.filter(legal_person=person, site=site, line=line, superseded_at__isnull=True)
    values = values_of(rows.filter(year=year)) | {described.name: value} | (line_words(line) if line else {})
    last = values_of(rows.filter(year=year - 1))
    found = doubts(values, last, timezone.localdate(), only=described.name) if value.text else []
    impossible = [one.text for one in found if one.severity == "refuse"]
    if impossible:
        raise ValidationError({described.name: impossible})
    return found


def _add(
    actor: Actor,
    person: LegalPerson,
    year: int,
    attribute: str,
    value: Value,
    current: Fact | None,
    found: list[Doubt],
) -> Fact:
    """Return the new row, not yet saved, and close the former one at the same moment."""
    now = timezone.now()
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    return Fact(
        legal_person=person,
        attribute=attribute,
        year=year,
        value=value.text,
        number=value.number,
        warnings=[one.check for one in found],
        recorded_at=now,
        recorded_by=actor.label[:80],
    )


def _owned(fact: Fact, person: LegalPerson, site: Site | None, line: Line | None) -> None:
    """Say whose the figure is; who sees the site sees the figures of its lines."""
    owner = site or person
    fact.org_id, fact.manager_code, fact.place_code = owner.org_id, owner.manager_code, owner.place_code
    fact.site_id, fact.line_id = site.pk if site else None, line.pk if line else None
    fact.subject = "line" if line else "site" if site else "legal_person"

"""The above-scale list (规上名单) of each year: copy, add, take off, freeze, compare; as it was on any day (D16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import AboveScale, AboveScaleYear, LegalPerson
from jigai.platform.enterprises.rules import reason_given
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor

EDIT = "above_scale.edit"


@dataclass(frozen=True)
class Comparison:
    """Two years side by side: who is on both, who came, who left."""

    both: list[LegalPerson]
    came: list[LegalPerson]
    left: list[LegalPerson]


def listed(year: int, on: datetime | None = None) -> QuerySet[AboveScale]:
    """Return the list of ``year`` as it stands, or as it stood at the moment ``on``, within the scope in force."""
    rows: QuerySet[AboveScale] = AboveScale.objects.filter(year=year)
    if on is None:
        return rows.filter(superseded_at__isnull=True)
    return rows.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=on), recorded_at__lte=on)


def frozen(year: int) -> AboveScaleYear | None:
    """Return when and by whom the list of ``year`` was frozen, None while it is open."""
    return AboveScaleYear.objects.filter(year=year, frozen_at__isnull=False).first()


def exists(year: int) -> bool:
    """Tell whether the city keeps a list of ``year``, even where none of it is in the scope in force."""
    return AboveScaleYear.objects.filter(year=year).exists() or listed(year).exists()


def years() -> list[int]:
    """Return the years there is a list of, newest first."""
    held = (
        AboveScale.objects.filter(superseded_at__isnull=True)
        .values_list("year", flat=True)
        .distinct()
        .order_by("-year")
    )
    return list(held)


def by_unit(year: int) -> list[tuple[str, int]]:
    """Return how many enterprises are on the list of ``year`` as it stands, by the short name of the managing unit."""
    named = {one.code: one.short or one.name for one in ManagingUnit.objects.all()}
    counted = listed(year).order_by("manager_code").values_list("manager_code").annotate(n=Count("pk"))
    return [(named.get(code, "—"), n) for code, n in counted]


def copy_list(actor: Actor, source: int, target: int) -> int:
    """Start the list of ``target`` from that of ``source``; return how many were added. Archived ones stay behind."""
    actor.require(EDIT)
    with transaction.atomic():
        _hold(target, "")
        return _copied(actor, source, target)


def _copied(actor: Actor, source: int, target: int) -> int:
    already = listed(target).values_list("legal_person_id", flat=True)
    persons = LegalPerson.objects.filter(
        above_scale__in=listed(source), status__in=[LegalPerson.Status.OPERATING, LegalPerson.Status.STOPPED]
    ).exclude(pk__in=already)
    reason = _("沿用 %(year)s 年名单") % {"year": source}
    made = AboveScale.objects.bulk_create([_row(actor, person, target, reason) for person in persons])
    if made:
        record(actor, "above_scale.copied", after={"from": source, "year": target, "added": len(made)})
    return len(made)


def add_to_list(actor: Actor, person: LegalPerson, year: int, reason: str) -> AboveScale:
    """Put an enterprise on the list of a year; a frozen list asks for a reason."""
    actor.require(EDIT)
    with transaction.atomic():
        _hold(year, reason)
        if listed(year).filter(legal_person=person).exists():
            raise ValidationError({"person": _("%(name)s 已在 %(year)s 年名单中。") % {"name": person, "year": year}})
        row = _row(actor, person, year, reason)
        row.save()
        record(actor, "above_scale.added", person, after={"year": year}, reason=reason)
    return row


def take_off_list(actor: Actor, row: AboveScale, reason: str) -> Event:
    """Take an enterprise off the list, always with a reason; the row stays, marked."""
    actor.require(EDIT)
    reason_given(reason)
    with transaction.atomic():
        fields = ("superseded_at", "superseded_by", "superseded_reason")
        row = AboveScale.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.superseded_at is not None:
            raise ValidationError(_("已有人将这家企业移出名单，请刷新查看。"))
        before = {name: getattr(row, name) for name in fields}
        row.superseded_at, row.superseded_by, row.superseded_reason = timezone.now(), actor.label[:80], reason
        row.save(update_fields=fields)
        after = {name: getattr(row, name) for name in fields}
        return record(actor, "above_scale.removed", row, before=before, after=after, reason=reason)


def freeze(actor: Actor, year: int) -> AboveScaleYear:
    """Make the list of a year final (定稿). It can still be changed with a reason; what it was then stays readable."""
    actor.require(EDIT)
    if not actor.scope.everything:
        raise ValidationError(_("名单按全市定稿，请由市级办理。"))
    if not listed(year).exists():
        raise ValidationError(_("%(year)s 年名单还是空的，不能定稿。") % {"year": year})
    with transaction.atomic():
        held = _locked(year)
        if held.frozen_at is not None:
            raise ValidationError(_("%(year)s 年名单已经定稿。") % {"year": year})
        held.frozen_at, held.frozen_by = timezone.now(), actor.label[:80]
        held.save()
        record(actor, "above_scale.frozen", held, after={"year": year, "enterprises": listed(year).count()})
    return held


def compare(first: int, second: int) -> Comparison:
    """Compare the lists of two years within the scope in force."""
    one = {row.legal_person_id: row.legal_person for row in listed(first).select_related("legal_person")}
    two = {row.legal_person_id: row.legal_person for row in listed(second).select_related("legal_person")}

    def named(keys: set[int], held: dict[int, LegalPerson]) -> list[LegalPerson]:
        return sorted((held[key] for key in keys), key=lambda person: person.name)

    return Comparison(named(set(one) & set(two), two), named(set(two) - set(one), two), named(set(one) - set(two), one))


def changed_since_frozen(year: int) -> tuple[QuerySet[AboveScale], QuerySet[AboveScale]]:
    """Return what was added and what was taken off after the list was frozen."""
    held = frozen(year)
    rows: QuerySet[AboveScale] = AboveScale.objects.filter(year=year).select_related("legal_person")
    if held is None:
        return rows.none(), rows.none()
    added = rows.filter(recorded_at__gt=held.frozen_at, superseded_at__isnull=True)
    return added, rows.filter(superseded_at__gt=held.frozen_at, recorded_at__lte=held.frozen_at)


def _locked(year: int) -> AboveScaleYear:
    """Return the list of a year, made where there is none; whoever else changes it waits until this is done."""
    AboveScaleYear.objects.get_or_create(year=year)
    return AboveScaleYear.objects.select_for_update().get(year=year)


def _hold(year: int, reason: str) -> None:
    if _locked(year).frozen_at and not reason.strip():
        raise ValidationError({"reason": _("%(year)s 年名单已定稿：再改动要写明原因。") % {"year": year}})


def _row(actor: Actor, person: LegalPerson, year: int, reason: str) -> AboveScale:
    columns = {"org_id": person.org_id, "manager_code": person.manager_code, "place_code": person.place_code}
    return AboveScale(
        legal_person=person,
        year=year,
        reason=reason,
        recorded_at=timezone.now(),
        recorded_by=actor.label[:80],
        **columns,
    )

"""What is kept: only what differs is written, texts fit, rows move with their owner, and the walls hold below."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.platform.people import WEST

from jigai.plan.contributions import checked
from jigai.platform.enterprises import services as enterprises
from jigai.platform.places.models import ManagingUnit
from jigai.platform.plan import store
from jigai.platform.plan.models import Contribution, IndicatorValue, PlanVersion

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PART = store.Part("tools", "2025")
NOW = timezone.now()


def row(key, owner=None, site=None, **more):
    said = {
        "kind": "site" if site else "legal_person", "key": key, "label": f"示例 {key}", "legal_person": owner,
        "site": site, "manager_code": "510402", "place_code": "510402", "industry_code": "3130", "group": None,
        "numerator": Decimal(1), "denominator": Decimal(2), "should": 1, "reported": 1, "standing": "counted",
        "data_date": date(2026, 3, 1),
    }  # fmt: skip
    return said | more


def frame(*rows):
    return checked(pl.DataFrame(rows, infer_schema_length=None), "tools")


def sums(partition="city"):
    return {one.key: (one.numerator, one.denominator, one.should) for one in PART.values.filter(partition=partition)}


def keep(*rows, owners=None):
    changed = store.replace(PART, frame(*rows), owners)
    store.sum_up(PART, store.touched(changed) if owners is not None else None, "", NOW)
    return changed


def test_what_did_not_change_keeps_its_row(whole):
    keep(row("1"), row("2"))
    before = dict(Contribution.objects.values_list("key", "pk"))
    changed = keep(row("1"), row("2", numerator=Decimal("1.5")))
    after = dict(Contribution.objects.values_list("key", "pk"))
    assert before["1"] == after["1"]
    assert sorted(changed["numerator"]) == [Decimal(1), Decimal("1.5")]
    assert sums() == {"": (Decimal("2.5"), 4, 2)}


def test_what_is_no_more_goes_with_its_part_of_the_partition(whole):
    keep(row("1"), row("2", manager_code=WEST, industry_code="2511", group="钢"))
    assert set(sums("manager")) == {"510402", WEST}
    assert set(sums("division")) == {"31", "25"}
    assert set(sums("group")) == {"", "钢"}
    keep(row("1"))
    assert [set(sums(one)) for one in ("manager", "division", "group")] == [{"510402"}, {"31"}, {""}]


def test_owners_computed_anew_leave_others_alone_and_replace_what_is_nobodys(whole):
    east, west = whole.east_enterprise.pk, whole.west_enterprise.pk
    keep(row("e", east), row("w", west, manager_code=WEST), row("city"))
    keep(row("e", east, numerator=Decimal(5)), row("other"), owners={east})
    assert set(Contribution.objects.values_list("key", flat=True)) == {"e", "w", "other"}
    assert sums("manager") == {"510402": (6, 4, 2), WEST: (1, 2, 1)}


def test_texts_are_cut_and_never_null(whole):
    keep(row("1", label="长" * 500, standing="counted", industry_code=None))
    (one,) = Contribution.objects.all()
    assert (len(one.label), one.industry_code, one.group) == (300, "", "")
    assert keep(row("1", label="长" * 500, industry_code=None)).is_empty()


def test_money_of_a_whole_city_is_exact(whole):
    keep(*[row(str(number), numerator=Decimal("123456789.01")) for number in range(81)])
    assert sums()[""][0] == Decimal("9999999909.81")


def test_the_owner_of_a_contribution_sees_it(whole):
    keep(row("e", whole.east_enterprise.pk), row("s", whole.west_enterprise.pk, whole.west_site.pk))
    found = dict(Contribution.objects.values_list("key", "org"))
    assert found == {"e": whole.east_enterprise.org_id, "s": whole.west_site.org_id}


def test_a_contribution_is_there_once_now_and_once_a_day_known(whole):
    keep(row("1"))
    known = store.Part("tools", "2025", date(2026, 4, 1))
    store.replace(known, frame(row("1")))
    assert Contribution.objects.count() == 2
    (one,) = known.rows
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


def test_contributions_move_with_the_enterprise_and_with_the_site(whole, doing):
    ManagingUnit.objects.get(code=WEST)
    keep(row("e", whole.east_enterprise.pk), row("s", whole.east_enterprise.pk, whole.east_site.pk))
    mill = whole.east_enterprise
    doing(lambda actor: enterprises.edit_enterprise(actor, mill, {"manager_code": WEST}, mill.version))
    assert set(Contribution.objects.values_list("manager_code", flat=True)) == {WEST}


def test_one_plan_is_in_force(whole):
    said = {"title": "规划", "content": "a: 1", "content_hash": "x", "loaded_at": NOW, "loaded_by": "x"}
    PlanVersion.objects.create(in_force=True, **said)
    PlanVersion.objects.create(**said)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(in_force=True, **said)
    assert str(PlanVersion.objects.first()) == "规划"


@pytest.mark.postgres("row-level security")
def test_the_database_itself_hides_what_others_contribute(whole, doing):
    keep(row("e", whole.east_enterprise.pk), row("w", whole.west_enterprise.pk, manager_code=WEST))

    def raw(_actor):
        with connection.cursor() as cursor:
            cursor.execute("select key from plan_contribution order by key")
            return [one for (one,) in cursor.fetchall()]

    assert doing(raw, "county_officer") == ["e"]
    assert doing(raw) == ["e", "w"]


def test_what_is_said_of_a_row(whole):
    keep(row("1"))
    assert str(Contribution.objects.get()) == "tools 2025 示例 1"
    assert str(IndicatorValue.objects.get(partition="city")).strip() == "tools 2025 city"

"""A rehearsal says who falls out: against the runs in force, summed up, device by device, and as a workbook."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from tests.platform.screening.doing import everything, run
from tests.platform.standards.conftest import acting, work

from jigai.platform.jobs import files
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device
from jigai.platform.screening import impact, impact_words, services, storage
from jigai.platform.screening.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
DAY, BEFORE_ALL, LATER = date(2026, 11, 23), date(2009, 1, 1), date(2027, 4, 1)


@pytest.fixture
def fallen(judged):
    """The east stands as judged in 2009, and today is rehearsed against that."""
    run(judged, [judged.east_site], BEFORE_ALL)
    return judged, run(judged, [judged.east_site], DAY, rehearsal=True)


def told(city, one, role="city_officer"):
    with acting(city, role):
        return impact.told(one)


def test_who_falls_out_is_the_difference_to_what_is_in_force(fallen):
    city, rehearsed = fallen
    now = {one.pk: one.verdict for one in everything(Device)}
    then = dict(storage.frame(rehearsed.output_hash, "devices").select("device", "verdict").rows())
    expected = {pk: (now[pk], then[pk]) for pk in now if now[pk] != then[pk]}
    found = told(city, rehearsed)
    rows = found.changed.select("device", "before", "after").rows()
    assert {device: (before, after) for device, before, after in rows} == expected
    assert [one.pk for one in found.against] == [everything(Run)[1].pk]
    must = found.newly("must_replace")
    quantity = {one.pk: one.quantity or 1 for one in everything(Device)}
    assert must["machines"].sum() == sum(quantity[pk] for pk, (_was, is_) in expected.items() if is_ == "must_replace")
    kw = [(one.power_kw or 0) * (one.quantity or 1) for one in everything(Device) if one.pk in must["device"].to_list()]
    # The nameplate may know the power where the ledger says nothing.
    assert must["kw"].sum() >= sum(kw) - 1e-6


def test_every_device_that_falls_out_names_what_decides(fallen):
    city, rehearsed = fallen
    must = told(city, rehearsed).newly("must_replace")
    assert must.height
    assert must["mandatory"].all()
    assert set(must["outcome"]) == {"eliminate"}
    assert must.select(pl.all_horizontal(pl.col("document", "rule_id", "reason_zh").is_not_null()).all()).item()


def test_every_way_to_sum_up_comes_to_the_same_total(fallen):
    city, rehearsed = fallen
    with acting(city, "city_officer"):
        found = impact.told(rehearsed)
        tables = impact_words.tables(found, DAY)
    sums = {(sum(row.must for row in table.rows), sum(row.should for row in table.rows)) for table in tables}
    assert sums == {(found.newly("must_replace")["machines"].sum(), found.newly("should_replace")["machines"].sum())}
    assert [table.rows[0].names for table in tables[:2]] == [("东区",), ("3130 钢压延加工",)]


def test_a_rehearsal_of_the_same_day_changes_nothing(judged):
    rehearsed = run(judged, [judged.east_site], DAY, rehearsal=True)
    assert told(judged, rehearsed).changed.is_empty()


def test_sites_never_judged_are_counted_and_have_no_former_verdict(judged):
    from jigai.platform.screening.models import SiteRun

    SiteRun.unscoped.all().delete()
    found = told(judged, run(judged, [judged.east_site, judged.west_site], DAY, rehearsal=True))
    assert found.unjudged == 2
    assert found.changed.height == len(everything(Device))
    assert found.changed["before"].null_count() == found.changed.height


def test_the_page_shows_it_loudly_and_leads_to_the_devices(fallen):
    city, rehearsed = fallen
    client = city.client("city_officer")
    page = client.get(f"/screening/{rehearsed.pk}/").content.decode()
    assert "现行结论没有任何改动" in page
    assert "按管理主体" in page
    must = told(city, rehearsed).newly("must_replace")
    only = client.get(f"/screening/{rehearsed.pk}/?verdict=must_replace").content.decode()
    shown = {pk for pk in told(city, rehearsed).changed["device"].to_list() if f'href="/devices/{pk}/"' in only}
    assert shown == set(must["device"].to_list())


def test_the_workbook_has_what_the_page_says_and_says_that_it_is_a_rehearsal(fallen):
    city, rehearsed = fallen
    with acting(city, "city_officer") as actor:
        job = services.export_impact(actor, rehearsed.pk)
    work()
    done = everything(Job, pk=job.pk)[0]
    assert done.state == "done", done.error
    path = files.folder(done.pk) / done.result["files"][0]["name"]
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["说明", "汇总", "明细"]
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    for rows in sheets.values():
        assert any("试算" in str(cell) for cell in rows[1])
    found = told(city, rehearsed)
    assert len(sheets["明细"]) - 3 == found.changed.height
    first = next(row for row in sheets["汇总"] if row[0] == "新增必须淘汰")
    must = found.newly("must_replace")
    assert first[2:4] == [must.height, must["machines"].sum()]


def test_what_is_lost_is_said_and_the_rest_of_the_page_stands(fallen):
    city, rehearsed = fallen
    storage.path(rehearsed.comparison_hash, "changes").unlink()
    page = city.client("city_officer").get(f"/screening/{rehearsed.pk}/")
    assert page.status_code == 200
    assert "重新试算" in page.content.decode()


def test_nobody_exports_the_effects_for_a_county_not_theirs(fallen):
    from django.http import Http404

    city, rehearsed = fallen
    with acting(city, "county_officer", west=True) as actor, pytest.raises(Http404):
        services.export_impact(actor, rehearsed.pk)

"""A run that takes over what has not changed comes out as one that judges everything, to the byte."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.screening.doing import everything, in_database, put_right, run

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.ledger.models import Device
from jigai.platform.screening import inputs, storage
from jigai.platform.screening.models import Finding, Run, SiteRun

pytestmark = pytest.mark.django_db(transaction=True)
DAY, SAME_YEAR, NEXT_YEAR, OTHER_FACTS = date(2026, 11, 23), date(2026, 12, 1), date(2027, 1, 5), date(2024, 1, 15)


def both(city, as_of, **more):
    """Return the run that takes over, and the one that judges everything, of the same moment."""
    sites = [city.east_site, city.west_site]
    over = run(city, sites, as_of, **more)
    state, findings = in_database(), [(one.device_id, one.rule_id, one.reason_zh) for one in everything(Finding)]
    fresh = run(city, sites, as_of, afresh=True, **more)
    assert in_database() == state
    assert [(one.device_id, one.rule_id, one.reason_zh) for one in everything(Finding)] == findings
    assert fresh.reused == 0
    assert over.output_hash == fresh.output_hash
    return over, fresh


def test_nothing_changed_and_nothing_is_judged_again(judged):
    devices = everything(Device)
    over, _fresh = both(judged, DAY)
    assert over.reused == len(devices)
    assert {one.run_id for one in everything(Finding)} == {everything(Run)[-1].pk}


def test_one_value_put_right_is_one_line_judged_again(judged):
    devices = everything(Device)
    put_right(judged, devices[3], made_year=1994)
    over, _fresh = both(judged, DAY)
    assert over.reused == len(devices) - 1


def test_a_device_that_is_gone_leaves_no_finding_behind(judged):
    hit = everything(Finding)[0].device
    Device.unscoped.filter(pk=hit.pk).update(gone_at=hit.created_at)
    over, _fresh = both(judged, DAY)
    assert over.reused == len(everything(Device)) - 1
    assert not everything(Finding, device=hit)


def test_a_later_day_of_the_same_year_judges_nothing_again(judged):
    over, _fresh = both(judged, SAME_YEAR)
    assert over.reused == len(everything(Device))


def test_in_another_year_what_has_an_age_is_judged_again_and_what_has_none_is_not(judged):
    ageless = everything(Device)[0]
    put_right(judged, ageless, made_year=None, in_service_year=None)
    run(judged, [judged.east_site], DAY)
    over, _fresh = both(judged, NEXT_YEAR)
    devices = storage.frame(over.output_hash, "devices")
    without = devices.filter(devices["made_year"].is_null() & devices["in_service_year"].is_null())
    assert ageless.pk in without["device"].to_list()
    assert 0 < over.reused <= without.height


@pytest.mark.slow
def test_under_other_facts_everything_is_judged_again(judged):
    over, _fresh = both(judged, OTHER_FACTS)
    assert over.reused == 0


@pytest.mark.slow
def test_another_industry_of_the_enterprise_counts_as_a_change(judged):
    LegalPerson.unscoped.filter(pk=judged.east_enterprise.pk).update(industry_code="3011")
    over, _fresh = both(judged, DAY)
    assert over.reused < len(everything(Device))


def test_a_lost_file_of_the_former_run_means_judging_again(judged):
    former = everything(Run)[0]
    storage.path(former.output_hash, "findings").unlink()
    over = run(judged, [judged.east_site], DAY)
    assert over.reused == 0
    assert storage.whole(over.output_hash)


def test_parts_of_any_size_say_the_same(judged, monkeypatch):
    """The east alone is a part when parts are small: what is said of it does not hang on what it is judged with."""
    whole = run(judged, [judged.east_site, judged.west_site], DAY, afresh=True)
    monkeypatch.setattr(inputs, "LINES", 1)
    parted = run(judged, [judged.east_site, judged.west_site], DAY, afresh=True)
    assert len(storage.parts(parted.output_hash)) == 2
    for name in ("devices", "findings", "problems"):
        assert storage.frame(parted.output_hash, name).equals(storage.frame(whole.output_hash, name))
    assert run(judged, [judged.east_site, judged.west_site], DAY).reused == len(everything(Device))


@pytest.mark.slow
def test_a_rehearsal_takes_over_too_and_is_taken_over_from_by_nobody(judged):
    former = everything(SiteRun)[0].run_id
    rehearsed = run(judged, [judged.east_site], SAME_YEAR, rehearsal=True)
    assert rehearsed.reused == len(everything(Device))
    assert [one.run_id for one in everything(SiteRun)] == [former]
    formal = run(judged, [judged.east_site], SAME_YEAR)
    assert formal.same == {str(judged.east_site.pk): former}

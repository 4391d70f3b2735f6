"""A run kept is computed again from its input and comes out the same, or says what stands in the way (B5)."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.http import Http404
from tests.platform.screening.doing import everything, run
from tests.platform.standards.conftest import acting, work

import jigai
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import DeviceState
from jigai.platform.screening import services, storage
from jigai.platform.screening.models import Run

pytestmark = pytest.mark.django_db(transaction=True)
EARLIER = date(2024, 1, 15)


def replayed(city, pk, role="auditor"):
    with acting(city, role) as actor:
        services.replay(actor, pk)
    work()
    return everything(Run, pk=pk)[0].replayed


def test_a_run_of_any_day_comes_out_the_same_though_the_ledger_has_changed(judged):
    first = everything(Run)[0]
    earlier = run(judged, [judged.east_site], EARLIER, rehearsal=True)
    DeviceState.unscoped.update(values={})
    for one in (first, earlier):
        outcome = replayed(judged, one.pk)
        assert outcome["same"], outcome
        assert outcome["output_hash"] == one.output_hash
    assert "逐字节相同" in everything(Job)[-1].result["text"]


@pytest.mark.parametrize("name", ["findings", "input"])
def test_a_file_that_was_changed_is_said(judged, name):
    one = everything(Run)[0]
    path = storage.path(one.output_hash, name)
    path.write_bytes(path.read_bytes() + b" ")
    outcome = replayed(judged, one.pk)
    assert not outcome["same"]
    assert "从备份恢复" in outcome["text"]


@pytest.mark.slow
def test_a_lost_folder_is_said(judged):
    one = everything(Run)[0]
    Run.unscoped.filter(pk=one.pk).update(output_hash="0" * 64)
    assert "从备份恢复" in replayed(judged, one.pk)["text"]


def test_another_engine_is_said_with_the_version_to_use(judged):
    one = everything(Run)[0]
    Run.unscoped.filter(pk=one.pk).update(engine_version="0.0.1")
    outcome = replayed(judged, one.pk)
    assert not outcome["same"]
    assert "0.0.1" in outcome["text"]
    assert jigai.__version__ in outcome["text"]


@pytest.mark.slow
def test_other_facts_are_said(judged):
    one = everything(Run)[0]
    Run.unscoped.filter(pk=one.pk).update(reference_hash="0" * 64)
    assert "当时的依据已不在本机" in replayed(judged, one.pk)["text"]


@pytest.mark.slow
def test_a_result_that_differs_is_said(judged):
    """A run whose facts name another verdict than its input gives: as if an engine had judged otherwise."""
    one = everything(Run)[0]
    folder = storage.path(one.output_hash, "devices").parent
    facts = json.loads((folder / storage.FACTS).read_text(encoding="utf-8"))
    facts["totals"]["keep"]["lines"] += 1
    with storage.Draft("forged") as draft:
        for name in (storage.INPUT, "devices", "findings", "problems"):
            draft.write(name, 0, storage.part_of(one.output_hash, name, 0))
        forged = draft.seal(facts)
    Run.unscoped.filter(pk=one.pk).update(output_hash=forged)
    outcome = replayed(judged, one.pk)
    assert not outcome["same"]
    assert "不一致" in outcome["text"]


def test_a_run_out_of_sight_is_not_replayed(judged):
    one = everything(Run)[0]
    with acting(judged, "county_officer", west=True) as actor, pytest.raises(Http404):
        services.replay(actor, one.pk)


def test_a_run_that_is_not_done_is_not_replayed(judged):
    one = everything(Run)[0]
    Run.unscoped.filter(pk=one.pk).update(state="waiting")
    with acting(judged, "auditor") as actor, pytest.raises(services.RunRefusedError):
        services.replay(actor, one.pk)

"""A ledger handed in again that changes nothing: its site has been filling in all the same, for everybody who looks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.platform.campaigns.conftest import whole
from tests.platform.ledger.test_wizard import MOTOR, PUMP, accept, hand_in, ledger

from jigai.platform.campaigns import standing
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import worker
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import bulk_undo
from jigai.platform.ledger.models import Act, Bulk, DeviceState

pytestmark = pytest.mark.django_db(transaction=True)
BOOK = ledger(MOTOR, PUMP)


@pytest.fixture
def known(survey):
    """The survey, and the ledger of the east as it came in a year before it."""
    accept(survey.city.actor("enterprise_equipment"), hand_in(survey.city.actor("enterprise_equipment"), BOOK))
    with whole():
        before = timezone.now() - timedelta(days=365)
        DeviceState.objects.update(recorded_at=before)
        [upload] = Upload.objects.all()
        upload.result = upload.result | {"since": before.isoformat()}
        upload.save()
    assert survey.state() == "unseen", "what came before the day that counts is not filled in"
    return survey


def test_a_ledger_that_changes_nothing_is_filled_in(known):
    actor = known.city.actor("enterprise_equipment")
    upload = hand_in(actor, BOOK)
    assert known.state() == "unseen", "it was only handed in"
    assert accept(actor, upload).result["same"] == 2
    assert known.state() == "filling"
    assert known.state(west=True) == "unseen"
    for role in ("city_officer", "county_officer", "enterprise_head", "auditor"):
        with known.acting(role):
            assert standing.state_of(Entry.objects.get(site=known.city.east_site)) == "filling", role
    known.step("submit")
    assert known.state() == "submitted"


def test_it_counts_by_the_day_it_was_taken_in(known):
    actor = known.city.actor("enterprise_equipment")
    accept(actor, hand_in(actor, BOOK))
    with whole():
        Campaign.objects.update(counts_from=timezone.localdate() + timedelta(days=1))
    assert known.state() == "unseen"
    with whole():
        Campaign.objects.update(counts_from=timezone.localdate())
    assert known.state() == "filling"


def test_the_city_hands_it_in_for_the_enterprise(known):
    """By the bulk page: the files stay the city's, what was done to the site is seen by its county too."""
    with known.acting("city_officer") as actor:
        bulk = bulks.receive(actor, [("东风.xlsx", BOOK)], sites={"东风.xlsx": known.city.east_site.pk}, at_once=True)
    worker.run(once=True)
    with whole():
        assert bulks.get_bulk(known.city.actor("city_officer"), bulk.pk).files.get().result["same"] == 2
    for role in ("city_officer", "county_officer", "enterprise_equipment"):
        with known.acting(role):
            assert standing.state_of(Entry.objects.get(site=known.city.east_site)) == "filling", role
    with known.acting("city_officer") as actor:
        bulk_undo.order(actor, Bulk.objects.get(), Bulk.objects.get().version, "传错了")
    worker.run(once=True)
    with whole():
        assert Act.objects.get().undone_at
    assert known.state() == "unseen", "taken back, nothing came in"

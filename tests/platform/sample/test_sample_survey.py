"""The sample city is in the middle of a survey, with states that follow its own ledgers."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction

from jigai.platform.accounts.models import Registration
from jigai.platform.campaigns.data import OPEN
from jigai.platform.campaigns.figures import rows_of, total
from jigai.platform.campaigns.models import Campaign
from jigai.platform.jobs import worker
from jigai.platform.sample.handing_in import hand_in
from jigai.platform.sample.ledgers import DAY, keep_ledgers
from jigai.platform.sample.loading import load_city
from jigai.platform.sample.survey import report_survey, start_survey
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

SIZE = 6

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_it_is_in_the_middle_once_the_ledgers_are_in(tmp_path):
    load_city(Reference.load(DAY), SIZE)
    assert start_survey() and not start_survey(), "once"
    folder = tmp_path / "ledgers"
    keep_ledgers(folder, SIZE)
    hand_in(folder)
    for _job in range(3):
        worker.run(once=True)
    taken = report_survey(SIZE)
    assert taken >= 3
    assert report_survey(SIZE) == 0, "once"
    with transaction.atomic(), use_scope(command_scope("test")):
        campaign = Campaign.objects.get()
        rows = rows_of(campaign)
        states = Counter(row.state for row in rows)
        assert 0 < total(rows).reported < len(rows)
        assert len(states) >= 3, states
        assert sum(states[key] for key in OPEN) > 0
        own = [row for row in rows if "equipment" in {one.user.username for one in row.entry.org.memberships.all()}]
        assert {row.state for row in own} <= {"filling", "unseen", "empty"}, "left to whoever tries the site"
        assert all(row.ledger.lines for row in rows if row.state in ("filling", "verified"))
        assert Registration.objects.filter(status="approved").count() >= len({row.entry.org_id for row in rows})


def test_without_a_city_there_is_no_survey():
    assert not start_survey()
    assert report_survey(SIZE) == 0

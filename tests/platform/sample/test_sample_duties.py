"""The sample city's tasks follow from its plan and its seed: some done, some late, some left for whoever tries it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from jigai.platform.duties.models import Duty, Evidence, Remark, Report, Share
from jigai.platform.duties.overdue import overdue
from jigai.platform.sample import duties
from jigai.platform.sample.loading import load_city
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

TODAY = date(2026, 11, 23)
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_tasks_are_in_the_middle_of_the_work(settings):
    load_city(Reference.load(TODAY), 2)
    number = duties.load_duties(TODAY)
    assert number > 60 and duties.load_duties(TODAY) == 0, "once"
    with transaction.atomic(), use_scope(command_scope("test")):
        states = Counter(Duty.objects.filter(gathers=False).values_list("state", flat=True))
        assert {"unclaimed", "doing", "finishing", "done"} <= set(states), states
        assert states["doing"] > states["unclaimed"]
        done = Duty.objects.filter(key__in=["K8.3", "M4.2", "K4.2"]).values_list("percent", flat=True)
        assert set(done) == {100}, "what is reported as completed is at its end"
        late = overdue(TODAY)
        assert {one.rule for one in late} == {"report_day", "milestone", "stalled"}
        assert 5 < len(late) < Share.objects.count() / 2
        reports = list(Report.objects.values_list("share__duty__key", "month", "percent", "text"))
        assert all("示例" in text for *_about, text in reports)
        assert all(0 <= percent <= 100 for *_about, percent, _text in reports)
        assert Remark.objects.count() == 2 and not Evidence.objects.exists(), "no evidence is made up"
        assert not Duty.objects.filter(milestones__reached_on__isnull=False).exists(), "nor a milestone reached"


def test_without_clerk_or_plan_there_are_none(monkeypatch):
    assert duties.load_duties(TODAY) == 0
    load_city(Reference.load(TODAY), 1)
    monkeypatch.setattr(duties, "plan_folder", lambda: None)
    assert duties.load_duties(TODAY) == 0

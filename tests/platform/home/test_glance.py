"""The cards of a workbench: each role sees figures of its own, and a broken trail shows."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from jigai.platform.audit.jobs import as_result
from jigai.platform.audit.verification import verify
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.home.glance import cards
from jigai.platform.jobs.models import Job
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db


def seen(city, key):
    actor = city.actor(key)
    with transaction.atomic(), use_scope(actor.scope):
        return {str(card.title): [str(line.label) for line in card.lines] for card in cards(actor)}


def result_line(city):
    actor = city.actor("audit_admin")
    with transaction.atomic(), use_scope(actor.scope):
        [card] = [card for card in cards(actor) if str(card.title) == "审计链"]
        return next((str(line.value) for line in card.lines if str(line.label) == "结果"), None)


def checked(city, found):
    actor = city.actor("audit_admin")
    with transaction.atomic(), use_scope(command_scope("test")):
        Job.objects.create(
            kind="audit.verify", title="x", owner=actor.user, membership=actor.membership, org=actor.organisation,
            state=Job.State.DONE, result=as_result(found), finished_at=timezone.now(),
        )  # fmt: skip


def test_each_administrator_sees_cards_of_their_own(city):
    assert "后台任务" in seen(city, "system_admin")
    assert "审计链" in seen(city, "audit_admin")
    assert "审计链" not in seen(city, "system_admin")
    assert seen(city, "security_admin")


def test_a_trail_never_checked_says_nothing_of_its_state(city):
    assert result_line(city) is None


def test_a_sound_trail_is_called_sound(city):
    with transaction.atomic(), use_scope(command_scope("test")):
        found = verify()
    assert found.intact
    checked(city, found)
    assert result_line(city) == "完整"


def test_the_enterprise_sees_its_own_profile(city):
    titles = seen(city, "enterprise_head")
    assert any("东风" in title for title in titles)
    assert not any("西山" in title for title in titles)
    assert LegalPerson.unscoped.count() == 2

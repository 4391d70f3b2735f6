"""What the pages of the task ledger are about; part of `Things`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jigai.platform.accounts.models import Membership
from jigai.platform.duties.models import Duty, Milestone, Share
from jigai.platform.sample.duties import load_duties


class Tasks:
    """The part of things that follow from the plan."""

    arguments: Any
    _all: Any
    _people: dict[str, Membership]

    def tasks(self) -> dict[str, Any]:
        load_duties(timezone.localdate())
        return {}

    def _duty(self, key: str) -> dict[str, Any]:
        self.arguments("tasks", "city_officer")
        with self._all():
            return {"pk": Duty.objects.get(key=key).pk}

    def task(self) -> dict[str, Any]:
        return self._duty("M2.1")

    def task_free(self) -> dict[str, Any]:
        return self._duty("K12.1")

    def task_key(self) -> dict[str, Any]:
        return self._duty("K7")

    def task_unit(self) -> dict[str, Any]:
        return self._duty("M1.5")

    def task_milestone(self) -> dict[str, Any]:
        with self._all():
            return {"pk": Milestone.objects.get(duty=self._duty("K7.5")["pk"]).pk}

    def task_report(self) -> dict[str, Any]:
        duty = self._duty("M2.1")["pk"]
        with self._all():
            return {"pk": Share.objects.get(duty=duty, organisation=self._people["dept_officer"].organisation).pk}

    def task_finish(self) -> dict[str, Any]:
        return self.task_report() | {"key": "finish"}

    def task_release(self) -> dict[str, Any]:
        return self.task_report() | {"key": "release"}

    def tasks_own(self) -> dict[str, Any]:
        self.arguments("tasks", "city_officer")
        return {"pk": self._people["dept_officer"].organisation.pk}

"""Cases an officer could write (``cases/*.yaml``): what people do on which day, and what is true then."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.platform.duties.story import Story

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CASES = {
    f"{path.stem}: {case['name']}": case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_case_says(stage, name):
    """Every list of what is late is asked for twice: on its own day, and again after all else was done (D16)."""
    case = CASES[name]
    deeds, late = case["deeds"], case.get("late", {})
    tasks = {one["task"] for one in deeds if "task" in one} | set(case.get("tasks", ()))
    story, before = Story(stage, tasks), {}
    asked = sorted({line["day"] for line in late})
    for deed in deeds:
        for day in [day for day in asked if day not in before and deed.get("day") and day < deed["day"]]:
            before[day] = story.late(day)
        story.do(deed)
    for line in late:
        found = story.late(line["day"], line.get("who"))
        assert found == line["is"], line["day"]
    for day, then in before.items():
        assert story.late(day) == then, f"the list of {day} came out otherwise afterwards"
    story.is_true(case.get("then", {}))


def test_every_case_is_named_once_and_holds_something():
    files = list((Path(__file__).parent / "cases").glob("*.yaml"))
    assert len(CASES) == sum(len(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in files) > 40
    for name, case in CASES.items():
        assert set(case) <= {"name", "deeds", "late", "then", "tasks"}, name
        held = case.get("late") or case.get("then") or [one for one in case["deeds"] if "fails" in one]
        assert held or [one for one in case["deeds"] if one.get("forbidden")], name

"""Tell a case of ``cases/*.yaml``: what people do on which day, and what is true then (``cases/README.md``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from tests.platform.duties.conftest import PLANS, Stage, at, changed, whole

from jigai.platform.duties import claims, evidence, progress, remarks, reminding, summary, telling
from jigai.platform.duties.evidence import File
from jigai.platform.duties.models import Call, Evidence, Report, Share
from jigai.platform.duties.overdue import overdue
from jigai.platform.notices.models import Notice
from jigai.platform.registers.workdays import Calendar

PLAIN = Calendar(frozenset(), frozenset())
"""Nothing is entered: people work from Monday to Friday."""
PEOPLE = {
    "市经办": ("city_officer", False),
    "市经办乙": ("city_officer", True),
    "市领导": ("city_head", False),
    "审计": ("auditor", False),
    "市经信局": ("dept_officer", False),
    "市财政局": ("dept_officer", True),
    "东区": ("county_officer", False),
    "西区": ("county_officer", True),
    "东区领导": ("county_head", False),
    "企业": ("enterprise_head", False),
    "银行": ("bank", False),
    "专家": ("expert", False),
}
"""Who acts, by the name the cases call them: role, and whether of the west."""
BYTES = {
    "pdf": b"%PDF-1.7 proof",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "docx": b"PK\x03\x04",
    "xls": bytes.fromhex("d0cf11e0a1b11ae1"),
    "empty": b"",
    "program": b"MZ",
    "large": b"%PDF-" + bytes(20 * 2**20),
}
ROLES = {"牵头": "lead", "配合": "support"}


def _spelled(value: Any) -> Any:
    """Write ``尽快 × 500`` out."""
    found = re.fullmatch(r"(.+) × (\d+)", value) if isinstance(value, str) else None
    return found[1] * int(found[2]) if found else value


def block_of(task: str) -> tuple[str, str]:
    """Return the part of the plan file that says a sub-task, and nothing in its place."""
    said = (PLANS / "panzhihua-2024" / "plan.yaml").read_text(encoding="utf-8")
    found = re.search(rf"^      - id: {re.escape(task)}\n(?:        .*\n)+", said, re.MULTILINE)
    return found[0], ""


@dataclass
class Story:
    """A case while it is told."""

    stage: Stage
    tasks: set[str]
    made: dict[str, Any] = field(default_factory=dict)

    def do(self, deed: dict[str, Any]) -> None:
        """Let somebody do something; ``fails`` is what they are told instead, ``forbidden`` that they may not."""
        said = {name: _spelled(value) for name, value in deed.items()}
        self.stage.day = said.pop("day", self.stage.day)
        fails, forbidden = said.pop("fails", None), said.pop("forbidden", False)
        act = getattr(self, f"_{said.pop('does')}")
        if fails:
            with pytest.raises(ValidationError) as caught:
                act(**said)
            assert re.search(fails, "；".join(caught.value.messages)), caught.value.messages
        elif forbidden:
            with pytest.raises((PermissionDenied, Http404)):
                act(**said)
        else:
            act(**said)

    def as_(self, who):
        role, west = PEOPLE[who]
        return self.stage.acting(role, west=west)

    def share(self, task, of):
        role, west = PEOPLE[of]
        found = self.stage.share(task, role, west=west)
        assert found is not None, f"{of} has nothing of {task}"
        return found

    def _adopt(self, swaps):
        self.stage.adopt(changed(*[block_of(one["drop"]) if "drop" in one else tuple(one) for one in swaps]))

    def _assign(self, task, to, role="牵头", who="市经办", comment=""):
        organisation = self.stage.city.actor(PEOPLE[to][0], west=PEOPLE[to][1]).organisation
        with self.as_(who) as actor:
            claims.assign(actor, self.stage.duty(task), organisation, ROLES[role], self.at, comment)

    def _claim(self, task, who, role="牵头"):
        with self.as_(who) as actor:
            claims.claim(actor, self.stage.duty(task), ROLES[role], self.at)

    def _step(self, step, task, of, who=None, comment=""):
        share = self.share(task, of)
        with self.as_(who or of) as actor:
            claims.take_step(actor, share, share.version, step, self.at, comment)

    def _report(self, task, who, month, percent, of=None, text="召开推进会", reason="", files=(), figures=""):
        share = self.share(task, of or who)
        held = [File(name, BYTES[kind]) for name, kind in (one.split(" = ") for one in files)]
        with self.as_(who) as actor:
            progress.report(
                actor, share, date.fromisoformat(f"{month}-01"), text, percent, self.at,
                figures=progress.read_figures(figures), files=held, reason=reason,
            )  # fmt: skip

    def _note(self, task, who, reached, due=None, text="文件已公布", files=()):
        with whole():
            points = telling.milestones(self.stage.city.actor("auditor"), self.stage.duty(task))
        (point,) = [one for one, _noted, _may in points if due in (None, one.due)]
        held = [File(name, BYTES[kind]) for name, kind in (one.split(" = ") for one in files)]
        with self.as_(who) as actor:
            progress.note_milestone(actor, point, reached, text, self.at, held)

    def _remark(self, task, who, text, to=None, named=None):
        share = self.share(task, to) if to else None
        with self.as_(who) as actor:
            self.made[named or text] = remarks.add(actor, self.stage.duty(task), text, self.at, share).pk

    def _answer(self, task, who, asked, text):
        with self.as_(who) as actor:
            remarks.answer(actor, self.stage.duty(task), self.made[asked], text, self.at)

    def _fetch(self, who, file):
        with whole():
            kept = Evidence.objects.get(file_name=file).pk
        with self.as_(who) as actor:
            assert evidence.fetch(actor, kept)[0].file_name == file

    def _remind(self, sends=None):
        count = reminding.by_schedule(self.stage.day, self.at)
        assert sends in (None, count), count

    def _urge(self, who="市经办", sends=None):
        with self.as_(who) as actor:
            mine = [one for one in overdue(self.stage.day) if one.duty.key in self.tasks]
            count = reminding.call(actor, mine, self.at)
        assert sends in (None, count), count

    @property
    def at(self):
        """The moment something is done: ten o'clock on the day of the case."""
        return at(self.stage.day)

    def late(self, on: date, who: str | None = None) -> list[str]:
        """Return what is late of the tasks of the case on a day, a line each, as ``who`` sees it."""
        with self.as_(who) if who else whole():
            found = [one for one in overdue(on, PLAIN) if one.duty.key in self.tasks]
            return [f"{one.duty.key} {one.organisation or '无牵头'} {one.rule_name} {one.days}" for one in found]

    def is_true(self, said: dict[str, Any]) -> None:
        """Hold what a case says at its end."""
        for name, wanted in said.items():
            getattr(self, f"_sees_{name}")(wanted)

    def _sees_tasks(self, wanted):
        found = {key: self.stage.duty(key) for key in wanted}
        assert {key: f"{one.state} {one.percent}" for key, one in found.items()} == {
            key: str(value) for key, value in wanted.items()
        }

    def _sees_shares(self, wanted):
        for key, offices in wanted.items():
            with whole():
                rows = Share.objects.filter(duty__key=key).select_related("organisation")
                held = {str(one.organisation): f"{one.role} {one.origin} {one.state} {one.percent}" for one in rows}
            assert {name: held.get(name, "none") for name in offices} == offices

    def _sees_reports(self, wanted):
        """Who sees how many reports."""
        for who, number in wanted.items():
            with self.as_(who):
                assert Report.objects.count() == number, who

    def _sees_timeline(self, wanted):
        """What stands in the progress of a task, the newest first, for somebody."""
        for line, titles in wanted.items():
            who, key = line.split()
            with self.as_(who):
                told = telling.timeline(self.stage.duty(key))
                assert [f"{one.title}{'（已更正）' if one.former else ''}" for one in told] == titles, line

    def _sees_remarks(self, wanted):
        for line, texts in wanted.items():
            who, key = line.split()
            with self.as_(who):
                found = remarks.remarks_of(self.stage.duty(key))
                told = [[one.text, *(reply.text for reply in one.answers_in_scope)] for one in found]
                assert told == texts, line

    def _sees_calls(self, wanted):
        """Which reminders were kept of a task: rule and stage, in order."""
        for key, lines in wanted.items():
            with whole():
                rows = Call.objects.filter(duty__key=key).order_by("pk")
                assert [f"{one.rule} {one.stage}" for one in rows] == lines, key

    def _sees_told(self, wanted):
        """Of what somebody was told: pieces of titles, each with how often."""
        for who, pieces in wanted.items():
            role, west = PEOPLE[who]
            user = (self.stage.city.west if west else self.stage.city.people)[role]
            with whole():
                titles = list(Notice.objects.filter(user=user).values_list("title", flat=True))
            for piece, number in pieces.items():
                assert sum(piece in title for title in titles) == number, (who, piece, titles)

    def _sees_month(self, wanted):
        """Of a month at a glance: reports owed and given, by organisation, on a day."""
        for line, offices in wanted.items():
            month, on = line.split()
            with whole():
                found = summary.month_of(date.fromisoformat(f"{month}-01"), date.fromisoformat(on))
            held = {str(one.organisation): f"{one.owed} {one.reported}" for one in found.offices}
            assert {name: held.get(name, "none") for name in offices} == offices, line

"""What the page of a task shows: the plan's text beside it, who has it, what happened, in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from jigai.platform.duties.adopting import current
from jigai.platform.duties.data import FLOW, rules
from jigai.platform.duties.models import (
    Adoption,
    Call,
    Duty,
    Evidence,
    Milestone,
    MilestoneStep,
    Report,
    Share,
    ShareStep,
)
from jigai.platform.duties.progress import may_note
from jigai.platform.notices.data import stages
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import english
from jigai.platform.web.workflow import Word

AROUND: Final = 2
"""Paragraphs shown before and after those a task rests on."""
BROKEN: Final = 20
"""A line of so many letters that ends in the middle of a sentence goes on in the next one."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the plan's text; ``marked`` where the task rests on it."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Excerpt:
    """The paragraphs of the plan a task rests on, with a little around; each a row of pieces."""

    adoption: Adoption
    paragraphs: tuple[tuple[Piece, ...], ...]


def excerpt(duty: Duty) -> Excerpt | None:
    """Return the text of the plan around the sentences of a task, these marked; of the version it was taken from."""
    found = Adoption.objects.filter(plan_id=duty.plan_id, version_hash=duty.version_hash).order_by("-pk").first()
    if found is None:
        return None
    marks = sorted((one["start"], one["end"]) for one in duty.quotes)
    return Excerpt(found, tuple(_paragraphs(found.text, marks)))


def _paragraphs(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[Piece, ...]]:
    spans: list[tuple[int, int]] = []
    start, broken = 0, False
    for line in text.split("\n"):
        if line.strip():
            first = spans.pop()[0] if broken else start
            spans.append((first, start + len(line)))
            broken = len(line.strip()) >= BROKEN and line.strip()[-1] not in "。！？：；"
        start += len(line) + 1
    touched = {place for place, span in enumerate(spans) for mark in marks if mark[0] < span[1] and span[0] < mark[1]}
    shown = sorted({near for place in touched for near in range(place - AROUND, place + AROUND + 1)})
    return [_pieces(text, spans[place], marks) for place in shown if 0 <= place < len(spans)]


def _pieces(text: str, span: tuple[int, int], marks: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    found, at = [], span[0]
    for first, last in marks:
        start, end = max(first, at), min(last, span[1])
        if start < end:
            found += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
            at = end
    found.append(Piece(text[at : span[1]]))
    return tuple(one for one in found if one.text)


def sectors(duty: Duty) -> list[str]:
    """Return the sectors a task names, in the language of the page."""
    return [(en if english() else "") or zh for zh, en in duty.sectors]


def shares_of(duty: Duty) -> list[Share]:
    """Return who has what of a task, leading ones first."""
    return list(Share.objects.filter(duty=duty).select_related("duty", "organisation").order_by("role", "pk"))


def children(duty: Duty) -> list[tuple[Duty, Word, list[Share]]]:
    """Return the sub-tasks of a task with their states and who leads them."""
    if not duty.gathers:
        return []
    counted = Share.objects.filter(role="lead").exclude(state__in=("refused", "released"))
    rows = Duty.objects.filter(parent=duty, ended_at__isnull=True)
    rows = rows.prefetch_related(Prefetch("shares", counted.select_related("organisation"), to_attr="leads"))
    return [(one, FLOW.states[one.state], one.leads) for one in rows]


def milestones(actor: Actor, duty: Duty) -> list[tuple[Milestone, list[MilestoneStep], bool]]:
    """Return the milestones in force with what was noted of each in scope, and whether ``actor`` may note it."""
    steps = MilestoneStep.objects.order_by("-pk").prefetch_related("files")
    rows = list(
        Milestone.objects.filter(duty=duty, ended_at__isnull=True)
        .select_related("duty")
        .prefetch_related(Prefetch("steps", steps, to_attr="noted"))
    )
    may = bool(rows) and may_note(actor, rows[0])
    return [(one, one.noted, may) for one in rows]


@dataclass(frozen=True)
class Entry:
    """Something that happened with a task: when, what, by whom, in words; figures and files where there are any."""

    at: datetime
    title: str
    who: str
    by: str
    text: str = ""
    percent: int | None = None
    figures: Sequence[Any] = ()
    files: Sequence[Evidence] = ()
    former: bool = False
    reason: str = ""


def timeline(duty: Duty) -> list[Entry]:
    """Return the progress of a task in scope, the newest first: steps, reports, milestones, reminders."""
    about = {"share__duty": duty}
    told: list[Entry] = []
    steps = ShareStep.objects.filter(**about).exclude(kind="begin").select_related("share__organisation")
    for step in steps:
        kind = FLOW.steps[step.kind].label
        told.append(Entry(step.recorded_at, kind, str(step.share.organisation), step.recorded_by, step.comment))
    reports = list(
        Report.objects.filter(**about).select_related("share__organisation").prefetch_related("files").order_by("pk")
    )
    last = {(one.share_id, one.month): one.pk for one in reports}
    for one in reports:
        title = _("%(month)s 进展") % {"month": f"{one.month:%Y-%m}"}
        told.append(
            Entry(
                one.recorded_at, title, str(one.share.organisation), one.recorded_by, one.text, one.percent,
                one.figures, list(one.files.all()), last[one.share_id, one.month] != one.pk, one.reason,
            )
        )  # fmt: skip
    told += _noted(duty)
    told += _called(duty)
    return sorted(told, key=lambda one: one.at, reverse=True)


def _noted(duty: Duty) -> list[Entry]:
    rows = MilestoneStep.objects.filter(milestone__duty=duty).select_related("milestone", "org")
    return [
        Entry(
            one.recorded_at,
            (_("达到节点：%(what)s") if one.reached_on else _("撤回节点：%(what)s")) % {"what": one.milestone.title},
            str(one.org or ""),
            one.recorded_by,
            one.text,
            files=list(one.files.all()),
        )
        for one in rows.prefetch_related("files")
    ]


def _called(duty: Duty) -> list[Entry]:
    """Return the reminders, those of one moment about the same together."""
    words = {one.key: one.word for one in stages()} | {"escalate": _("报市级负责人"), "call": _("催办")}
    grouped: dict[tuple[Any, ...], list[Call]] = defaultdict(list)
    for one in Call.objects.filter(duty=duty).select_related("share__organisation"):
        grouped[one.recorded_at, one.stage, one.rule].append(one)
    return [
        Entry(
            at,
            _("提醒（%(stage)s）") % {"stage": words.get(stage, stage)},
            "、".join(str(one.share.organisation) for one in calls if one.share),
            "",
            _("%(rule)s，期限 %(due)s，送达 %(n)d 人")
            % {"rule": rules()[rule].word.label, "due": calls[0].due, "n": sum(one.people for one in calls)},
        )
        for (at, stage, rule), calls in grouped.items()
    ]


def title_of_plan() -> str:
    """Return what the plan adopted last is called; empty where there is none."""
    adopted = current()
    return str(adopted) if adopted else ""

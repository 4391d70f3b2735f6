"""Workflow as data: what state a thing can be in and who may take which step are tables beside the app that has it.

``workflow("jigai.platform.replies")`` reads ``states.csv`` and ``steps.csv`` of that app and refuses tables that do not
hold together, so that a site with a broken workflow does not start. Columns and use: docs/explanation/workflow.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jigai.platform.walls.actor import Actor
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.web.wording import english

SAME: Final = "same"
"""In the column ``to``: the step leaves the state as it is."""
START: Final = "start"
"""In the column ``to``: back to before any step; which of the states to start from it is, other records tell."""
BADGES: Final = ("ok", "warn", "stop", "busy", "idle", "ask")
BUTTONS: Final = ("", "primary", "hidden")
FLAGS: Final = ("1", "0", "")
COMMENTS: Final = ("optional", "required")
_STATE_COLUMNS: Final = ("key", "zh", "en", "badge", "start")
_STEP_COLUMNS: Final = ("key", "from", "to", "capability", "comment", "button", "zh", "en", "done_zh", "done_en")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")

Row = dict[str, str]


class WorkflowError(ValueError):
    """Tables that cannot be used; each line of the text names file, line, what is wrong and what to do."""


@dataclass(frozen=True)
class Word:
    """A row of a closed list with its two names; ``badge`` is the state it is shown in, ``row`` all that it says."""

    key: str
    zh: str
    en: str
    badge: str
    row: Mapping[str, str] = field(repr=False)

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.en if english() else self.zh

    @property
    def meaning(self) -> str:
        """What it means for the reader, a sentence in the language of the page."""
        return self.row.get("meaning_en" if english() else "meaning_zh", "") or self.row.get("meaning_zh", "")

    def yes(self, column: str) -> bool:
        """Say whether a column of the app's own says 1.

        Raises:
            KeyError: the table has no such column.
            WorkflowError: the cell says something else than yes or no, which must not pass for no.
        """
        if self.row[column] not in FLAGS:
            raise WorkflowError(f"“{self.key}”的 {_one_of(column, self.row[column], FLAGS)}。")
        return self.row[column] == "1"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Step(Word):
    """A row of ``steps.csv``: from which states, to which, who may, and whether a comment is *required*.

    ``target`` is empty where ``to`` names no state (`SAME`, `START`). A step without ``sources`` begins a thing. A
    ``hidden`` one has no button: the app takes it itself.
    """

    sources: tuple[str, ...]
    target: str
    capability: str
    required: bool
    button: str

    @property
    def done(self) -> str:
        """What is said afterwards, in the language of the page."""
        return self.row["done_en" if english() else "done_zh"]

    @property
    def hidden(self) -> bool:
        """Whether there is no button for it."""
        return self.button == "hidden"

    def after(self, state: str) -> str:
        """Return the state once the step was taken from ``state``; empty where other records tell it."""
        return state if self.row["to"] == SAME else self.target


@dataclass(frozen=True)
class Workflow:
    """The states and steps of one kind of thing by their keys, in the order of the tables."""

    states: dict[str, Word]
    steps: dict[str, Step]

    def those(self, column: str) -> tuple[str, ...]:
        """Return the keys of the states of which a column of the app's own says 1, such as ``open``."""
        return tuple(key for key, one in self.states.items() if one.yes(column))

    def button(self, key: str) -> Step | None:
        """Return the step a page may ask somebody about; None where there is none of this key, or it is hidden."""
        found = self.steps.get(key)
        return None if found is None or found.hidden else found

    def steps_from(self, actor: Actor, state: str) -> list[Step]:
        """Return the steps for which ``actor`` has a button at a thing in ``state``, in order.

        The app still has to ask what only it knows: whose the thing is, and whether it is complete.
        """
        shown = (one for one in self.steps.values() if state in one.sources and not one.hidden)
        return [one for one in shown if actor.may(one.capability)]


def kept_comment(comment: str, most: int) -> str:
    """Return a comment as it is kept, without blanks around it.

    Raises:
        ValidationError: at the field ``comment``, where it has more than ``most`` letters, the room of its column.
    """
    text = comment.strip()
    if len(text) > most:
        said = {"most": most, "n": len(text)}
        raise ValidationError({"comment": _("太长：最多 %(most)d 字，现为 %(n)d 字。请缩短后再办理。") % said})
    return text


@dataclass(frozen=True)
class _Line:
    """A row with its place, for whoever has to mend it."""

    number: int
    row: Row


@cache
def rows(package: str, name: str) -> tuple[Row, ...]:
    """Return the rows of ``<name>.csv`` in the folder of ``package``.

    Raises:
        WorkflowError: a row has more or fewer cells than the heading.
    """
    table = files(package).joinpath(f"{name}.csv")
    return tuple(line.row for line in _settled(table, []))


@cache
def words(package: str, name: str) -> dict[str, Word]:
    """Return the rows of a closed list by their key, in their order.

    Raises:
        WorkflowError: as `rows`, or a key stands twice or is none, or a name is missing.
    """
    table = files(package).joinpath(f"{name}.csv")
    wrong: list[str] = []
    found = _words(table, _settled(table, ("key", "zh", "en")), wrong)
    _refuse(wrong)
    return found


@cache
def workflow(package: str, prefix: str = "") -> Workflow:
    """Return the workflow in the folder of ``package``: its ``<prefix>states.csv`` and ``<prefix>steps.csv``.

    Raises:
        WorkflowError: see `read_workflow`.
    """
    return read_workflow(files(package), prefix)


def read_workflow(folder: Traversable, prefix: str = "") -> Workflow:
    """Return the workflow in ``folder``.

    Raises:
        WorkflowError: naming everything that is wrong in both tables at once: a column, name or cell is missing, a key
            stands twice, a step names a state or capability there is none of, a state cannot be reached.
    """
    wrong: list[str] = []
    places = [folder.joinpath(f"{prefix}{name}.csv") for name in ("states", "steps")]
    state_lines, step_lines = (
        _settled(place, needed) for place, needed in zip(places, (_STATE_COLUMNS, _STEP_COLUMNS), strict=True)
    )
    states = _words(places[0], state_lines, wrong)
    for line in state_lines:
        wrong += [_said(places[0], line.number, fault) for fault in _faults_of_state(line.row)]
    steps = {key: _step(word) for key, word in _words(places[1], step_lines, wrong).items()}
    for line in step_lines:
        wrong += [_said(places[1], line.number, fault) for fault in _faults_of_step(line.row, states, places[0].name)]
    # Told last, and only of steps that can be read: a misspelt state would make others look out of reach.
    if not wrong:
        reached = _reached(states, steps.values())
        lost = [line for line in state_lines if line.row["key"] not in reached]
        advice = f"没有步骤能到“%s”，也不是起始状态；请在 {places[1].name} 加一步（to），或把 start 写 1，或删去这一行"
        wrong += [_said(places[0], line.number, advice % line.row["key"]) for line in lost]
    _refuse(wrong)
    return Workflow(states, steps)


def _settled(table: Traversable, needed: Sequence[str]) -> list[_Line]:
    """Return the rows of a table with their line numbers; refuse one that lacks a column or has torn rows."""
    reader = csv.DictReader(StringIO(table.read_text(encoding="utf-8-sig"), newline=""))
    heading = list(reader.fieldnames or ())
    wrong = [_said(table, 1, f"缺少列“{one}”，请补上") for one in needed if one not in heading]
    found = []
    for row in reader:
        if None in row or None in row.values():
            fault = f"应有 {len(heading)} 格；内容里有逗号的格请加英文双引号，空着的格也要写逗号"
            wrong.append(_said(table, reader.line_num, fault))
        else:
            found.append(_Line(reader.line_num, row))
    _refuse(wrong)
    return found


def _words(table: Traversable, lines: Iterable[_Line], wrong: list[str]) -> dict[str, Word]:
    """Return the rows by key; what is wrong with keys and names is added to ``wrong``."""
    found: dict[str, Word] = {}
    for line in lines:
        row, key = line.row, line.row["key"]
        if not _KEY.fullmatch(key):
            wrong.append(_said(table, line.number, f"key“{key}”只能用小写英文字母、数字和下划线，以字母开头"))
        if key in found:
            wrong.append(_said(table, line.number, f"key“{key}”前面已有；每行一个不同的 key"))
        if empty := [name for name in ("zh", "en") if not row[name].strip()]:
            wrong.append(_said(table, line.number, f"{'、'.join(empty)} 是空的；中英文名称都要写"))
        found.setdefault(key, Word(key, row["zh"], row["en"], row.get("badge", ""), row))
    return found


def _step(word: Word) -> Step:
    row = word.row
    return Step(
        word.key,
        word.zh,
        word.en,
        word.badge,
        row,
        sources=tuple(part.strip() for part in row["from"].split("|") if part.strip()),
        target="" if row["to"] in (SAME, START) else row["to"],
        capability=row["capability"],
        required=row["comment"] == "required",
        button=row["button"],
    )


def _faults_of_state(row: Row) -> Iterable[str]:
    if row["key"] in (SAME, START):
        yield f"“{row['key']}”在 to 列另有含义，不能作状态的 key；请换一个"
    if row["badge"] not in BADGES:
        yield _one_of("badge", row["badge"], BADGES)
    if row["start"] not in FLAGS:
        yield _one_of("start", row["start"], FLAGS)


def _faults_of_step(row: Row, states: Mapping[str, Word], file: str) -> Iterable[str]:
    step = _step(Word(row["key"], row["zh"], row["en"], "", row))
    shown = step.button in BUTTONS and not step.hidden
    for one in step.sources:
        if one not in states:
            yield f"from 里的“{one}”不是 {file} 里的状态；可以写：{'、'.join(states)}"
    if len(set(step.sources)) < len(step.sources):
        yield "from 里同一个状态写了两次；请删去一个"
    if not step.target and row["to"] not in (SAME, START):
        yield f"to 是空的；写 {file} 里的一个状态，状态不变写 {SAME}，回到起始状态写 {START}"
    elif step.target and step.target not in states:
        yield f"to 里的“{step.target}”不是 {file} 里的状态；可以写：{'、'.join((*states, SAME, START))}"
    elif not step.sources and not step.target:
        yield "没有 from 的步骤是新建，to 要写新建后的状态"
    if not step.capability and shown:
        yield "capability 是空的：谁也看不到这一步的按钮；请写权限，由系统自动办的在 button 写 hidden"
    if step.capability and step.capability not in capabilities():
        yield f"权限“{step.capability}”不在 walls/capabilities.csv 里；请改正，或先在那里登记"
    if row["comment"] not in COMMENTS:
        yield _one_of("comment", row["comment"], COMMENTS)
    if row["button"] not in BUTTONS:
        yield _one_of("button", row["button"], BUTTONS)
    if shown and not (row["done_zh"].strip() and row["done_en"].strip()):
        yield "done_zh、done_en 要写办完后告诉办理人的话"


def _reached(states: Mapping[str, Word], steps: Iterable[Step]) -> set[str]:
    """Return the states a thing can get into: those it starts from or is begun in, and what steps lead on to."""
    reached = {key for key, one in states.items() if one.yes("start")}
    ways = [(frozenset(one.sources), one.target) for one in steps if one.target]
    grown = True
    while grown:
        new = {target for sources, target in ways if not sources or sources & reached} - reached
        reached |= new
        grown = bool(new)
    return reached


def _one_of(column: str, found: str, known: Sequence[str]) -> str:
    return f"{column} 不能是“{found}”；可以是：{'、'.join(one or '（空）' for one in known)}"


def _said(table: Traversable, line: int, fault: str) -> str:
    return f"{table} 第 {line} 行：{fault}。"


def _refuse(wrong: Sequence[str]) -> None:
    if wrong:
        raise WorkflowError("\n".join(wrong))

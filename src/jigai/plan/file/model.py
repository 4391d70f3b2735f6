"""A plan as data: what a city promised, by when, who answers, and what the text leaves open.

The fields of every class are those of the plan file; what they mean is told in ``data/schema.csv``. Where a class says
more than the file, its docstring tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from jigai.plan.file.moment import Moment
from jigai.plan.file.text import Quote, StoredText
from jigai.reference.errors import Language

Value = Decimal | bool | str | tuple[str, ...] | None
"""The value of a parameter; ``None`` while nobody has told it."""

Bodies = tuple[str, ...] | None
"""Keys of departments or units that lead, ``("units",)`` for every unit; ``None``: the city is asked."""


@dataclass(frozen=True)
class Words:
    """Something said in Chinese and, where the file does so, in English."""

    zh: str
    en: str | None = None

    def say(self, language: Language = "zh") -> str:
        """Return it in ``language``, in Chinese where there is no English."""
        return (self.en if language == "en" else None) or self.zh


@dataclass(frozen=True)
class Unknown:
    """Something declared missing: why, and whom to ask."""

    missing: Words
    whom: Words


@dataclass(frozen=True)
class Span:
    """The time a plan speaks of (期限), as the file says it."""

    start: Moment
    end: Moment

    @property
    def first(self) -> date:
        """The first day of it."""
        return self.start.first

    @property
    def last(self) -> date:
        """The last day of it, which belongs to it."""
        return self.end.last


@dataclass(frozen=True)
class Department:
    """A department (部门) that issued the plan or answers for a part of it."""

    key: str
    name: Words
    short: str | None
    issuer: bool


@dataclass(frozen=True)
class Unit:
    """A managing unit (管理主体) that must carry the plan out: a county or a zone; ``code`` is that of the site."""

    key: str
    name: Words
    code: str | None


@dataclass(frozen=True)
class Part:
    """One of the plan's actions (行动), which tasks belong to."""

    key: str
    title: Words
    clause: str | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Sector:
    """A sector (行业) the plan names."""

    key: str
    title: Words


@dataclass(frozen=True)
class Parameter:
    """Something the text leaves open (参数): the value in use, why, and whether the city is still asked."""

    key: str
    title: Words
    value: Value
    unit: str | None
    ask: bool
    why: Words | None
    whom: Words | None
    source: str


@dataclass(frozen=True)
class Baseline:
    """What a target is compared with (基数); either it has a value with its origin, or says why it is missing."""

    value: Decimal | None
    unit: str | None
    year: int | None
    origin: str | None
    missing: Words | None
    whom: Words | None


@dataclass(frozen=True)
class Step:
    """What must be reached on the way to a target, in the unit of the target."""

    by: Moment
    value: Decimal
    origin: str


@dataclass(frozen=True)
class Target:
    """What an indicator must reach (目标值).

    ``operator`` is the sign (``>``, ``>=``, ``<``, ``<=``, ``=``) or ``up``, ``down``; these two have no value. With a
    sign, ``value`` is ``None`` only while a parameter asked of the city has none: then nothing can be judged.
    """

    indicator: str
    operator: str
    value: Decimal | None
    unit: str | None
    by: Moment
    each_year: bool
    since: Moment | None
    group: str | None
    baseline: Baseline | None
    path: tuple[Step, ...]

    @property
    def deadline(self) -> date:
        """The last day it can be reached."""
        return self.by.last


@dataclass(frozen=True)
class Objective:
    """An objective (主要目标) of the plan; ``parameters`` holds also those its targets take values from."""

    id: str
    title: Words
    clause: str
    quotes: tuple[Quote, ...]
    targets: tuple[Target, ...]
    lead: Bodies
    support: tuple[str, ...]
    parameters: tuple[str, ...]
    note: Words | None


@dataclass(frozen=True)
class Milestone:
    """A point the text dates (节点)."""

    title: Words
    by: Moment
    each_year: bool


@dataclass(frozen=True)
class Subtask:
    """A sub-task (分任务); ``lead`` is that of its task unless the file says otherwise."""

    id: str
    title: Words
    quotes: tuple[Quote, ...]
    lead: Bodies
    support: tuple[str, ...]
    sectors: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    parameters: tuple[str, ...]
    note: Words | None


@dataclass(frozen=True)
class Task:
    """A key task (重点任务) or a supporting measure (保障措施)."""

    id: str
    title: Words
    part: str | None
    clause: str
    quotes: tuple[Quote, ...]
    lead: Bodies
    support: tuple[str, ...]
    sectors: tuple[str, ...]
    subtasks: tuple[Subtask, ...]
    milestones: tuple[Milestone, ...]
    parameters: tuple[str, ...]
    note: Words | None


@dataclass(frozen=True)
class Weight:
    """How many points of 100 an objective gives, and how; ``measure`` is a key of ``data/measures.csv``."""

    objective: str
    weight: Decimal
    measure: str


@dataclass(frozen=True)
class Scorecard:
    """How counties and zones are compared (评分表); the weights sum to 100."""

    ask: bool
    why: Words | None
    whom: Words | None
    items: tuple[Weight, ...]


_Held = TypeVar("_Held", bound=Objective | Task | Subtask)


def _by_id(things: Iterable[_Held], id: str) -> _Held:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)


@dataclass(frozen=True)
class Plan:
    """A whole plan (方案) with its stored text.

    ``content_hash`` is the sha256 over plan file and text, by which figures say what they were judged by; kinds of
    line ends do not count.
    """

    id: str
    title: Words
    text: StoredText
    region: str
    partition: str
    number: str | Unknown
    issued: date
    period: Span
    departments: tuple[Department, ...]
    units: tuple[Unit, ...]
    parts: tuple[Part, ...]
    sectors: tuple[Sector, ...]
    unit_words: tuple[Words, ...]
    parameters: tuple[Parameter, ...]
    objectives: tuple[Objective, ...]
    tasks: tuple[Task, ...]
    measures: tuple[Task, ...]
    scorecard: Scorecard
    content_hash: str

    def objective(self, id: str) -> Objective:
        """Return an objective; ``KeyError`` when there is none of this id."""
        return _by_id(self.objectives, id)

    def task(self, id: str) -> Task | Subtask:
        """Return a task, measure or sub-task; ``KeyError`` when there is none of this id."""
        return _by_id(self.all_tasks(), id)

    def parameter(self, key: str) -> Parameter:
        """Return a parameter; ``KeyError`` when there is none of this key."""
        for parameter in self.parameters:
            if parameter.key == key:
                return parameter
        raise KeyError(key)

    def values(self, keys: Collection[str]) -> dict[str, Value]:
        """Return what is known of the parameters among ``keys``; those without a value are left out."""
        found = {parameter.key: parameter.value for parameter in self.parameters if parameter.key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def text_at(self, id: str) -> tuple[int, int]:
        """Return where the first sentence of an objective, task, measure or sub-task stands in ``text.content``.

        Start and end [characters], the end exclusive. ``KeyError`` when there is none of this id.
        """
        quote = _by_id((*self.objectives, *self.all_tasks()), id).quotes[0]
        return quote.start, quote.end

    def all_tasks(self) -> tuple[Task | Subtask, ...]:
        """Return every task and measure, each followed by its sub-tasks, in the order of the plan."""
        found: list[Task | Subtask] = []
        for task in (*self.tasks, *self.measures):
            found += (task, *task.subtasks)
        return tuple(found)

    def quotes(self) -> tuple[Quote, ...]:
        """Return every sentence of the text that anything in the plan rests on."""
        holders = (*self.parts, *self.objectives, *self.all_tasks())
        return tuple(quote for holder in holders for quote in holder.quotes)

    def unit_called(self, unit: str, language: Language = "zh") -> str:
        """Return the name of a unit of measure in ``language``, as it is where the plan has no other."""
        return next((words.say(language) for words in self.unit_words if words.zh == unit), unit)

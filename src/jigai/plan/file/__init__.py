"""The plan file: a city's plan as data, read, checked and asked about.

A plan is a folder with ``plan.yaml`` and the stored text of the plan. What may be written is told in
``docs/reference/plan-file.zh.md``; how an officer writes one, in ``docs/how-to/plan-file.zh.md``.

- `read_plan` reads a folder, `read_contents` bytes already held (an upload); both raise `PlanError` with every
  `PlanFault`, each naming file and line, and saying in Chinese and English what is wrong and how to mend it.
- `Plan` holds everything: ``objective(id)``, ``task(id)``, ``parameter(key)``, ``text_at(id)`` (where the sentence an
  entry rests on stands in ``text.content``), ``quotes()`` and ``text.uncited(…)``; ``content_hash`` says which version
  a figure was judged by.
- `questions` lists what the plan still asks of the city; `said` puts a target into words.
- `new_plan` returns the text of a plan file to fill in.
"""

from jigai.plan.file.faults import PlanError, PlanFault
from jigai.plan.file.load import PLAN_FILE, known_indicators, read_contents, read_plan
from jigai.plan.file.model import (
    Baseline,
    Department,
    Milestone,
    Objective,
    Parameter,
    Part,
    Plan,
    Scorecard,
    Sector,
    Span,
    Step,
    Subtask,
    Target,
    Task,
    Unit,
    Unknown,
    Weight,
    Words,
)
from jigai.plan.file.moment import Moment
from jigai.plan.file.new import new_plan
from jigai.plan.file.questions import Question, questions
from jigai.plan.file.saying import said
from jigai.plan.file.schema import measures, operators
from jigai.plan.file.text import Quote, StoredText

__all__ = [
    "PLAN_FILE",
    "Baseline",
    "Department",
    "Milestone",
    "Moment",
    "Objective",
    "Parameter",
    "Part",
    "Plan",
    "PlanError",
    "PlanFault",
    "Question",
    "Quote",
    "Scorecard",
    "Sector",
    "Span",
    "Step",
    "StoredText",
    "Subtask",
    "Target",
    "Task",
    "Unit",
    "Unknown",
    "Weight",
    "Words",
    "known_indicators",
    "measures",
    "new_plan",
    "operators",
    "questions",
    "read_contents",
    "read_plan",
    "said",
]

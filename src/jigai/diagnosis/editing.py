"""The expert's hand on a diagnosis: measures added, changed or rejected with a reason; every version is kept.

A version is never written over. What an expert does makes no order of law: that comes from rules alone, by documents
that were read (D26); so an added measure confirms or advises, and no change makes an order of one that was none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from jigai.diagnosis.measures.ordering import ordered
from jigai.diagnosis.model import ORDER, Diagnosis, Measure
from jigai.diagnosis.worth.model import Costed

ADD, CHANGE, REJECT = "add", "change", "reject"
CHANGEABLE: Final = (
    "zh", "en", "standing", "kind", "device_kind", "devices", "lines", "items", "machines", "power_kw", "fit_zh",
    "fit_en", "deadline", "directions",
)  # fmt: skip
"""What an expert may change; grounds (``why``), law and certainty stay those of the rule."""
_TUPLES: Final = ("devices", "lines", "items", "directions")


class EditError(ValueError):
    """Edits that cannot be made; the text tells every one with its number and how to mend it."""


@dataclass(frozen=True)
class Edit:
    """One thing an expert does: ``act`` add, change or reject, of the measure with the id ``measure``, with a reason.

    ``changes`` are fields of `CHANGEABLE` with their new values as text, a number, or a tuple of texts; ``added`` is
    the new measure.
    """

    act: str
    measure: str
    reason: str
    changes: tuple[tuple[str, str | float | tuple[str, ...] | None], ...] = ()
    added: Measure | None = None


@dataclass(frozen=True)
class Rejected:
    """A measure that an expert took out, with the reason; it is told in every later version."""

    measure: Measure
    reason: str
    by: str
    on: date


@dataclass(frozen=True)
class Version:
    """One state of a diagnosis: the first as computed (``number`` 1, no edits), the others as experts left it."""

    number: int
    by: str
    on: date
    edits: tuple[Edit, ...]
    costed: Costed
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class History:
    """All versions of one diagnosis, the oldest first; `writing.to_json` writes it whole."""

    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version in force."""
        return self.versions[-1]


def begun(costed: Costed) -> History:
    """Return the history of a diagnosis nobody has edited yet, of the day it was made for."""
    return History((Version(1, "jigai", costed.diagnosis.as_of, (), costed),))


def edited(history: History, edits: Sequence[Edit], by: str, on: date, cost: Callable[[Diagnosis], Costed]) -> History:
    """Return the history with one version more.

    Args:
        history: as it is; its versions stay as they are.
        edits: made one after the other on the latest version.
        by: who does it, as it shall be told.
        on: the day.
        cost: works out anew what the edited measures are worth, so that sums and order follow.

    Raises:
        EditError: every edit that cannot be made: no such measure, no reason, nothing to change, a field that may
            not be changed, an id that is taken, an order made by hand.
    """
    latest = history.latest
    measures = {one.id: one for one in latest.costed.diagnosis.measures}
    rejected = list(latest.rejected)
    wrong = [] if edits else ["nothing to do; give at least one edit"]
    wrong += [] if by.strip() else ["say who edits"]
    for number, edit in enumerate(edits, 1):
        fault = _fault(edit, measures)
        if fault:
            wrong.append(f"edit {number} ({edit.act} {edit.measure}): {fault}")
        elif edit.act == REJECT:
            rejected.append(Rejected(measures.pop(edit.measure), edit.reason.strip(), by, on))
        elif edit.act == CHANGE:
            changes: dict[str, Any] = dict(edit.changes)
            measures[edit.measure] = replace(measures[edit.measure], **changes)
        elif edit.added is not None:
            measures[edit.measure] = edit.added
    if wrong:
        raise EditError("\n".join(wrong))
    diagnosis = replace(latest.costed.diagnosis, measures=ordered(measures.values()))
    version = Version(latest.number + 1, by, on, tuple(edits), cost(diagnosis), tuple(rejected))
    return History((*history.versions, version))


def _fault(edit: Edit, measures: dict[str, Measure]) -> str | None:
    if not edit.reason.strip():
        return "give the reason"
    if edit.act == ADD:
        return _added(edit, measures)
    if edit.act not in (CHANGE, REJECT):
        return f"write one of {ADD}, {CHANGE}, {REJECT}"
    if edit.measure not in measures:
        return "no such measure in the latest version"
    return _changed(edit, measures[edit.measure]) if edit.act == CHANGE else None


def _added(edit: Edit, measures: dict[str, Measure]) -> str | None:
    if edit.added is None or edit.added.id != edit.measure:
        return "give the whole measure with this id"
    if edit.measure in measures:
        return "the id is taken; choose another"
    if edit.added.law or edit.added.standing == ORDER:
        return "an order of law comes from rules alone; write confirm or advise"
    return None


def _changed(edit: Edit, measure: Measure) -> str | None:
    if not edit.changes:
        return "nothing to change"
    strange = [name for name, _value in edit.changes if name not in CHANGEABLE]
    if strange:
        return f"{', '.join(strange)} may not be changed; only {', '.join(CHANGEABLE)}"
    for name, value in edit.changes:
        if not _fits(name, value):
            return f"{name}: {value!r} is no value for it"
    if dict(edit.changes).get("standing") == ORDER and measure.standing != ORDER:
        return "an order of law comes from rules alone; write confirm or advise"
    return None


def _fits(name: str, value: Any) -> bool:
    if name in _TUPLES:
        return isinstance(value, tuple) and all(isinstance(one, str) for one in value)
    if name in ("machines", "power_kw"):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if name in ("zh", "en"):
        return isinstance(value, str) and bool(value.strip())
    if name == "standing":
        return value in (ORDER, "confirm", "advise")
    return value is None or isinstance(value, str)

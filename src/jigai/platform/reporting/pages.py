"""What the pages of reports show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import words, workflow
from jigai.platform.reporting.computing import YEAR, Bound
from jigai.platform.reporting.data import FLOW, kinds
from jigai.platform.reporting.filling import OPEN, bound_of
from jigai.platform.reporting.freezing import Change
from jigai.platform.reporting.models import Binding, Confirmation, Report, ReportStep, ReportValue
from jigai.platform.reporting.periods import Reported
from jigai.platform.reporting.services import FILL
from jigai.platform.walls.actor import Actor
from jigai.reports.filling.asked import place_of

B = TypeVar("B", Bound, Binding)
_LISTED = 20
"""Rows of a list shown on the page; the workbook has all."""


def report_page(actor: Actor, report: Report) -> dict[str, Any]:
    """Return everything the page of a report shows."""
    names = {one.code: str(one) for one in ManagingUnit.objects.all()}
    said = workflow.words_of_units(report)
    shown = lines(actor, report)
    taken = ReportStep.objects.filter(report=report).order_by("-pk")
    frozen = report.state == "frozen"
    others = Report.objects.filter(form=report.form_id, period=report.period).exclude(pk=report.pk)
    return {
        "report": report,
        "form": report.form,
        "period": Reported.read(report.period),
        "due": Reported.read(report.period).due(report.form.due_day),
        "state": FLOW.states[report.state],
        "lines": shown,
        "stopped": sum(one["stopped"] for one in shown),
        "warned": sum(bool(one["warnings"]) and not one["stopped"] for one in shown),
        "units": [(names.get(unit, unit), one) for unit, one in said.items()],
        "may_confirm": report.state == "confirming" and actor.may(workflow.CONFIRM) and bool(actor.scope.managers)
        and bool(said),
        "objections": Confirmation.objects.filter(report=report, agreed=False).order_by("-pk"),
        "buttons": FLOW.steps_from(actor, report.state),
        "may_fill": report.state in OPEN and actor.may(FILL),
        "may_fetch": actor.scope.everything and bool(shown),
        "may_correct": frozen and actor.may(FILL),
        "taken": [(one, _word(one)) for one in taken],
        "frozen": frozen,
        "others": [(one, FLOW.states[one.state]) for one in others],
    }  # fmt: skip


def lines(actor: Actor, report: Report, own: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the cells of a report within one's scope, in the order of its form; ``own`` narrows to some units."""
    values = {one.binding: one for one in ReportValue.objects.filter(report=report)}
    names = {one.code: str(one) for one in ManagingUnit.objects.all()}
    editable = report.state == "filled" and actor.may(FILL)
    found = []
    for one in in_order(bound_of(report)):
        value = values.get(one.key)
        if value is None or (own and value.manager_code not in own):
            continue
        hidden = held_back(actor, value)
        told = [] if hidden else words.warned(value.warnings)
        stopped = any(stops for _said, stops in told)
        is_list = one.kind == "list"
        found.append(
            {
                "bound": one,
                "kind": kinds()[one.kind],
                "unit": names.get(value.manager_code, value.manager_code),
                "hidden": hidden,
                "shown": "" if is_list or hidden else words.shown(value.held),
                "numeric": not is_list and bool(value.held) and value.held[0] == "n",
                "rows": [[words.shown(cell) for cell in row] for row in (value.held or [])[:_LISTED]]
                if is_list and not hidden
                else [],
                "count": len(value.held or []) if is_list else 0,
                "year": _year(report, value),
                "coverage": _percent(value.about.get("coverage")),
                "data_date": value.about.get("data_date"),
                "warnings": told,
                "stopped": stopped,
                "forced": report.forced.get(one.key, ""),
                "editable": editable and one.kind == "typed",
                "forcible": editable and one.kind == "figure" and (stopped or one.key in report.forced),
            }
        )
    return found


def in_order(bound: Iterable[B]) -> list[B]:
    """Return bindings as they stand in the form: sheet by sheet, row by row."""
    held = list(bound)
    sheets = list(dict.fromkeys(one.sheet for one in held))
    return sorted(held, key=lambda one: (sheets.index(one.sheet), place_of(one.address) or (0, 0)))


def held_back(actor: Actor, value: ReportValue) -> bool:
    """Tell whether a cell is not shown to ``actor``: a list of what enterprises add to a financial figure, or a part
    of one that rests on too few, for those without finance.view.
    """
    return bool(value.about.get("few")) and not actor.may("finance.view")


def seen(actor: Actor, report: Report, changes: Iterable[Change]) -> list[Change]:
    """Return the changes of cells that ``actor`` may see (``held_back``)."""
    hidden = {one.binding for one in ReportValue.objects.filter(report=report) if held_back(actor, one)}
    return [one for one in changes if one.bound.key not in hidden]


def told(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return changes in words."""
    return [
        {
            "bound": one.bound,
            "then": _held(one.bound.kind, one.then),
            "now": _held(one.bound.kind, one.now),
            "why": one.why,
        }
        for one in changes
    ]


def _rows(held: Any) -> list[list[str]]:
    return [[words.shown(cell) for cell in row] for row in (held or [])[:_LISTED]]


def _held(kind: str, held: Any) -> str:
    if kind == "list":
        return "；".join(" ".join(words.shown(cell) for cell in row) for row in held or [])
    return words.shown(held) or "—"


def _year(report: Report, value: ReportValue) -> str:
    """Return the year a figure is of, where the report is of a part of a year and the figure is not."""
    period = str(value.about.get("period") or "")
    return period if len(period) == YEAR and len(report.period) != YEAR else ""


def _percent(share: str | None) -> float | None:
    return None if share is None else float(share) * 100


def _word(one: ReportStep) -> str:
    """Return what was done; of a step there is no more of, its key, so that the record can still be read."""
    kind = FLOW.steps.get(one.kind)
    return kind.label if kind else one.kind

"""The scorecard now, with other weights to try, and as it was kept; who is recommended for the pilot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai import __version__
from jigai.plan.frozen import digest, freeze, thaw
from jigai.plan.period import Period
from jigai.plan.scorecard import Scorecard, ScorecardError, scorecard
from jigai.platform.audit.services import record
from jigai.platform.places.models import ManagingUnit
from jigai.platform.plan import goals
from jigai.platform.plan.models import PilotStep, SavedScorecard
from jigai.platform.plan.scores import cells
from jigai.platform.plan.services import VIEW
from jigai.platform.plan.versions import in_force
from jigai.platform.plan.work import Work, in_use
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import english

SCORE: Final = "plan.score"
UNIT: Final = "unit:"
ITEM: Final = "item:"
INDICATOR: Final = "indicator:"
GAP: Final = "gap:"
EN: Final = "en:"
"""Before a name that is the English of another."""


@dataclass(frozen=True)
class Sheet:
    """A scorecard with what it was made of.

    ``about`` holds texts: ``plan``, ``plan_hash``, ``period``, ``known_on``, ``data_date``, ``computed_at``,
    ``engine``, ``weights`` (``plan``, or ``tried`` with other weights), and a name under each of ``unit:<code>``,
    ``item:<key>``, ``indicator:<key>``, with ``en:`` before it the English; ``gap:<key>`` says why an item has no
    figure in the whole city.
    """

    card: Scorecard
    about: Mapping[str, str]

    def named(self, prefix: str) -> dict[str, str]:
        """Return the names under a prefix by what follows it, in the language of the page."""
        found = {key.removeprefix(prefix): text for key, text in self.about.items() if key.startswith(prefix)}
        if english():
            found = {key: self.about.get(f"{EN}{prefix}{key}", text) for key, text in found.items()}
        return found

    @property
    def units(self) -> dict[str, str]:
        """The units by code."""
        return self.named(UNIT)

    @property
    def tried(self) -> bool:
        """Whether the weights are not those of the plan."""
        return self.about["weights"] != "plan"


class NoPlanError(ValueError):
    """There is no plan in force, so nothing can be scored; the text says what to do."""


def drawn(
    actor: Actor,
    period: Period,
    known_on: date,
    today: date,
    weights: Mapping[str, Decimal] | None = None,
    work: Work | None = None,
) -> tuple[Sheet, int]:
    """Return the scorecard of a period as known at the end of a day, and the number of the plan's version.

    Counties see the points of all: they rest on sums, which are the same for everybody.

    Args:
        actor: who looks; needs plan.view.
        period: a year.
        known_on: ``today``, or an earlier day whose figures are kept.
        today: the day it is.
        weights: other weights by objective, to try.
        work: other indicators than those of this installation.

    Raises:
        NoPlanError: no plan is in force.
        ValidationError: a weight that cannot be.
    """
    actor.require(VIEW)
    held = in_force()
    if held is None:
        raise NoPlanError(_("还没有在用的规划文件，没有权重可依。请市级经办装入规划文件。"))
    plan = held.plan
    try:
        parts = cells.parts_of(plan, weights)
    except ScorecardError as error:
        raise ValidationError(_("权重不能用：%(why)s") % {"why": error}) from error
    used = (work or in_use()).registry
    names = [part.target.indicator for part in parts]
    share = goals.share(plan)
    periods = cells.periods_of(parts, plan, period)
    kept = cells.Kept(used, names, periods, None if known_on >= today else known_on, share)
    found = cells.cells_of(parts, plan, kept, period, known_on)
    units = cells.units_of(plan)
    card = scorecard([part.item for part in parts], list(units), found, share)
    computed, data_date = kept.computed_at, kept.data_date
    about = {
        "plan": plan.title.zh, "plan_hash": plan.content_hash, "period": period.key, "known_on": known_on.isoformat(),
        "data_date": data_date.isoformat() if data_date else "",
        "computed_at": timezone.localtime(computed).isoformat(" ", "minutes") if computed else "",
        "engine": __version__, "weights": "tried" if weights else "plan",
    }  # fmt: skip
    short = {one.code: str(one) for one in ManagingUnit.objects.all()}
    about |= {UNIT + code: short.get(code, name.zh) for code, name in units.items()}
    about |= {EN + UNIT + code: name.en for code, name in units.items() if name.en}
    about |= _titles(parts, used)
    for key, why in cells.gaps(parts, kept, period).items():
        about |= {GAP + key: why.zh, EN + GAP + key: why.en}
    return Sheet(card, about), held.pk


def _titles(parts: list[cells.Part], registry: Mapping[str, Any]) -> dict[str, str]:
    """Return what items and their figures are called; one of several targets of an objective by its figure."""
    found = {}
    for part in parts:
        key, figure, title = part.item.objective, registry[part.target.indicator], part.objective.title
        several = len(part.objective.targets) > 1
        found[INDICATOR + key], found[EN + INDICATOR + key] = figure.zh, figure.en
        found[ITEM + key] = figure.zh if several else title.zh
        found[EN + ITEM + key] = figure.en if several else title.say("en")
    return found


def keep(actor: Actor, period: Period, reason: str, now: datetime, today: date) -> SavedScorecard:
    """Keep the scorecard as it is today, by the plan's own weights, for good.

    Raises:
        PermissionDenied: without plan.score, or of less than the whole city.
        NoPlanError: no plan is in force.
        ValidationError: nothing was computed for the period, or the newest kept one says the same.
    """
    actor.require(SCORE)
    if not actor.scope.everything:
        raise PermissionDenied(SCORE)
    sheet, version = drawn(actor, period, today, today)
    if not sheet.about["computed_at"]:
        raise ValidationError(_("%(period)s 年的指标还没有算，没有可存的得分。") % {"period": period.key})
    content = freeze(sheet.card, sheet.about)
    last = SavedScorecard.objects.filter(period=period.key).first()
    if last and _points(opened(actor, last.pk)) == _points(sheet):
        said = _("得分与第 %(number)s 号存档（%(day)s）完全相同，不必重复存档。")
        raise ValidationError(said % {"number": last.pk, "day": last.known_on})
    made = SavedScorecard.objects.create(
        plan_id=version, period=period.key, known_on=today, content=content.decode(), content_hash=digest(content),
        reason=reason[:200], saved_at=now, saved_by=_name(actor),
    )  # fmt: skip
    record(actor, "plan.scored", made, after={"period": period.key, "hash": made.content_hash}, reason=reason)
    return made


def _points(sheet: Sheet) -> str:
    """Return everything that is scored, without the day and the time it was computed."""
    aside = ("known_on", "computed_at", "engine")
    return json.dumps(
        [freeze(sheet.card, {}).decode(), {key: text for key, text in sheet.about.items() if key not in aside}],
        sort_keys=True,
    )


def saved(actor: Actor) -> list[SavedScorecard]:
    """Return what was kept, the newest first, without its content."""
    actor.require(VIEW)
    return list(SavedScorecard.objects.defer("content"))


def get_saved(actor: Actor, pk: int) -> SavedScorecard:
    """Return a kept scorecard; ``Http404`` where there is none."""
    actor.require(VIEW)
    one = SavedScorecard.objects.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def opened(actor: Actor, pk: int) -> Sheet:
    """Return a scorecard as it was kept.

    Raises:
        Http404: there is none of this number.
        FrozenError: of the core: what is stored is not what was kept.
    """
    one = get_saved(actor, pk)
    card, about = thaw(one.content.encode(), one.content_hash)
    return Sheet(card, about)


def pilots(actor: Actor) -> dict[str, PilotStep]:
    """Return the units recommended for the provincial pilot by their code, in the order of recommending."""
    actor.require(VIEW)
    newest: dict[str, PilotStep] = {}
    for step in PilotStep.objects.select_related("scorecard").defer("scorecard__content").order_by("pk"):
        newest.pop(step.unit, None)
        newest[step.unit] = step
    return {unit: step for unit, step in newest.items() if step.recommended}


def recommend(actor: Actor, pk: int, unit: str, note: str, now: datetime) -> PilotStep:
    """Recommend a unit for the provincial pilot on the strength of a kept scorecard (M1c).

    Raises:
        PermissionDenied: without plan.score.
        ValidationError: the scorecard has no such unit, it has no rank, or it is recommended by this one already.
    """
    actor.require(SCORE)
    sheet = opened(actor, pk)
    ranks = dict(sheet.card.totals.select("unit", "rank").iter_rows())
    if unit not in ranks:
        raise ValidationError({"unit": _("这份存档里没有这个单位。")})
    if ranks[unit] is None:
        raise ValidationError({"unit": _("这个单位没有一项适用，没有名次，不能据此推荐。")})
    held = pilots(actor).get(unit)
    if held and held.scorecard_id == pk:
        raise ValidationError({"unit": _("已按这份存档推荐过。")})
    return _step(actor, pk, unit, sheet.units[unit], note, now, recommended=True)


def take_back(actor: Actor, unit: str, note: str, now: datetime) -> PilotStep:
    """Take a recommendation back, with the reason; ``Http404`` where the unit is not recommended."""
    actor.require(SCORE)
    held = pilots(actor).get(unit)
    if held is None:
        raise Http404
    return _step(actor, held.scorecard_id, unit, held.unit_name, note, now, recommended=False)


def _step(actor: Actor, pk: int, unit: str, name: str, note: str, now: datetime, *, recommended: bool) -> PilotStep:
    made = PilotStep.objects.create(
        scorecard_id=pk, unit=unit, unit_name=name, recommended=recommended, note=note[:500], taken_at=now,
        taken_by=_name(actor),
    )  # fmt: skip
    action = "plan.recommended" if recommended else "plan.unrecommended"
    record(actor, action, made, after={"unit": unit, "scorecard": pk}, reason=note)
    return made


def _name(actor: Actor) -> str:
    return (str(actor.user) if actor.user else actor.label)[:150]

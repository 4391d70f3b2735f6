"""What both papers say of the board: its title, the day and the partition, each objective in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from jigai import __version__
from jigai.plan import forecast_words
from jigai.platform.plan import words
from jigai.platform.plan.reading import Board, ObjectiveView, TargetView, UnitView


def title(board: Board) -> str:
    """Return the title of the paper: whose plan it is about."""
    return _("《%(plan)s》主要目标进展") % {"plan": board.plan.title.say(words.language())}


def line(board: Board) -> str:
    """Return of what time the paper speaks, and how units are parted."""
    parted = _("按管理主体") if board.ask.partition == "manager" else _("按属地")
    known = _("按 %(day)s 已知的数据") % {"day": board.ask.known_on} if board.ask.known_on else ""
    day = _("数据日期 %(d)s") % {"d": board.data_date} if board.data_date else ""
    return "　".join(one for one in (settings.CITY_NAME, words.period(board.ask.period.key), parted, known, day) if one)


def summary(board: Board) -> str:
    """Return how many objectives stand how, the worst first."""
    told = [
        _("%(state)s %(n)s 项（%(which)s）")
        % {"state": words.state(key).word, "n": len(held), "which": "、".join(one.objective.id for one in held)}
        for key, held in board.by_outcome.items()
    ]
    return _("%(n)s 项目标中，") % {"n": len(board.objectives)} + "，".join(told) + "。"


def said(view: TargetView) -> list[str]:
    """Return the sentences of one target: its figure, how it stands, what is ahead, what it lacks to be reported."""
    number, seen = view.number, view.forecast
    unknown = number.value is None or (number.reason is not None and not number.reported)
    if unknown:
        return [_("没有数：%(why)s") % {"why": words.here(number.reason)}] if number.reason else []
    value = words.with_unit(number).replace(" %", "%")
    at = {"name": words.title(view.indicator), "period": words.period(number.period), "value": value}
    found = [_("%(period)s，%(name)s为 %(value)s。") % at]
    if judged := words.judged(view):
        found.append(judged)
    if seen and seen.value is not None:
        found.append(words.here(forecast_words.say(seen, view.goal)) + _("。"))
    if number.grey and number.percent:
        found.append(_("填报覆盖率 %(share)s，不到方案规定，这个数不可上报。") % {"share": number.percent})
    return found


def target(view: TargetView) -> str:
    """Return what is asked for and by when."""
    by = view.written.by
    return _("到 %(by)s %(asked)s") % {
        "by": words.period(str(by)) if by.month is None else by,
        "asked": words.asked(view),
    }


def unit_state(one: UnitView) -> str:
    """Return how a unit stands; a dash where the target is not shared out."""
    return words.state(one.judgement.outcome).word if one.judgement else "—"


def gap(view: TargetView, value: Decimal | None) -> str:
    """Return a difference with its sign in the digits of the figure."""
    return words.signed(value, view.indicator.digits)


def heading(view: ObjectiveView) -> str:
    """Return an objective by number and name."""
    return f"{view.objective.id} {view.objective.title.say(words.language())}"


def notes(board: Board, by: str) -> Iterator[tuple[str, str]]:
    """Yield what the reader has to know: sources, coverage, what was held back, who made the paper with what."""
    yield _("方案"), f"{board.plan.title.say(words.language())}（{board.plan.content_hash[:12]}）"
    yield _("期间"), line(board)
    least = f"{board.share * 100:.0f}%"
    yield _("灰色"), _("填报覆盖率不到 %(s)s 的数，不可上报") % {"s": least}
    figures = [one for held in board.objectives for one in held.targets]
    if any(unit.number.hidden for one in figures for unit in one.units):
        yield _("不显示"), _("不到 3 家企业的部分不显示数值：能看出单个企业的财务情况。")
    for one in figures:
        definition = one.indicator.formula_en if words.language() == "en" else one.indicator.definition
        yield words.title(one.indicator), definition
    yield _("导出人"), by
    yield _("软件"), f"jigai {__version__}"
    if settings.DEMO:
        yield _("注意"), _("示范城市：企业、人员、数值均为虚构，不得用于任何决定。")

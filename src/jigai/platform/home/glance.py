"""What each role should see of its own work at a glance: cards of figures beside the to-dos of the workbench."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import User
from jigai.platform.accounts.policies import people_of
from jigai.platform.accounts.services.grants import lock_outs
from jigai.platform.audit import chain
from jigai.platform.campaigns.data import REPORTED
from jigai.platform.campaigns.models import Campaign
from jigai.platform.campaigns.standing import counts
from jigai.platform.enterprises import sheets
from jigai.platform.enterprises.completeness import completeness
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.rules import governs
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import everyone, own_jobs
from jigai.platform.ledger.figures import machines_by
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.personal import own_rows
from jigai.platform.walls.scope import use_scope

MOST: Final = 3
"""Enterprises of one organisation that are shown with a card each."""


@dataclass(frozen=True)
class Line:
    """One line of a card: what it is, how much or which state, and the page behind it."""

    label: str
    value: str
    url: str = ""
    state: str = ""


@dataclass(frozen=True)
class Card:
    """A few lines about one thing; ``missing`` names what is still to be given."""

    title: str
    url: str = ""
    lines: list[Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def cards(actor: Actor) -> list[Card]:
    """Return the cards of the one who acts, by what they may do; most roles of the offices have none."""
    return [card for make in (_own_enterprises, _surveys, _accounts, _grants, _jobs, _trail) for card in make(actor)]


def _own_enterprises(actor: Actor) -> Iterator[Card]:
    """Offer an enterprise its own profile, its sheet of the year, and what is missing."""
    if not actor.may("fact.enter") or governs(actor):
        return
    year = sheets.reporting_year(timezone.localdate())
    for person in LegalPerson.objects.filter(status=LegalPerson.Status.OPERATING)[:MOST]:
        whole = completeness(person, year)
        state = sheets.state_of(person, year)
        sheet = reverse("enterprises:facts", args=[person.pk, year])
        lines = [
            Line(_("统一社会信用代码"), person.credit_code),
            Line(_("%(year)s 年年度数据") % {"year": year}, str(state.label), sheet, str(state.badge)),
            Line(_("资料完整度"), f"{whole.percent}%"),
        ]
        if actor.may("ledger.view"):
            lines += _machines()
        missing = [str(what) for what, _page in whole.missing]
        yield Card(person.name, reverse("enterprises:page", args=[person.pk]), lines, missing)


def _surveys(actor: Actor) -> Iterator[Card]:
    """Show how far each running survey is, to the authorities."""
    if not actor.may("campaign.view") or not governs(actor):
        return
    for campaign in Campaign.objects.filter(status=Campaign.Status.RUNNING)[:MOST]:
        found: Counter[str] = Counter()
        for (_manager, state), number in counts(campaign).items():
            found[state] += number
        if not found:
            continue
        done = sum(found[key] for key in REPORTED)
        url, listed = (reverse(f"campaigns:{name}", args=[campaign.pk]) for name in ("page", "entries"))
        lines = [
            Line(_("覆盖率"), f"{done * 100 / found.total():.1f}%", url),
            Line(_("等县区核对"), f"{found['submitted']:,}", f"{listed}?state=submitted"),
            Line(_("没有报的"), f"{found.total() - done:,}", f"{listed}?state=open"),
            Line(_("报送期限"), campaign.deadline.isoformat()),
        ]
        yield Card(campaign.name, url, lines)


def _machines() -> list[Line]:
    """The machines in sight, and those that must go."""
    own = machines_by("manager_code").values()
    url = reverse("ledger:list")
    must = sum(one.must_replace for one in own)
    return [
        Line(_("设备"), f"{sum(one.total for one in own):,} {_('台')}", url),
        Line(_("必须淘汰"), f"{must:,} {_('台')}", f"{url}?verdict=must_replace", "stop" if must else "ok"),
    ]


def _accounts(actor: Actor) -> Iterator[Card]:
    if not actor.may("user.manage"):
        return
    people = people_of(actor)
    url = reverse("accounts:people")
    yield Card(
        _("账号"),
        url,
        [
            Line(_("在用账号"), _number(people.filter(is_active=True)), f"{url}?state=on"),
            Line(_("已停用账号"), _number(people.filter(is_active=False)), f"{url}?state=off"),
            Line(_("仍用初始口令"), _number(people.filter(is_active=True, must_change_password=True)), url),
            Line(_("还没有角色"), _number(_without_role(people)), url),
        ],
    )


def _grants(actor: Actor) -> Iterator[Card]:
    if not actor.may("role.grant"):
        return
    people = people_of(actor).filter(is_active=True)
    url = reverse("accounts:grants")
    yield Card(
        _("授权"),
        url,
        [
            Line(_("已授予角色的账号"), _number(people.filter(memberships__active=True).distinct()), url),
            Line(_("等待授予角色"), _number(_without_role(people)), url),
            Line(_("登录锁定"), str(len(lock_outs(actor))), reverse("accounts:lock_outs")),
        ],
    )


def _jobs(actor: Actor) -> Iterator[Card]:
    if not actor.may("job.manage"):
        return
    url = reverse("jobs:list")
    with use_scope(everyone(actor)):
        counts = {state: _number(Job.objects.filter(state=state)) for state in ("queued", "running", "failed")}
    names = {"queued": _("排队"), "running": _("运行中"), "failed": _("失败")}
    yield Card(_("后台任务"), url, [Line(names[state], number, url) for state, number in counts.items()])


def _trail(actor: Actor) -> Iterator[Card]:
    if not actor.may("audit.verify"):
        return
    with own_rows(actor):
        done = own_jobs(actor).filter(kind="audit.verify", state=Job.State.DONE).order_by("-finished_at").first()
    intact = bool(done and (done.result or {}).get("found") == 0)
    last = timezone.localtime(done.finished_at).strftime("%Y-%m-%d %H:%M") if done and done.finished_at else _("从未")
    url = reverse("audit:verify")
    lines = [
        Line(_("上次验证"), last, url),
        Line(_("已入链"), f"{chain.head().position:,}", reverse("audit:list")),
        Line(_("等待入链"), _number(chain.pending()), url),
    ]
    if done:
        lines.insert(1, Line(_("结果"), _("完整") if intact else _("有异常"), url, "ok" if intact else "stop"))
    yield Card(_("审计链"), url, lines)


def _without_role(people: Any) -> Any:
    return people.filter(is_active=True).exclude(pk__in=User.objects.filter(Q(memberships__active=True)).values("pk"))


def _number(rows: Any) -> str:
    count: Callable[[], int] = rows.count
    return f"{count():,}"

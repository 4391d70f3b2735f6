"""Change what the site judges by: one person proposes, a rehearsal shows whom it hits, another one decides."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Membership
from jigai.platform.accounts.roles import roles
from jigai.platform.audit.services import record
from jigai.platform.enterprises.models import Site
from jigai.platform.notices.services import OUTBOX, send
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Run
from jigai.platform.standards import active, packages, sets
from jigai.platform.standards.candidates import packages_after
from jigai.platform.standards.models import Change, Package, ReferenceSet
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import use_scope
from jigai.reference import DatasetError

MANAGE: Final = "standards.manage"
VIEW: Final = "standards.view"
OPEN: Final = (Change.State.PROPOSED, Change.State.PLANNED)


class ChangeRefusedError(ValueError):
    """A step that cannot be taken now; the text says why and what to do."""


def receive(actor: Actor, file_name: str, data: bytes, reason: str, today: date) -> Change:
    """Take a package in and propose to bring it into use.

    Args:
        actor: who proposes; another person has to decide.
        file_name: as it was called.
        data: the zip.
        reason: why it is to be used: the document that says so.
        today: the day it is tried on, beside the days it begins and ends.

    Raises:
        PackageRefusedError: with every flaw; nothing is kept.
        ChangeRefusedError: the same package waits already.
    """
    actor.require(MANAGE)
    read = packages.read(file_name, data, today)
    if Change.objects.filter(package__content_hash=read.content_hash, state__in=OPEN).exists():
        raise ChangeRefusedError(_("同样内容的依据包已在等待审核或生效，不必重复上传。"))
    path = packages.keep(read)
    titles = [one.title_zh for one in read.datasets.values()]
    package, _made = Package.objects.get_or_create(
        content_hash=read.content_hash,
        defaults={
            "path": path.relative_to(settings.DATA_DIR).as_posix(),
            "file_name": file_name[:200],
            "title": "；".join(titles)[:300],
            "datasets": read.told(),
            "sent_by": _name(actor),
        },
    )
    return _propose(actor, Change(kind=Change.Kind.ACTIVATE, package=package, reason=reason[:200]))


def propose_restore(actor: Actor, back_to: int, reason: str) -> Change:
    """Propose that the packages of a former set hold again; ``Http404`` where there is no such set."""
    actor.require(MANAGE)
    former = ReferenceSet.objects.filter(pk=back_to).first()
    if former is None:
        raise Http404
    if tuple(former.packages) == active.in_use().packages:
        raise ChangeRefusedError(_("这一组依据包就是在用的，不需要恢复。"))
    if Change.objects.filter(back_to__packages=former.packages, state__in=OPEN).exists():
        raise ChangeRefusedError(_("同样的恢复申请已在等待审核或生效。"))
    return _propose(actor, Change(kind=Change.Kind.RESTORE, back_to=former, reason=reason[:200]))


def _propose(actor: Actor, change: Change) -> Change:
    assert actor.user is not None
    change.proposed_by, change.proposer_id = _name(actor), actor.user.pk
    change.save()
    record(actor, "standards.proposed", change, after={"change": str(change)}, reason=change.reason)
    others = [one for one in _holders(MANAGE) if one.user_id != actor.user.pk]
    _tell(actor, others, change, _("请审核依据变更：%(what)s"), change.reason, "proposed")
    return change


def get_change(actor: Actor, pk: int) -> Change:
    """Return a change; ``Http404`` where there is none."""
    actor.require(VIEW)
    found = Change.objects.select_related("package", "back_to").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def first_day(change: Change, today: date) -> date:
    """Return the day a change is rehearsed on: when its datasets come into force, today where they are already."""
    told = change.package.datasets if change.package else []
    days = [date.fromisoformat(one["in_force_from"]) for one in told if one["in_force_from"]]
    return max([today, *days])


def rehearse(actor: Actor, pk: int, as_of: date) -> Run:
    """Judge all sites as if a change held, for the preview; nothing in force changes."""
    actor.require(MANAGE)
    change = _locked(pk)
    if change.state != Change.State.PROPOSED:
        raise ChangeRefusedError(_("已经审核过，不能再试算。"))
    sites = list(Site.objects.filter(active=True).values_list("pk", flat=True))
    if not sites:
        raise ChangeRefusedError(_("还没有厂区，没有可以试算的设备。"))
    title = _("试算“%(what)s”（%(day)s）") % {"what": str(change)[:120], "day": as_of.isoformat()}
    run = screening.start(actor, sites, as_of, rehearsal=True, title=title, change=change.pk)
    change.run_id = run.pk
    change.save(update_fields=["run_id"])
    record(actor, "standards.rehearsed", change, after={"run": run.pk, "as_of": as_of.isoformat()})
    return run


def preview(change: Change) -> tuple[Run | None, str]:
    """Return the rehearsal of a change, and what keeps it from being enough to decide on (empty: nothing)."""
    run = Run.objects.filter(pk=change.run_id or 0).first()
    if run is None:
        return None, _("还没有试算影响。")
    if run.state != Run.State.DONE:
        return run, _("试算还没有完成。")
    if tuple(run.packages) != packages_after(change):
        return run, _("试算之后在用的依据又有变化，请重新试算。")
    return run, ""


def approve(actor: Actor, pk: int, version: int, effective_on: date, answer: str, today: date) -> Change:
    """Bring a change into use on a day, today or later; only by another person than who proposed it.

    Raises:
        ChangeRefusedError: the same person, decided meanwhile, no rehearsal, a day gone by, or facts that do not load.
    """
    change = _to_decide(actor, pk, version)
    if effective_on < today:
        raise ChangeRefusedError(_("生效日不能早于今天：以前的筛查已按当时的依据保存。"))
    _run, lacking = preview(change)
    if lacking and Site.objects.filter(active=True).exists():
        raise ChangeRefusedError(_("%(lacking)s审核前请先试算，看清会影响哪些企业和设备。") % {"lacking": lacking})
    _decide(actor, change, Change.State.PLANNED, answer, effective_on)
    record(actor, "standards.approved", change, after={"effective_on": effective_on.isoformat()}, reason=change.answer)
    if effective_on <= today:
        carry_out(actor, change)
    else:
        to = [one for one in _holders(MANAGE) if one.user_id == change.proposer_id]
        text = _("自 %(day)s 起生效。") % {"day": effective_on.isoformat()}
        _tell(actor, to, change, _("依据变更已通过审核：%(what)s"), text, "approved")
    return change


def refuse(actor: Actor, pk: int, version: int, answer: str) -> Change:
    """Turn a change down, with the reason; only by another person than who proposed it."""
    change = _to_decide(actor, pk, version)
    _decide(actor, change, Change.State.REFUSED, answer, None)
    record(actor, "standards.refused", change, reason=change.answer)
    to = [one for one in _holders(MANAGE) if one.user_id == change.proposer_id]
    _tell(actor, to, change, _("依据变更未通过审核：%(what)s"), change.answer, "refused")
    return change


def withdraw(actor: Actor, pk: int, version: int, reason: str) -> Change:
    """Take back what is not in use yet: one's own proposal, or any approved one before its day."""
    actor.require(MANAGE)
    change = _locked(pk)
    own = actor.user is not None and change.proposer_id == actor.user.pk
    if change.version != version or change.state not in OPEN:
        raise ChangeRefusedError(_("这项变更的状态刚才变了，请刷新后再看。"))
    if change.state == Change.State.PROPOSED and not own:
        raise ChangeRefusedError(_("别人的申请请审核，不能撤回。"))
    _decide(actor, change, Change.State.WITHDRAWN, reason, None)
    record(actor, "standards.withdrawn", change, reason=reason)
    return change


def carry_out(actor: Actor, change: Change) -> ReferenceSet:
    """Bring an approved change into use, now; every process judges by it from the next look on.

    Raises:
        ChangeRefusedError: the facts do not go together any more (a release or the city's own data changed).
    """
    wanted = packages_after(change)
    try:
        held = sets.hash_with(wanted)
    except (DatasetError, OSError) as error:
        raise ChangeRefusedError(
            _("与现有依据放在一起不能装载，没有启用：%(error)s") % {"error": str(error).splitlines()[0]}
        ) from error
    made = sets.append(held, wanted, change.kind, change.decided_by or _name(actor), change)
    change.state = Change.State.DONE
    change.save(update_fields=["state"])
    record(actor, "standards.activated", change, after={"set": held, "packages": list(wanted)})
    title = _("依据已更新：%(what)s")
    text = _("请对所辖厂区重新筛查；没有重新筛查的，现行结论仍按原依据。")
    _tell(actor, _holders(screening.RUN, departments=True), change, title, text, "done")
    transaction.on_commit(sets.settle)
    return made


def give_up(actor: Actor, pk: int, why: str) -> None:
    """Put aside an approved change that cannot come into use on its day, and tell those who can mend it."""
    change = _locked(pk)
    change.state, change.answer, change.version = Change.State.REFUSED, why[:200], change.version + 1
    change.save(update_fields=["state", "answer", "version"])
    record(actor, "standards.refused", change, reason=change.answer)
    _tell(actor, _holders(MANAGE), change, _("依据没有按日启用：%(what)s"), why, "failed")


def _to_decide(actor: Actor, pk: int, version: int) -> Change:
    actor.require(MANAGE)
    change = _locked(pk)
    if actor.user is None or change.proposer_id == actor.user.pk:
        raise ChangeRefusedError(_("申请人不能审核自己的申请，请由另一名标准管理员审核。"))
    if change.version != version or change.state != Change.State.PROPOSED:
        raise ChangeRefusedError(_("这项变更的状态刚才变了，请刷新后再看。"))
    return change


def _locked(pk: int) -> Change:
    found = Change.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _decide(actor: Actor, change: Change, state: str, answer: str, effective_on: date | None) -> None:
    change.state, change.answer, change.effective_on = state, answer[:200], effective_on
    change.decided_at, change.decided_by = timezone.now(), _name(actor)
    change.version += 1
    change.save(update_fields=["state", "answer", "effective_on", "decided_at", "decided_by", "version"])


def _name(actor: Actor) -> str:
    """Return who acts as the other person reads it: name and office."""
    office = f"（{actor.organisation}）" if actor.organisation else ""
    return f"{actor.user or actor.label}{office}"[:150]


def _holders(capability: str, *, departments: bool = False) -> list[Membership]:
    """Return the posts that hold a capability; ``departments`` leaves enterprises out."""
    keys = [
        key
        for key, role in roles().items()
        if capability in role.capabilities and not (departments and "legal_person" in role.org_kinds)
    ]
    with transaction.atomic(), use_scope(OUTBOX):
        return list(Membership.objects.filter(role_key__in=keys, active=True).select_related("user", "organisation"))


def _tell(actor: Actor, to: list[Membership], change: Change, title: str, text: str, what: str) -> None:
    if to:
        send(
            actor,
            to=to,
            kind="standards",
            title=title % {"what": str(change)[:120]},
            text=text,
            url=reverse("standards:change", args=[change.pk]),
            key=f"standards:{change.pk}:{what}",
        )

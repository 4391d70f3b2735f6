"""Objections of enterprises to findings: filing, and every step until the answer (right to reply)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.audit.services import record
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.services import VIEW
from jigai.platform.registers.workdays import due
from jigai.platform.replies import photos, telling
from jigai.platform.replies.data import FLOW, OPEN, period, words
from jigai.platform.replies.models import Objection, ObjectionStep
from jigai.platform.replies.windows import CONTESTABLE, window_of
from jigai.platform.screening.models import Finding
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step

FILE: Final = "reply.file"
DECIDE: Final = "reply.decide"
FROZEN: Final = (
    *("check_name", "outcome", "mandatory", "basis", "rule_id", "document", "clause", "certainty", "metric", "value"),
    *("limit", "unit", "missing", "deadline", "reason_zh", "reason_en", "dataset"),
)
"""What of a finding is kept with an objection, as it stood."""


def finding_of(actor: Actor, device: int, check: str, rule_id: str) -> Finding:
    """Return the finding in force to object to; ``Http404`` where there is none in scope that can be contested."""
    actor.require(VIEW)
    found = Finding.objects.select_related("device", "device__site", "run").filter(
        device=device, check_name=check, rule_id=rule_id, outcome__in=CONTESTABLE, device__gone_at__isnull=True
    )
    finding = found.order_by("pk").first()
    if finding is None:
        raise Http404
    return finding


def frozen(finding: Finding) -> dict[str, Any]:
    """Return a finding as it stands, to be kept."""
    return {name: getattr(finding, name) for name in FROZEN}


def file(
    actor: Actor,
    finding: Finding,
    reason: str,
    said: str,
    corrected: Mapping[str, Any],
    proofs: Sequence[int],
    today: date,
) -> Objection:
    """File an objection of the enterprise to a finding, which is frozen as it stands now.

    Args:
        actor: who objects, for the enterprise the device belongs to.
        finding: what is contested; from ``finding_of``.
        reason: a key of ``reasons.csv``.
        said: why, in words.
        corrected: attribute → the right value, where the reason is about values.
        proofs: numbers of photos of this device.
        today: the day in China. After the window it is taken all the same, marked late.

    Raises:
        PermissionDenied: somebody else's device.
        ValidationError: something is missing, or an objection to this finding is open already.
    """
    actor.require(FILE)
    device = Device.objects.select_for_update(of=("self",)).get(pk=finding.device_id)
    if actor.organisation is None or actor.organisation.pk != device.org_id:
        raise PermissionDenied(FILE)
    same = {"device": device, "check_name": finding.check_name, "rule_id": finding.rule_id}
    if Objection.objects.filter(**same, state__in=OPEN).exists():
        raise ValidationError(_("这条判定已有一件异议在办理，请在那一件里补充。"))
    known = DeviceState.objects.get(device=device, superseded_at__isnull=True).values
    values = _checked(known, reason, said, corrected, photos.own(device, proofs))
    window = window_of(finding, today)
    taken = FLOW.steps["file_late" if window.over else "file"]
    made = Objection.objects.create(
        device=device,
        run_id=finding.run_id,
        outcome=finding.outcome,
        finding=frozen(finding),
        verdict_before=device.verdict,
        reason=reason,
        words=said.strip(),
        corrected=values,
        held={name: known[name] for name in values if known.get(name) is not None},
        photos=photos.own(device, proofs),
        told_on=window.told_on,
        due=window.due,
        late=window.over,
        state=taken.target,
        answer_due=due(today, *period("answer")).day,
        filed_at=timezone.now(),
        filed_by=actor.label[:150],
        **{name: value for name, value in same.items() if name != "device"},
        **device.scope_columns(),
    )
    photos.hold(device)
    write(actor, made, taken, said, photos=made.photos)
    record(actor, f"objection.{taken.key}", made, after={"reason": reason, "values": values}, reason=said)
    telling.filed(actor, made)
    return made


def _checked(
    known: Mapping[str, Any], reason: str, said: str, corrected: Mapping[str, Any], proofs: Sequence[int]
) -> dict[str, Any]:
    """Return the corrected values that differ from what is held; refuse what would leave the officer guessing."""
    row = words("reasons").get(reason)
    faults: dict[str, str] = {}
    if row is None:
        raise ValidationError({"reason": _("请选择理由。")})
    if not said.strip():
        faults["words"] = _("请写明情况，例如：铭牌为 YE3-132M-4，台账填成 Y132M-4。")
    unknown = set(corrected) - set(attribute_dtypes())
    values = {name: value for name, value in corrected.items() if value is not None and value != known.get(name)}
    if unknown:
        faults["words"] = _("没有这些参数：%(names)s。") % {"names": "、".join(sorted(unknown))}
    if row.row["effect"] == "values" and not values:
        faults["reason"] = _("请在下面写出正确的数值；与台账相同的不用填。")
    if row.row["photo"] and not proofs:
        faults["photos"] = _("请附照片：铭牌要看得清型号和参数。")
    if faults:
        raise ValidationError(faults)
    return values if row.row["effect"] == "values" else {}


def get(actor: Actor, pk: int, *, lock: bool = False) -> Objection:
    """Return an objection in scope; ``Http404`` for anything else."""
    actor.require(VIEW)
    rows = Objection.objects.select_related("device", "device__site", "run", "run_after")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_steps(actor: Actor, one: Objection) -> list[Step]:
    """Return the steps ``actor`` can take now, in order."""
    return [each for each in FLOW.steps_from(actor, one.state) if not why_not(actor, one, each)]


def why_not(actor: Actor, one: Objection, taken: Step) -> str:
    """Return why ``actor`` may not take a step with this objection, in words; empty where nothing is in the way."""
    own = actor.organisation is not None and actor.organisation.pk == one.org_id
    if taken.capability == FILE:
        return "" if own else _("只有提出异议的企业能办这一步。")
    if own:
        return _("不能答复本单位的异议。")
    if actor.user is not None and one.steps.filter(user=actor.user, step__in=_of_enterprise()).exists():
        return _("提出异议的人不能自己答复，请换人办理。")
    if one.level == "county" and not actor.scope.managers:
        return _("还在县区答复期限内，由管理主体答复；%(day)s 后未答复的转市级。") % {"day": one.answer_due.isoformat()}
    return ""


def _of_enterprise() -> list[str]:
    return [one.key for one in FLOW.steps.values() if one.capability == FILE]


def take(
    actor: Actor, pk: int, key: str, said: str, *, proofs: Sequence[int] = (), version: int | None = None
) -> Objection:
    """Take a step that changes nothing but the objection itself: admit, refuse, reject, ask, supply, withdraw.

    Raises:
        ValidationError: it is in another state by now, the words are missing, or the step is not this person's.
    """
    one, taken = begin(actor, pk, key, said, version)
    if taken.key == "supply":
        one.photos = photos.own(one.device, [*one.photos, *proofs])
    finish(actor, one, taken, said)
    return one


def begin(actor: Actor, pk: int, key: str, said: str, version: int | None) -> tuple[Objection, Step]:
    """Return the objection, locked, and the step, when it may be taken now by this person with these words."""
    taken = FLOW.steps[key]
    actor.require(taken.capability)
    one = get(actor, pk, lock=True)
    if one.state not in taken.sources or (version is not None and version != one.version):
        told = {"state": FLOW.states[one.state].label, "step": taken.label}
        raise ValidationError(_("这件异议现在是“%(state)s”，可能有人刚刚办理，请刷新后再%(step)s。") % told)
    if refused := why_not(actor, one, taken):
        raise ValidationError(refused)
    if taken.required and not said.strip():
        raise ValidationError({"words": _("请写明理由，企业会看到这段文字。")})
    return one, taken


def finish(actor: Actor, one: Objection, taken: Step, said: str, changed: Mapping[str, Any] | None = None) -> None:
    """Write a step down, move the objection on, and tell those who wait for it."""
    before = one.state
    one.state = taken.after(one.state)
    if taken.capability == DECIDE and one.state not in OPEN:
        one.decided_at, one.decided_by = timezone.now(), actor.label[:150]
    one.version += 1
    one.save()
    write(actor, one, taken, said, photos=one.photos if taken.yes("photos") else [], changed=changed or {})
    after = {"state": one.state, **({"values": dict(changed)} if changed else {})}
    record(actor, f"objection.{taken.key}", one, before={"state": before}, after=after, reason=said)
    telling.moved(actor, one, taken, said)


def write(
    actor: Actor, one: Objection, taken: Step, said: str, *, photos: Sequence[int] = (), changed: Mapping[str, Any] = {}
) -> ObjectionStep:
    """Append a step to the record of an objection."""
    return ObjectionStep.objects.create(
        objection=one,
        step=taken.key,
        state=taken.after(one.state),
        words=said.strip(),
        photos=list(photos),
        changed=dict(changed),
        user=actor.user,
        recorded_at=timezone.now(),
        recorded_by=actor.label[:150],
        organisation=str(actor.organisation or "")[:120],
        **one.scope_columns(),
    )


def open_of(devices: Iterable[int]) -> set[int]:
    """Return those of ``devices`` a reply is open on: nothing may be ordered on them meanwhile (D26)."""
    rows = Objection.objects.filter(device__in=list(devices), state__in=OPEN)
    return set(rows.values_list("device_id", flat=True))

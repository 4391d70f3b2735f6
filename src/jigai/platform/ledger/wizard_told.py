"""What came of a ledger that was taken in, and what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.imports.models import Upload
from jigai.platform.imports.subjects import NextStep
from jigai.platform.ledger.answered import DISOWNED, disowned_url
from jigai.platform.ledger.models import Device, OpenLine
from jigai.platform.ledger.words import attribute_word, choices, tone
from jigai.platform.screening.models import Finding, Run
from jigai.platform.walls.actor import Actor

_ASKED: Final = 4
"""Attributes that are named among those missing most."""


def told(actor: Actor, upload: Upload) -> Mapping[str, Any]:
    """Return what came of taking a ledger in: lists by what happened, how far the screening is, what to do first."""
    run = Run.objects.filter(pk=upload.result.get("run") or 0).first()
    lists = [
        (word, upload.result.get(what, 0), _list(upload, what))
        for what, word in (("new", _("新增")), ("changed", _("更新")), ("silent", _("未再上报")))
    ]
    waiting = run is not None and run.state != Run.State.DONE
    devices = Device.objects.filter(site=upload.site_id, gone_at__isnull=True)
    disowned = upload.result.get(DISOWNED, 0)
    return {
        "lists": lists,
        "same": upload.result.get("same", 0),
        "asked": upload.result.get("asked", 0),
        "not_ours": disowned,
        "disowned": disowned_url(upload.site) if disowned and upload.site else "",
        "run": run,
        "waiting": waiting,
        "verdicts": [] if waiting else _verdicts(upload, devices),
        "steps": _steps(actor, upload, devices, waiting=waiting),
    }


def _list(upload: Upload, what: str) -> str:
    return f"{reverse('ledger:list')}?upload={upload.pk}.{what}"


def _verdicts(upload: Upload, devices: QuerySet[Device]) -> list[tuple[str, str, int, str]]:
    """Return the machines of the site by verdict: state and word of the badge, how many, and where they are listed."""
    rows = devices.exclude(verdict="").values("verdict").annotate(machines=_machines())
    machines = {one["verdict"]: one["machines"] for one in rows}
    return [
        (tone("verdict", key), said, machines[key], f"{_list(upload, 'site')}&verdict={key}")
        for key, said in choices("verdict")
        if key in machines
    ]


def _machines() -> Sum:
    return Sum(Coalesce("quantity", 1))


def _steps(actor: Actor, upload: Upload, devices: QuerySet[Device], *, waiting: bool) -> list[NextStep]:
    """Return what to do, the most pressing first; what the screening tells only when it is over."""
    steps = [] if waiting else [*_must(upload, devices)]
    claims = OpenLine.objects.filter(site=upload.site_id, settled_at__isnull=True).count()
    if claims:
        text = _("认领 %d 行：分不清是哪一台设备的，请您指认。")
        whose = upload.site.legal_person_id if upload.site else ""
        steps.append(NextStep(text % claims, f"{reverse('ledger:claims')}?state=open&enterprise={whose}"))
    if not waiting:
        steps += _asks(upload, devices)
    silent = devices.filter(silent_since__isnull=False).count()
    if silent:
        text = _("说明 %d 台没再上报的设备：已拆除、移走还是仍在。")
        steps.append(NextStep(text % silent, f"{_list(upload, 'site')}&problem=silent"))
    if not steps and not waiting:
        steps.append(NextStep(_("没有要马上办的。看设备清单，核对判定和依据。"), _list(upload, "site")))
    return steps


def _must(upload: Upload, devices: QuerySet[Device]) -> list[NextStep]:
    """Return the step about devices that must be replaced: how many are overdue, and the next day by which."""
    must = devices.filter(verdict="must_replace")
    machines = must.aggregate(n=_machines())["n"] or 0
    if not machines:
        return []
    today = timezone.localdate().isoformat()
    adverse = Finding.objects.filter(site=upload.site_id, outcome="eliminate").exclude(deadline="")
    told = adverse.filter(device__verdict="must_replace").values_list("device", "deadline", "device__quantity")
    days: dict[int, str] = {}
    counts: dict[int, int] = {}
    for device, day, quantity in told.iterator():
        days[device] = min(day, days.get(device, day))
        counts[device] = quantity or 1
    late = sum(counts[device] for device, day in days.items() if day < today)
    coming = min((day for day in days.values() if day >= today), default="")
    text = _("先看 %(n)d 台必须淘汰的设备") % {"n": machines}
    if late:
        text += _("，其中 %(n)d 台期限已过") % {"n": late}
    if coming:
        text += _("，最近的期限是 %(day)s") % {"day": coming}
    return [NextStep(text, f"{_list(upload, 'site')}&verdict=must_replace")]


def _asks(upload: Upload, devices: QuerySet[Device]) -> list[NextStep]:
    """Return the step about what must be asked on site: the attributes that leave most devices undecided."""
    rows = devices.filter(verdict="needs_data").values_list("missing", Coalesce("quantity", 1))
    wanted: Counter[str] = Counter()
    machines = 0
    for missing, quantity in rows:
        machines += quantity
        wanted.update(dict.fromkeys(filter(None, missing.split(";")), quantity))
    if not machines:
        return []
    named = "、".join(f"{attribute_word(name)} {count}" for name, count in wanted.most_common(_ASKED))
    text = _("到现场看铭牌补 %(n)d 台缺的参数：%(what)s。") % {"n": machines, "what": named}
    return [NextStep(text, f"{_list(upload, 'site')}&verdict=needs_data")]

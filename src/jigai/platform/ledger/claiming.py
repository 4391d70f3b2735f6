"""Lines of which a person says which device they are (待认领台账行, D9): this one, a new one, or not ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.acts import ActRefusedError, Said, add_all, begin, end, restate_all, silence_of
from jigai.platform.ledger.answered import DISOWNED
from jigai.platform.ledger.models import Act, Device, OpenLine
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import attribute_word, with_unit
from jigai.platform.walls.actor import Actor


@dataclass(frozen=True)
class Beside:
    """One attribute of a line beside the same of a candidate; ``same`` is None where one side says nothing."""

    label: str
    line: str
    device: str
    same: bool | None


def open_lines() -> QuerySet[OpenLine]:
    """Return the lines of one's scope that wait for an answer, in the order they came."""
    return OpenLine.objects.filter(settled_at=None).select_related("site")


def get_line(actor: Actor, pk: int) -> OpenLine:
    """Return a line in scope; ``Http404`` for anything else."""
    actor.require(CAPABILITY)
    line = OpenLine.objects.select_related("site", "act", "settled").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def candidates(line: OpenLine) -> list[Device]:
    """Return the devices a line may be that are still there; the one most alike comes first."""
    found = Device.objects.filter(pk__in=line.candidates, gone_at=None).select_related("site")
    return sorted(found, key=lambda one: (-sum(row.same is True for row in beside(line, one)), one.pk))


def beside(line: OpenLine, device: Device) -> list[Beside]:
    """Lay a line beside a device: what differs first, then what agrees, then what one side alone says."""
    known = said_of(device)
    rows = []
    for name in dict.fromkeys([*line.values, *known]):
        new, old = line.values.get(name), known.get(name)
        same = None if new is None or old is None else _plain(new) == _plain(old)
        rows.append(Beside(attribute_word(name), _shown(name, new), _shown(name, old), same))
    return sorted(rows, key=lambda row: (False, True, None).index(row.same))


def said_of(device: Device) -> dict[str, Any]:
    """Return what the state in force says of a device."""
    state = device.states.filter(superseded_at=None).first()
    return dict(state.values) if state else {}


def _shown(name: str, value: Any) -> str:
    return "—" if value is None else with_unit(name, value)


def _plain(value: Any) -> str:
    return "".join(str(float(value) if isinstance(value, int) else value).split()).upper()


def claim(actor: Actor, answers: Mapping[int, int]) -> list[Act]:
    """Say which device each line is (line → device); its values are what holds of the device from now on.

    Raises:
        Http404: a line or device is not in scope.
        ActRefusedError: a line is answered already, a device is none of its candidates, or given to two lines.
    """
    if len(set(answers.values())) != len(answers):
        raise ActRefusedError(_("两行选了同一台设备。请分别核对。"))
    made = []
    for site, lines in _open(actor, answers):
        wanted = [answers[one.pk] for one in lines]
        known = Device.objects.select_for_update(of=("self",)).in_bulk(wanted)
        for line in lines:
            device = known.get(answers[line.pk])
            if device is None or device.pk not in line.candidates or device.gone_at or device.site_id != site.pk:
                raise ActRefusedError(_("“%(line)s”选的设备已不在候选之中，请重新核对。") % {"line": line})
        act = begin(actor, "claim", site, _why(lines), silence_of(known.values()))
        said = [_said(one, answers[one.pk]) for one in lines]
        made.append(_settle(actor, act, lines, restate_all(actor, act, site, said, "upload", "")))
    return made


def claim_as_new(actor: Actor, numbers: Iterable[int]) -> list[Act]:
    """Say that each line is a machine of its own that was not in the ledger before.

    Raises:
        Http404: a line is not in scope.
        ActRefusedError: a line is answered already.
    """
    made = []
    for site, lines in _open(actor, numbers):
        act = begin(actor, "new", site, _why(lines))
        devices = add_all(actor, act, site, [_said(one) for one in lines], "upload", "")
        made.append(_settle(actor, act, lines, devices))
    return made


def only_candidates(lines: Iterable[OpenLine]) -> dict[int, int]:
    """Return the device of each line that has but one candidate still there (line → device).

    Raises:
        ActRefusedError: a line has none or several; those are looked at one by one.
    """
    found = {}
    for line in lines:
        offered = candidates(line)
        if len(offered) != 1:
            text = _("“%(line)s”的候选不是唯一一台，请点开逐行认领。")
            raise ActRefusedError(text % {"line": line})
        found[line.pk] = offered[0].pk
    return found


def disown(actor: Actor, numbers: Iterable[int], reason: str) -> list[Act]:
    """Say that lines are no devices of the site: they stay readable, and the same lines are not asked about again.

    Raises:
        Http404: a line is not in scope.
        ActRefusedError: no reason is given, or a line is answered already.
    """
    if not reason.strip():
        raise ActRefusedError(_("请写明为什么不是本厂的设备。"))
    return [_settle(actor, begin(actor, DISOWNED, site, reason), lines, []) for site, lines in _open(actor, numbers)]


def _open(actor: Actor, numbers: Iterable[int]) -> list[tuple[Site, list[OpenLine]]]:
    """Return lines, locked, under their sites."""
    actor.require(CAPABILITY)
    wanted = sorted(set(numbers))
    lines = list(OpenLine.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if not lines or len(lines) != len(wanted):
        raise Http404
    if any(one.settled_at for one in lines):
        raise ActRefusedError(_("有的行刚才已经认领过，已为您刷新。"))
    sites = Site.objects.in_bulk({one.site_id for one in lines})
    return [(sites[number], [one for one in lines if one.site_id == number]) for number in sorted(sites)]


def _said(line: OpenLine, device: int | None = None) -> Said:
    cells = ";".join(f"{name}={cell}" for name, cell in line.cells.items())
    source = {name: getattr(line, name) for name in ("row_id", "source_file", "sheet", "row")} | {"cells": cells}
    return Said(line.values, source, device)


def _why(lines: list[OpenLine]) -> str:
    return _("认领台账行：%(lines)s") % {"lines": "、".join(str(one) for one in lines[:3])}


def _settle(actor: Actor, act: Act, lines: list[OpenLine], devices: list[Device]) -> Act:
    for place, line in enumerate(lines):
        line.settled = devices[place] if devices else None
        line.settled_at, line.settled_by, line.act = timezone.now(), actor.label[:150], act
    OpenLine.objects.bulk_update(lines, ["settled", "settled_at", "settled_by", "act"], batch_size=200)
    return end(actor, act, devices, lines=[str(one) for one in lines])

"""The list of what must go (应淘汰清单): what runs in force found, and what became of it, machine by machine (D1, D10).

Nothing here is typed by hand. A run that comes into force adds and withdraws; what people say of devices closes,
carries over and takes back. A ledger that merely says 已拆除 closes nothing: that takes the disposal record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Act, Device
from jigai.platform.screening.models import ObsoleteStep, Run

MUST_GO: Final = "must_replace"
DISMANTLED: Final = "已拆除"
PROOF: Final = 200
BATCH: Final = 2_000


@dataclass(frozen=True)
class Standing:
    """What stands of a device on the list: machines found, closed, withdrawn, and which run first found them when."""

    found: int = 0
    closed: int = 0
    withdrawn: int = 0
    run: int | None = None
    found_on: date | None = None

    @property
    def open(self) -> int:
        """Machines that still must go."""
        return self.found - self.closed - self.withdrawn


def standing(steps: QuerySet[ObsoleteStep]) -> dict[int, Standing]:
    """Return what the steps of each device add up to."""
    came = Q(found__gt=0)
    summed = (
        steps.order_by()
        .values_list("device")
        .annotate(
            *(Sum(name) for name in ("found", "closed", "withdrawn")),
            first_run=Min("run", filter=came),
            first_day=Min("found_on", filter=came),
        )
    )
    return {device: Standing(*numbers) for device, *numbers in summed}


def of_devices(devices: Iterable[int]) -> dict[int, Standing]:
    """Return what stands of some devices; those never found are absent."""
    return standing(ObsoleteStep.objects.filter(device__in=list(devices)))


def follow(run: Run, site: Site, now: datetime) -> None:
    """Bring the list in line with a run that came into force at a site; in the transaction that does so.

    What the run did not judge stays as it is: devices that came after it was frozen, those that are gone, and those
    whose ledger says 已拆除, for which the disposal record is awaited.
    """
    judged = Device.objects.filter(site=site, run_id=run.pk, gone_at=None).exclude(use_state=DISMANTLED)
    must = {pk: quantity or 1 for pk, quantity in judged.filter(verdict=MUST_GO).values_list("pk", "quantity")}
    known = standing(ObsoleteStep.objects.filter(device__in=judged.values("pk")))
    today = timezone.localdate(now)
    common = {**site.scope_columns(), "run": run, "recorded_at": now, "recorded_by": run.started_by[:150]}
    made = []
    for device in sorted(must.keys() | known.keys()):
        had = known.get(device, Standing())
        more = must.get(device, 0) - had.open
        again = min(more, had.withdrawn) if more > 0 else 0
        if more > 0:
            numbers = {"found": more - again, "withdrawn": -again, "found_on": today if more > again else None}
            made.append(ObsoleteStep(device_id=device, what="found", **numbers, **common))
        elif more < 0:
            made.append(ObsoleteStep(device_id=device, what="withdrawn", withdrawn=-more, **common))
    ObsoleteStep.objects.bulk_create(made, batch_size=BATCH)


def close(by: str, devices: Sequence[Device], on: date, proof: str, act: Act | None = None) -> None:
    """Close what is open of devices that are gone, as of a day and with what proves it."""
    stood = of_devices(one.pk for one in devices)
    _write(
        by,
        act,
        [
            _step(one, "closed", closed=stood[one.pk].open, on=on, proof=proof[:PROOF])
            for one in devices
            if one.pk in stood and stood[one.pk].open > 0
        ],
    )


def withdraw(by: str, devices: Sequence[Device], reason: str, act: Act | None = None) -> None:
    """Withdraw what is open of devices that, as it turned out, are not there to be replaced."""
    stood = of_devices(one.pk for one in devices)
    _write(
        by,
        act,
        [
            _step(one, "withdrawn", withdrawn=stood[one.pk].open, proof=reason[:PROOF])
            for one in devices
            if one.pk in stood and stood[one.pk].open > 0
        ],
    )


def reopen(by: str, devices: Sequence[Device], reason: str) -> None:
    """Open again what was closed of devices that are there after all."""
    stood = of_devices(one.pk for one in devices)
    _write(
        by,
        None,
        [
            _step(one, "reopened", closed=-stood[one.pk].closed, proof=reason[:PROOF])
            for one in devices
            if one.pk in stood and stood[one.pk].closed > 0
        ],
    )


def split(by: str, act: Act, line: Device, parts: Sequence[Device]) -> None:
    """Carry a machine each over to the devices that were split off a line, as far as the line has open ones."""
    stood = of_devices([line.pk]).get(line.pk, Standing())
    taken = list(parts)[: max(stood.open, 0)]
    _write(by, act, _carried(stood, "split", line, {one.pk: 1 for one in taken}, {one.pk: one for one in taken}))


def merge(by: str, act: Act, gone: Sequence[Device], kept: Device) -> None:
    """Carry over to ``kept`` what is open of the devices that went into it; the next run counts the machines anew."""
    stood = of_devices(one.pk for one in gone)
    steps = []
    for one in gone:
        had = stood.get(one.pk, Standing())
        if had.open > 0:
            steps += _carried(had, "merge", one, {kept.pk: had.open}, {kept.pk: kept})
    _write(by, act, steps)


def taken_back(by: str, act: Act, devices: Sequence[Device]) -> None:
    """Take back what an act did to the list; what is open of devices the act had made goes with them."""
    done = list(ObsoleteStep.objects.filter(act=act).select_related("device"))
    undone = [
        _step(
            one.device, "undone", found=-one.found, closed=-one.closed, withdrawn=-one.withdrawn, run_id=one.run_id,
            found_on=one.found_on,
        )
        for one in done
    ]  # fmt: skip
    _write(by, act, undone)
    touched = {one.pk: one for one in devices} | {one.device_id: one.device for one in done}
    gone = set(Device.objects.filter(pk__in=touched, gone_at__isnull=False).values_list("pk", flat=True))
    left = []
    for pk, had in of_devices(touched).items():
        # Runs in between may have withdrawn machines that now go back to where they came from.
        if had.open < 0 or (pk in gone and had.open > 0):
            left.append(_step(touched[pk], "undone", withdrawn=had.open, proof=_("登记撤销")))
    _write(by, act, left)


def _carried(
    stood: Standing, what: str, source: Device, machines: Mapping[int, int], to: Mapping[int, Device]
) -> list[ObsoleteStep]:
    """Return the steps that carry machines from one device to others, each as they were first found."""
    if not machines:
        return []
    first = {"run_id": stood.run, "found_on": stood.found_on}
    return [
        _step(source, what, found=-sum(machines.values()), **first),
        *(_step(to[pk], what, found=number, **first) for pk, number in machines.items()),
    ]


def _step(device: Device, what: str, **numbers: Any) -> ObsoleteStep:
    return ObsoleteStep(device=device, what=what, **numbers, **device.scope_columns())


def _write(by: str, act: Act | None, steps: Sequence[ObsoleteStep]) -> None:
    now = timezone.now()
    for one in steps:
        one.act, one.recorded_at, one.recorded_by = act, now, by[:150]
    ObsoleteStep.objects.bulk_create(steps, batch_size=BATCH)

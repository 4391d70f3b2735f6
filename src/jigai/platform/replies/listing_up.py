"""Which devices of a site want a look, why, and what the plate of each must show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.ledger.models import Device
from jigai.platform.replies.data import limit, words
from jigai.platform.replies.objections import FROZEN
from jigai.platform.screening.models import Finding, Run
from jigai.reference import Reference
from jigai.screening import Look, look_for
from jigai.screening.verdict import ORDERING

HINTS: Final = ("near_end", "candidate", "listed")
"""Outcomes nobody walks to a machine for."""
FIRST: Final = ("model",)
"""Asked of every device: lists go by it."""
ASKED: Final = 12
"""Attributes asked of one device; more nobody reads off a plate."""


@dataclass(frozen=True)
class Wanted:
    """A device that wants a look: why (a key of ``whys.csv``), the sentences, the attributes to read."""

    device: int
    why: str
    looks: list[dict[str, Any]]
    asks: list[str]


def wanted(site: Site, run: Run) -> list[Wanted]:
    """Return the devices of ``site`` that want a look by the run in force, by workshop and place, as one walks."""
    devices = Device.objects.filter(site=site, gone_at__isnull=True).order_by("workshop", "location", "code", "pk")
    of_device: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in Finding.objects.filter(site=site).order_by("pk").values("device_id", *FROZEN):
        of_device[row["device_id"]].append({**row, "check": row["check_name"]})
    judge = _Looks(reference(run.as_of), run.as_of)
    found = []
    for device in devices:
        findings = of_device[device.pk]
        why = reason(device, findings)
        if why:
            found.append(judge.of(device, why, findings))
    return found[: limit("check_items")]


def reason(device: Device, findings: Sequence[Mapping[str, Any]]) -> str:
    """Return why a device wants a look, the weightiest reason; empty where none does."""
    because = {
        "must": device.verdict == "must_replace",
        "suspect": any(one["outcome"] in ("eliminate", "restricted") for one in findings)
        or any(one["outcome"] == "below_limit" and one["basis"] == "inferred" for one in findings),
        "unknown": device.verdict == "unknown_kind",
        "ask": any(one["outcome"] == "undecided" and one["check"] in ORDERING for one in findings),
    }
    return next((key for key in words("whys") if because[key]), "")


class _Looks:
    """Sentences by what they depend on: hundreds of devices share a few."""

    def __init__(self, held: Reference, as_of: date) -> None:
        self._held, self._as_of = held, as_of
        self._known: dict[tuple[Any, ...], Look | None] = {}

    def of(self, device: Device, why: str, findings: Sequence[Mapping[str, Any]]) -> Wanted:
        """Return a device with its sentences and what to read."""
        asked = (one for one in findings if one["outcome"] not in HINTS)
        looks = [look for one in asked if (look := self._look(one, device.kind)) is not None]
        asks = dict.fromkeys([*FIRST, *(name for look in looks for name in look.read)])
        said = [{"check": one.check, "zh": one.zh, "en": one.en} for one in looks]
        if why == "unknown":
            said.append({"check": "", "zh": "读出设备名称和铭牌型号，才能判断是哪种设备", "en": "read name and model"})
            asks = dict.fromkeys(["name", *asks])
        return Wanted(device.pk, why, said, list(asks)[:ASKED])

    def _look(self, finding: Mapping[str, Any], kind: str) -> Look | None:
        names = ("check", "outcome", "rule_id", "metric", "limit", "missing", "basis")
        key = (kind, *(finding[name] for name in names), (finding["value"] or 0) > (finding["limit"] or 0))
        if key not in self._known:
            self._known[key] = look_for(self._held, self._as_of, finding, kind)
        return self._known[key]


def in_words(looks: Sequence[Mapping[str, Any]], english: bool) -> list[str]:
    """Return the frozen sentences in the language of the page."""
    return [one["en" if english else "zh"] for one in looks] or [_("核对铭牌型号和参数")]

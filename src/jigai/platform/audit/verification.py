"""Check that nobody changed, deleted, inserted or reordered anything in the trail, or cut off its end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.audit.chain import FIELDS, START, hash_of, head, pending
from jigai.platform.audit.models import Event, Link
from jigai.platform.audit.numbers import number_at

GRACE: Final = timedelta(minutes=5)
"""An event older than this that is not in the chain was not written by jigai, or nothing links any more."""
AT_ONCE: Final = 1000
SHOWN: Final = 200


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold: ``kind`` is *changed, deleted, inserted, gap, broken, cut* or *hash*."""

    kind: str
    position: int
    event_number: int | None = None

    @property
    def text(self) -> str:
        """What it means, in words."""
        return {
            "changed": _("记录内容与链值不符：写入之后被改动过"),
            "deleted": _("链上有这一条，记录已不在：被删除"),
            "inserted": _("记录不在链上：不是由系统写入，或者被插入"),
            "gap": _("链序号中断：链节被删除"),
            "broken": _("与前一链节接不上：顺序被调换，或者前面的链节被改动"),
            "cut": _("链头与最后一个链节不符：末尾被截去，或者链头被改动"),
            "hash": _("链值所用的算法本机没有，无法验证"),
        }[self.kind]


@dataclass
class Verification:
    """What a verification found: how many links were checked, where the chain does not hold, and its head."""

    checked: int = 0
    found: int = 0
    breaks: list[Break] = field(default_factory=list)
    position: int = 0
    hash: str = START
    waiting: int = 0

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0


def verify(first: int = 1, last: int | None = None, progress: Callable[[int], None] | None = None) -> Verification:
    """Check the links from ``first`` to ``last`` (the head where not given) and return all that is wrong.

    Runs within the scope in force, which must see the whole trail. Reads as a stream: a chain of any length takes
    the same memory; at most 200 breaks are listed, all are counted.

    Args:
        first: position of the first link to check.
        last: position of the last; without it the end of the chain is checked too.
        progress: told how many links are checked, now and then.
    """
    top = head()
    result = Verification(position=top.position, hash=top.hash)
    for one in _links(first, top.position if last is None else last, result, progress):
        _add(result, one)
    if last is None:
        for one in _end():
            _add(result, one)
        recent = number_at(timezone.now() - GRACE)
        strange = pending().filter(number__lt=recent).order_by("number")
        for number in strange.values_list("number", flat=True).iterator(AT_ONCE):
            _add(result, Break("inserted", top.position, number))
        result.waiting = pending().filter(number__gte=recent).count()
    return result


def _add(result: Verification, one: Break) -> None:
    result.found += 1
    if len(result.breaks) < SHOWN:
        result.breaks.append(one)


def _links(first: int, last: int, result: Verification, progress: Any) -> Iterator[Break]:
    before = Link.objects.filter(position=first - 1).values_list("hash", flat=True).first() if first > 1 else START
    if before is None:
        yield Break("gap", first - 1)
    expected = first
    rows = Link.objects.filter(position__range=(first, last)).order_by("position").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        numbers = [link.event_number for link in some]
        events = {event["number"]: event for event in Event.objects.filter(number__in=numbers).values(*FIELDS)}
        for link in some:
            if link.position != expected:
                yield Break("gap", expected)
            elif before is not None and link.previous_hash != before:
                yield Break("broken", link.position, link.event_number)
            event = events.get(link.event_number)
            if event is None:
                yield Break("deleted", link.position, link.event_number)
            elif problem := _problem(event, link):
                yield Break(problem, link.position, link.event_number)
            before, expected = link.hash, link.position + 1
            result.checked += 1
        if progress:
            progress(result.checked)
    if expected <= last:
        yield Break("gap", expected)


def _problem(event: dict[str, Any], link: Link) -> str:
    name = link.hash.partition(":")[0]
    if name not in {"sm3", "sha256"} or name not in hashlib.algorithms_available:
        return "hash"
    return "" if hash_of(event, link.position, link.previous_hash, name) == link.hash else "changed"


def _end() -> Iterator[Break]:
    # In this order: links made meanwhile (SQLite reads no snapshot) must not look like a cut.
    last = Link.objects.order_by("-position").values_list("position", flat=True).first() or 0
    top = head()
    at_head = Link.objects.filter(position=top.position).values_list("hash", flat=True).first() or START
    if last > top.position or at_head != top.hash:
        yield Break("cut", top.position)

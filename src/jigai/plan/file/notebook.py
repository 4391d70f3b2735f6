"""What the reader writes down on its way through a plan file: faults, keys in use, what is to be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

import yaml

from jigai.plan.file.faults import MOST, PlanError, PlanFault
from jigai.plan.file.moment import Moment
from jigai.plan.file.schema import Field
from jigai.plan.file.tree import UNPRINTABLE, line_of

_SHOWN: Final = 60
"""How much of a value a message repeats [characters]."""


class Misfit(Exception):  # noqa: N818 - never leaves the reader
    """A value that is not what its field wants; ``code`` and ``values`` pick the sentence."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def shown(node: yaml.Node) -> str:
    """Return a node as a message repeats it."""
    if not isinstance(node, yaml.ScalarNode):
        return "[…]" if isinstance(node, yaml.SequenceNode) else "{…}"
    words = " ".join(UNPRINTABLE.sub("�", node.value).split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def listed(known: Iterable[str]) -> dict[str, str]:
    """Return the values of a sentence that says what there is."""
    names = sorted(known)[:_SHOWN]
    return {"known_zh": "、".join(names) or "（无）", "known_en": ", ".join(names) or "(none)"}


def unlike(code: str, name: str, known: Iterable[str], key: str = "value") -> Misfit:
    """Return the misfit of a name that is none of ``known``, with the nearest of them where one is near."""
    known = list(known)
    near = get_close_matches(name[:_SHOWN], known, n=1, cutoff=0.6)
    values = {key: name[:_SHOWN], **listed(known)}
    return Misfit(f"{code}_near", near=near[0], **values) if near else Misfit(code, **values)


def meaning(field: Field) -> dict[str, str]:
    """Return the values of a sentence that says what a field is for."""
    return {"meaning_zh": field.zh, "meaning_en": field.en}


class Notebook:
    """Faults so far, and what can only be judged when the whole file was read.

    ``units`` are the units indicators are shown in, by their id, as far as they are known.
    """

    def __init__(self, file: str, units: Mapping[str, str]) -> None:
        self.file = file
        self.units = units
        self.faults: list[PlanFault] = []
        self.keys: dict[str, dict[str, int]] = {}
        self._references: list[tuple[yaml.Node, str, tuple[str, ...], str]] = []
        self._times: list[tuple[yaml.Node, str, Moment]] = []

    def fault(self, node: yaml.Node, field: str, code: str, **values: str) -> None:
        """Write a fault down.

        Raises:
            PlanError: there are so many that the rest would not help.
        """
        line = line_of(node)
        self.faults.append(PlanFault(self.file, line, field, code, values))
        if len(self.faults) >= MOST:
            raise PlanError([*self.faults, PlanFault(self.file, line, "", "too_many", {"limit": str(MOST)})])

    def blank(self, node: yaml.Node, path: str, field: Field) -> None:
        """Write down that ``field`` is there but not filled in."""
        self.fault(node, path, "blank", **meaning(field))

    def misfit(self, node: yaml.Node, field: str, found: Misfit) -> None:
        """Write down that the value at ``node`` does not fit."""
        self.fault(node, field, found.code, **found.values)

    def name(self, kinds: Iterable[str], value: str, node: yaml.Node) -> None:
        """Remember that ``value`` names something of these kinds; ``Misfit`` where the name is taken."""
        for kind in kinds:
            names = self.keys.setdefault(kind, {})
            if value in names:
                raise Misfit("id_twice", value=value, other=str(names[value]))
            names[value] = line_of(node)

    def refer(self, node: yaml.Node, field: str, kinds: tuple[str, ...], value: str) -> None:
        """Remember that ``value`` must name something of one of these kinds."""
        self._references.append((node, field, kinds, value))

    def inside(self, node: yaml.Node, field: str, moment: Moment) -> None:
        """Remember a time that must lie within the period."""
        self._times.append((node, field, moment))

    def look_up(self) -> None:
        """Write down every reference to something that is not in the file."""
        for node, field, kinds, value in self._references:
            known = {name for kind in kinds for name in self.keys.get(kind, ())}
            if value not in known:
                code = "parameter_unknown" if kinds == ("parameter",) else "ref_unknown"
                found = Misfit(code, value=value[:_SHOWN], **listed(known))
                self.misfit(node, field, found if kinds == ("parameter",) else unlike(code, value, known))

    def compare_times(self, start: Moment, end: Moment) -> None:
        """Write down every time outside the period."""
        for node, field, moment in self._times:
            if not start.first <= moment.last <= end.last:
                self.fault(node, field, "outside_period", value=str(moment), start=str(start), end=str(end))

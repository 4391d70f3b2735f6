"""What single values of a plan file may be, type by type; a value that is not raises a misfit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import yaml

from jigai.plan.file.moment import Moment
from jigai.plan.file.notebook import Misfit, shown, unlike
from jigai.plan.file.schema import Field, measures, operators, wanted
from jigai.plan.file.tree import UNPRINTABLE

_TAG: Final = "tag:yaml.org,2002:"
_TEXTS: Final = frozenset(_TAG + kind for kind in ("str", "int", "float", "timestamp"))
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?")
FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "id": re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,38}[A-Za-z0-9])?"),
    "key": re.compile(r"[a-z][a-z0-9_]{0,39}"),
    "code": re.compile(r"\d{6}"),
    "hash": re.compile(r"[0-9a-f]{64}"),
    "file": re.compile(r"[^./\\:][^/\\:]*"),
    "year": re.compile(r"(199|20\d)\d|2100"),
}


def is_null(node: yaml.Node) -> bool:
    """Tell whether nothing is written at ``node``, or an empty text."""
    return node.tag == f"{_TAG}null" or (isinstance(node, yaml.ScalarNode) and not node.value.strip())


def plain(node: yaml.Node, type_: str) -> str:
    """Return the text at ``node`` exactly as written, whatever YAML takes it for; flags and collections are no text."""
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _TEXTS:
        raise wrong(node, type_)
    if found := UNPRINTABLE.search(node.value):
        raise Misfit("unprintable", sign=f"U+{ord(found[0]):04X}")
    return str(node.value).strip()


def wrong(node: yaml.Node, type_: str) -> Misfit:
    """Return the misfit of a value of another type."""
    said = wanted(type_)
    return Misfit("type_wrong", value=shown(node), wanted_zh=said["zh"], wanted_en=said["en"])


def _formed(field: Field, node: yaml.Node) -> str:
    written = plain(node, field.type)
    if not FORMS[field.type].fullmatch(written):
        raise wrong(node, field.type)
    return written


def _year(field: Field, node: yaml.Node) -> int:
    return int(_formed(field, node))


def number(node: yaml.Node) -> Decimal:
    """Return the number at ``node``, exactly; signs, units and separators make it a misfit."""
    written = plain(node, "number")
    if not _NUMBER.fullmatch(written):
        raise wrong(node, "number")
    return Decimal(written)


def _flag(_field: Field, node: yaml.Node) -> bool:
    if node.tag != f"{_TAG}bool":
        raise wrong(node, "flag")
    return str(node.value).lower() in ("true", "yes", "on")


def _date(_field: Field, node: yaml.Node) -> date:
    try:
        moment = Moment.read(plain(node, "date"))
    except ValueError:
        raise wrong(node, "date") from None
    if moment.day is None:
        raise wrong(node, "date")
    return moment.first


def _moment(_field: Field, node: yaml.Node) -> Moment:
    try:
        return Moment.read(plain(node, "moment"))
    except ValueError:
        raise wrong(node, "moment") from None


def value(_field: Field, node: yaml.Node) -> Any:
    """Return the value of a parameter: a number, text, flag, a tuple of texts, or None."""
    if is_null(node):
        return None
    if isinstance(node, yaml.SequenceNode):
        return tuple(plain(item, "value") for item in node.value)
    if node.tag == f"{_TAG}bool":
        return _flag(_field, node)
    written = plain(node, "value")
    # A code like 06 is no number, although YAML takes it for one.
    is_number = node.tag in (f"{_TAG}int", f"{_TAG}float") and _NUMBER.fullmatch(written)
    return Decimal(written) if is_number else written


def _among(written: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    if written not in known:
        raise unlike("one_of", written, known)
    return written


def _operator(_field: Field, node: yaml.Node) -> str:
    return operators()[_among(plain(node, "operator"), operators())]["operator"]


SCALARS: Final[Mapping[str, Callable[[Field, yaml.Node], Any]]] = {
    **dict.fromkeys(("id", "key", "code", "hash", "file"), _formed),
    "text": lambda _, node: plain(node, "text"),
    "number": lambda _, node: number(node),
    "year": _year,
    "flag": _flag,
    "date": _date,
    "moment": _moment,
    "value": value,
    "choice": lambda field, node: _among(plain(node, "choice"), field.of),
    "operator": _operator,
    "measure": lambda _, node: _among(plain(node, "measure"), measures()),
}
"""How the text of each single-valued type becomes a value."""

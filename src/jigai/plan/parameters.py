"""What a plan leaves open: the parameters indicators are computed with, their defaults, and whether a city must say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from jigai.plan.tables import table

TYPES: Final = ("integer", "integers", "share", "amount", "flag", "text", "texts")
_LISTS: Final = {"integers": "integer", "texts": "text"}
_FLAGS: Final = {"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False}
_RANGE: Final = re.compile(r"(-?[\d.]+?)\.\.(-?[\d.]*)")


class ParameterError(ValueError):
    """Parameters that cannot be used; the text names each, what is wrong and what may be written."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: a row of ``data/parameters.csv``.

    ``type`` is integer, share (0 to 1), amount (an exact decimal), flag, text, or a list of whole numbers or texts
    (``integers``, ``texts``). ``allowed`` is ``least..most`` or the words that may be written, each between bars.
    ``ask`` marks what only the city can settle; ``why`` says (in Chinese) why the default is what it is.
    """

    key: str
    type: str
    unit: str
    default: object
    allowed: str
    zh: str
    en: str
    ask: bool
    why: str

    def read(self, given: object) -> object:
        """Return ``given`` as the indicators use it; lists are tuples, shares and amounts exact decimals.

        Raises:
            ParameterError: it is not of the type, or not among what is allowed.
        """
        single = _LISTS.get(self.type)
        if single is None:
            return self._allowed(_one(self.type, given), given)
        parts = [part for part in given.split(";") if part] if isinstance(given, str) else given
        if not isinstance(parts, Iterable) or isinstance(parts, Mapping | bytes):
            raise ParameterError(f"{given!r} 不是列表；请逐项列出")
        return tuple(self._allowed(_one(single, part), part) for part in parts)

    def _allowed(self, value: object, given: object) -> object:
        if value is None:
            raise ParameterError(f"{given!r} 不是{_KINDS[_LISTS.get(self.type, self.type)]}")
        bounds = _RANGE.fullmatch(self.allowed)
        if bounds and isinstance(value, int | Decimal):
            inside = Decimal(bounds[1]) <= value and (not bounds[2] or value <= Decimal(bounds[2]))
        else:
            inside = not self.allowed or str(value) in self.allowed.split("|")
        if not inside:
            raise ParameterError(f"{given!r} 不行；可写 {self.allowed}")
        return value


_KINDS: Final = {"integer": "整数", "share": "0 到 1 的数", "amount": "数", "flag": "是或否", "text": "文字"}


@cache
def parameters() -> dict[str, Parameter]:
    """Return every parameter by its key, in the order of the table."""
    found: dict[str, Parameter] = {}
    for row in table("parameters.csv"):
        written = {name: row[name] for name in ("key", "type", "unit", "allowed", "zh", "en", "why")}
        bare = Parameter(**written, default=None, ask=row["ask"] == "yes")
        empty = row["default"] == "" and row["type"] == "text"
        default = "" if empty else bare.read(row["default"])
        found[row["key"]] = Parameter(**written, default=default, ask=bare.ask)
    return found


def completed(given: Mapping[str, object]) -> dict[str, object]:
    """Return every parameter with its value: as given, else the default.

    Raises:
        ParameterError: naming every key that is none and every value that cannot be used.
    """
    known = parameters()
    wrong = [f"没有参数“{key}”；可用的有：{'、'.join(known)}" for key in given if key not in known]
    values: dict[str, object] = {}
    for key, one in known.items():
        try:
            values[key] = one.read(given[key]) if key in given else one.default
        except ParameterError as error:
            wrong.append(f"参数“{key}”（{one.zh}）：{error}")
    if wrong:
        raise ParameterError("\n".join(wrong))
    return values


def _one(kind: str, given: object) -> object:
    """Return one value of a type, or None when it is not of it."""
    if kind == "flag":
        return given if isinstance(given, bool) else _FLAGS.get(str(given).strip().lower())
    if isinstance(given, bool) or given is None or isinstance(given, Mapping | list | tuple):
        return None
    if kind == "text":
        return str(given).strip()
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or (kind == "integer" and number != number.to_integral_value()):
        return None
    return int(number) if kind == "integer" else number


def whole(values: Mapping[str, object], key: str) -> int:
    """Return a parameter that is a whole number."""
    value = values[key]
    assert isinstance(value, int), key
    return value


def exact(values: Mapping[str, object], key: str) -> Decimal:
    """Return a parameter that is a share or an amount."""
    value = values[key]
    assert isinstance(value, Decimal), key
    return value


def flag(values: Mapping[str, object], key: str) -> bool:
    """Return a parameter that is yes or no."""
    return values[key] is True


def word(values: Mapping[str, object], key: str) -> str:
    """Return a parameter that is a text."""
    return str(values[key])


def words(values: Mapping[str, object], key: str) -> list[str]:
    """Return a parameter that is a list of texts."""
    value = values[key]
    assert isinstance(value, tuple), key
    return [str(one) for one in value]


def wholes(values: Mapping[str, object], key: str) -> list[int]:
    """Return a parameter that is a list of whole numbers."""
    value = values[key]
    assert isinstance(value, tuple), key
    return [int(one) for one in value]

"""Read what was typed for an annual figure into its value; write a value as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from jigai.platform.enterprises.attributes import Attribute
from jigai.platform.enterprises.data import split
from jigai.platform.web.forms import read_number, tidy

YES, NO = "是", "否"

_FLAGS = {
    "是": YES,
    "有": YES,
    "1": YES,
    "true": YES,
    "yes": YES,
    "y": YES,
    "否": NO,
    "无": NO,
    "0": NO,
    "false": NO,
    "no": NO,
    "n": NO,
}


@dataclass(frozen=True)
class Value:
    """A checked value: ``text`` as stored, ``number`` in the unit of the attribute (a flag counts 1 or 0)."""

    text: str
    number: Decimal | None = None


def read_value(attribute: Attribute, typed: str) -> Value:
    """Return the value of what was typed; ``ValueError`` says what is wrong and what to write."""
    text = tidy(typed)
    if not text:
        raise ValueError(_("没有填写；确实没有的填 0。") if attribute.numeric else _("没有填写。"))
    if attribute.numeric:
        return _number(attribute, text)
    if attribute.type == "flag":
        flag = _FLAGS.get(text.lower())
        if flag is None:
            raise ValueError(_("填“是”或“否”，现为“%(text)s”。") % {"text": text})
        return Value(flag, Decimal(flag == YES))
    if attribute.type == "choice" and text not in attribute.choices:
        raise ValueError(_("填其中之一：%(choices)s。") % {"choices": "、".join(attribute.choices)})
    if attribute.type == "list":
        return _list(attribute, text)
    if len(text) > 200:
        raise ValueError(_("太长：最多 200 字，现为 %(n)s 字。") % {"n": len(text)})
    return Value(text)


def _number(attribute: Attribute, text: str) -> Value:
    bare = text.removesuffix(tidy(attribute.unit)).strip()
    try:
        number = read_number(bare)
    except ValueError:
        unit = attribute.unit or _("表中单位")
        raise ValueError(_("“%(text)s”不是数字：只填数字，单位为%(unit)s。") % {"text": text, "unit": unit}) from None
    if attribute.type == "integer" and number != number.to_integral_value():
        raise ValueError(_("这里只填整数，现为 %(n)s。") % {"n": bare})
    if attribute.minimum is not None and number < attribute.minimum:
        raise ValueError(_("不能小于 %(low)s，现为 %(n)s。") % {"low": attribute.minimum, "n": bare})
    if attribute.maximum is not None and number > attribute.maximum:
        high = f"{attribute.maximum:,f} {attribute.unit}".strip()
        raise ValueError(
            _("大得不可能（上限 %(high)s），请核对单位：这里按%(unit)s填。") % {"high": high, "unit": attribute.unit}
        )
    number = round(number, 6)
    return Value(f"{number.normalize():f}", number)


def _list(attribute: Attribute, text: str) -> Value:
    for mark in "、，,；":
        text = text.replace(mark, ";")
    chosen = split(text, ";")
    if not chosen:
        raise ValueError(_("没有填写。"))
    strange = [one for one in chosen if one not in attribute.choices]
    if strange:
        known = "、".join(attribute.choices)
        raise ValueError(
            _("没有“%(strange)s”：填 %(known)s 中的一项或几项。") % {"strange": "、".join(strange), "known": known}
        )
    return Value(";".join(one for one in attribute.choices if one in chosen))


def shown(attribute: Attribute, text: str) -> str:
    """Write a stored value for the page: thousands separators, lists with 、; nothing is a dash."""
    if text == "":
        return "—"
    if attribute.numeric:
        whole, dot, rest = text.partition(".")
        return f"{int(whole):,}{dot}{rest}"
    return text.replace(";", "、")

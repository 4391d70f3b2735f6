"""Forms about devices: what became of them, into which machines a line is split, which are one, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jigai.attributes import Attribute
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.saying import COLUMNS
from jigai.platform.ledger.words import attribute_word, language, with_unit
from jigai.platform.web.forms import Form, NumberField, YearField, dress, united

REASON: dict[str, Any] = {"max_length": 160, "widget": forms.Textarea(attrs={"rows": 2})}


class GoneForm(Form):
    """What became of devices a ledger no longer names."""

    what = forms.ChoiceField(
        label=_("去向"),
        widget=forms.RadioSelect,
        choices=[
            ("dismantled", _("已拆除")),
            ("sold", _("售予或移交外单位")),
            ("moved", _("移到本企业另一厂区")),
            ("still", _("仍在，台账漏填")),
        ],
    )
    on = forms.DateField(
        label=_("日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("拆除或移交的日期。"),
    )
    record_no = forms.CharField(
        label=_("处置记录编号"),
        required=False,
        max_length=80,
        help_text=_("已拆除必填：报废审批单、处置合同或注销单的编号。"),
    )
    buyer = forms.CharField(label=_("接收单位"), required=False, max_length=100, help_text=_("售予或移交必填。"))
    site = forms.ChoiceField(label=_("移到哪个厂区"), required=False)
    reason = forms.CharField(label=_("说明"), required=False, help_text=_("仍在必填：为什么台账里没有。"), **REASON)

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.pk), f"{one.enterprise_name} · {one.name}") for one in sites]
        if not offered:
            del self.fields["site"]
            what: Any = self.fields["what"]
            what.choices = [one for one in what.choices if one[0] != "moved"]
        else:
            self.fields["site"].choices = [("", "—"), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs to the answer."""
        said = super().clean() or {}
        if said.get("what") in ("dismantled", "sold") and not said.get("on") and "on" not in self.errors:
            self.add_error("on", _("请填日期。"))
        if said.get("what") == "moved" and not said.get("site"):
            self.add_error("site", _("请选移到哪个厂区。"))
        return said


class SplitForm(Form):
    """The own numbers of the machines that are split off a line, one a row."""

    numbers = forms.CharField(
        label=_("拆出各台的设备编号"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("一行一个，有几行就拆出几台；可改成本厂的编号。"),
    )
    reason = forms.CharField(label=_("说明"), required=False, **REASON)


class MergeForm(Form):
    """Which of several devices that are one stays, and how many machines it stands for."""

    keep = forms.ChoiceField(label=_("保留哪一台"), widget=forms.RadioSelect)
    quantity = NumberField(label=_("合并后的数量"), whole=True, lowest=1, help_text=_("确实是同一台时填 1。"))
    reason = forms.CharField(label=_("为什么是同一台"), **REASON)

    def __init__(self, *args: Any, devices: Iterable[Device], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), " · ".join(part for part in (one.identifier, one.code, str(one)) if part)) for one in devices
        ]
        united(self.fields["quantity"], _("台"))


class EditForm(Form):
    """The values of a device: who it is first, then what is usual or known, then what its kind may have."""

    def __init__(self, *args: Any, attributes: Iterable[Attribute], known: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = list(attributes)
        self._types = {one.name: one.type for one in items}
        for one in items:
            self.fields[one.name] = _field(one)
        self.fields["reason"] = forms.CharField(
            label=_("原因和依据"), help_text=_("例如：现场核对铭牌，2026-11-20。"), **REASON
        )
        for name, field in self.fields.items():
            dress(name, field)
        first = [one.name for one in items if one.role in ("identity", "quantity") or one.name in ("name", "model")]
        usual = [one.name for one in items if (one.name in known or one.name in COLUMNS) and one.name not in first]
        rest = [one.name for one in items if one.name not in {*first, *usual}]
        self.groups = [
            (_("是哪一台"), first),
            (_("主要参数"), usual),
            (_("依据"), ["reason"]),
            (_("这类设备还可以填的参数"), rest),
        ]

    def changes(self) -> dict[str, Any]:
        """Return every value as the ledger types it, None for an empty field."""
        return {name: _typed(kind, self.cleaned_data.get(name)) for name, kind in self._types.items()}


def _field(one: Attribute) -> forms.Field:
    label = one.en if language() == "en" else one.zh
    if one.type in ("number", "integer"):
        lowest = None if one.minimum is None else Decimal(str(one.minimum))
        field: forms.Field = NumberField(label=label, required=False, whole=one.type == "integer", lowest=lowest)
    elif one.type == "year":
        field = YearField(label=label, required=False)
    elif one.type == "choice":
        field = forms.ChoiceField(
            label=label, required=False, choices=[("", "—"), *((key, with_unit(one.name, key)) for key in one.choices)]
        )
    elif one.type == "flag":
        field = forms.ChoiceField(label=label, required=False, choices=[("", "—"), ("1", _("是")), ("0", _("否"))])
    else:
        field = forms.CharField(label=label, required=False, max_length=200)
    return united(field, one.unit) if one.unit and one.type != "year" else field


def _typed(kind: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if kind == "number":
        return float(value)
    return value == "1" if kind == "flag" else value


def initial(known: Mapping[str, Any], attributes: Iterable[Attribute]) -> dict[str, Any]:
    """Return what the form starts from."""
    return {one.name: _shown(known[one.name]) for one in attributes if known.get(one.name) is not None}


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:.10g}" if isinstance(value, float) else value


def compared(devices: Iterable[Device], values: Mapping[int, Mapping[str, Any]]) -> list[tuple[str, list[str], bool]]:
    """Lay devices side by side: (attribute, value of each, whether they agree); what differs comes first."""
    order = list(devices)
    rows = []
    for name in dict.fromkeys(name for one in order for name in values[one.pk]):
        told = [values[one.pk].get(name) for one in order]
        shown = [with_unit(name, value) if value is not None else "—" for value in told]
        rows.append((attribute_word(name), shown, len(set(shown)) == 1))
    return sorted(rows, key=lambda row: row[2])

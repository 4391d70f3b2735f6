"""Forms of managing units and parks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.web.forms import Form, NumberField


class UnitForm(Form):
    """A managing unit."""

    name = forms.CharField(label=_("名称"), max_length=60)
    short = forms.CharField(
        label=_("简称"), max_length=20, required=False, help_text=_("列表和图表中使用，四五个字为宜。")
    )
    place = forms.ModelChoiceField(
        Place.objects.filter(level="county"),
        label=_("对应区划"),
        required=False,
        empty_label=_("不与单个县区对应"),
        help_text=_("高新区等跨县区的管理主体不选。"),
    )
    order = NumberField(label=_("次序"), lowest=0, whole=True, help_text=_("数字小的排在前面。"))


class NewUnitForm(UnitForm):
    """A managing unit that does not exist yet: it also gets its code."""

    code = forms.RegexField(
        r"^[0-9A-Za-z-]{2,12}$",
        label=_("代码"),
        max_length=12,
        help_text=_("县区用六位区划代码，其他自定；建立后不能修改。"),
        error_messages={"invalid": _("代码只用字母、数字和短横线，2 至 12 位。")},
    )
    field_order = ("code",)


class ParkForm(Form):
    """A park."""

    name = forms.CharField(label=_("园区名称"), max_length=80)
    manager = forms.ModelChoiceField(ManagingUnit.objects.none(), label=_("管理主体"))
    place = forms.ModelChoiceField(
        Place.objects.filter(level__in=["city", "county"]), label=_("属地"), help_text=_("跨县区的选市本级。")
    )
    chemical = forms.BooleanField(label=_("化工园区"), required=False, help_text=_("化工园区要做安全风险评估。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = (self.initial or {}).get("manager")
        self.fields["manager"].queryset = ManagingUnit.objects.filter(Q(active=True) | Q(pk=held))  # type: ignore[attr-defined]

"""Forms of enterprises, sites, lines, titles and the above-scale list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises import reference
from jigai.platform.enterprises.data import keyed, rows, split
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.rules import LEAST_ENERGY, governs
from jigai.platform.enterprises.titles import title_name
from jigai.platform.places.models import ManagingUnit, Park, Place
from jigai.platform.walls.actor import Actor
from jigai.platform.web.forms import ComboField, Form, NumberField, YearField


def industry_field(**kwargs: Any) -> ComboField:
    """Return a field for an industry class (GB/T 4754): found by name, code or pinyin initials."""
    return ComboField(
        source="enterprises:industry",
        settle=lambda text: reference.settle_class(text, timezone.localdate()),
        show=lambda code: reference.class_name(code, timezone.localdate()),
        help_text=_("输入名称、代码或拼音首字母，如“钢压延”“3130”“gyy”。"),
        **{"label": _("行业小类"), "required": False, **kwargs},
    )


def counties() -> list[tuple[str, Any]]:
    """Return the counties a place may be in, as choices."""
    return [("", _("请选择")), *Place.objects.filter(level="county").values_list("code", "name")]


def managing_units(actor: Actor, now: str = "") -> list[tuple[str, Any]]:
    """Return the managing units ``actor`` may name, as choices: all of the city, or their own; ``now`` stays."""
    units = ManagingUnit.objects.filter(Q(active=True) | Q(code=now))
    if not actor.scope.everything and actor.scope.managers:
        units = units.filter(code__in=actor.scope.managers)
    return [("", _("请选择")), *((one.code, str(one)) for one in units)]


def _places_as_they_are(form: Form, actor: Actor) -> None:
    """Offer managing units and parks in use, and those the record has: what went out of use stays with it."""
    held = form.initial or {}
    form.fields["manager_code"].choices = managing_units(actor, held.get("manager_code") or "")  # type: ignore[attr-defined]
    form.fields["park"].queryset = Park.objects.filter(Q(active=True) | Q(pk=held.get("park")))  # type: ignore[attr-defined]


def _date(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False, **kwargs)


def _wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "wide"})


class EnterpriseForm(Form):
    """A legal person. What only the authorities change is left out for the enterprise itself."""

    groups = (
        (_("身份"), ("name", "credit_code", "predecessors", "status")),
        (_("归属"), ("manager_code", "place_code", "park")),
        (_("行业与登记"), ("industry_code", "registered_on", "address")),
    )
    name = forms.CharField(label=_("企业名称"), max_length=120, help_text=_("与营业执照一致。"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        help_text=_("18 位，最后一位是校验位。"),
        widget=forms.TextInput(attrs={"class": "code"}),
    )
    predecessors = forms.CharField(
        label=_("前身信用代码"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("合并、改制前的代码，一行一个；按旧代码也能找到本企业。"),
    )
    status = forms.ChoiceField(label=_("状态"), choices=())
    manager_code = forms.ChoiceField(label=_("管理主体"), choices=(), help_text=_("由谁管理和核对数据。"))
    place_code = forms.ChoiceField(label=_("属地"), choices=counties, help_text=_("在哪个县区，可与管理主体不同。"))
    park = forms.ModelChoiceField(
        Park.objects.filter(active=True), label=_("园区"), required=False, empty_label=_("不在园区")
    )
    industry_code = industry_field()
    registered_on = _date(label=_("成立日期"))
    address = forms.CharField(label=_("注册地址"), max_length=200, required=False, widget=_wide())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = (self.initial or {}).get("status")
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            choice for choice in LegalPerson.Status.choices if choice[0] in (now, "operating", "stopped", "closed")
        ]
        _places_as_they_are(self, actor)
        if not governs(actor):
            for name in ("name", "credit_code", "predecessors", "manager_code", "place_code"):
                del self.fields[name]

    def clean_predecessors(self) -> list[str]:
        """Return one code a line."""
        return [line.strip() for line in self.cleaned_data["predecessors"].splitlines() if line.strip()]


class SiteForm(Form):
    """A site: where it lies and who manages it are two questions (D13)."""

    groups = ((_("归属"), ("manager_code", "place_code", "park")),)
    name = forms.CharField(label=_("厂区名称"), max_length=120)
    address = forms.CharField(label=_("地址"), max_length=200, required=False, widget=_wide())
    industry_code = industry_field(label=_("行业小类（与企业不同时填）"))
    manager_code = forms.ChoiceField(label=_("管理主体"), choices=(), help_text=_("由谁管理和核对数据。"))
    place_code = forms.ChoiceField(label=_("属地"), choices=counties, help_text=_("厂区所在的县区。"))
    park = forms.ModelChoiceField(
        Park.objects.filter(active=True), label=_("园区"), required=False, empty_label=_("不在园区")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _places_as_they_are(self, actor)
        if not governs(actor) and kwargs.get("initial", {}).get("fixed_manager"):
            self.fields["manager_code"].disabled = True


def _units(of: str) -> list[tuple[str, Any]]:
    known = [row["unit"] for row in rows("units") if row["of"] == of]
    if of == "energy":
        known += [one.unit for one in reference.products(timezone.localdate()) if one.unit and one.unit not in known]
    return [("", _("请选择")), *((unit, unit) for unit in dict.fromkeys(known))]


class LineForm(Form):
    """A production line. Product and process come from the sector benchmarks where they are listed there."""

    groups = (
        (_("产品与工艺"), ("product", "process")),
        (_("能力与能耗"), ("capacity", "capacity_unit", "unit_energy", "unit_energy_unit")),
        (_("等级与年份"), ("environmental_grade", "commissioned", "retired")),
        (_("改造或退出"), ("planned_exit", "planned_exit_note")),
    )
    name = forms.CharField(label=_("产线名称"), max_length=120)
    product = ComboField(
        source="enterprises:products",
        label=_("产品"),
        max_length=80,
        help_text=_("重点领域的产品请从列表中选，才能判断能效标杆和基准水平；其他产品直接填写。"),
    )
    process = forms.CharField(
        label=_("工艺"), max_length=80, required=False, help_text=_("选定产品时自动带出，可以修改。")
    )
    capacity = NumberField(label=_("年产能"), required=False, lowest=0, help_text=_("有核定产能的填核定数。"))
    capacity_unit = forms.ChoiceField(label=_("产能单位"), required=False, choices=lambda: _units("capacity"))
    unit_energy = NumberField(
        label=_("单位产品能耗"),
        required=False,
        lowest=LEAST_ENERGY,
        help_text=_("最近一个完整年度的数值；回收外供多于消耗的（如转炉）填负数。"),
    )
    unit_energy_unit = forms.ChoiceField(label=_("能耗单位"), required=False, choices=lambda: _units("energy"))
    environmental_grade = forms.ChoiceField(
        label=_("环保绩效等级"),
        required=False,
        choices=lambda: [("", _("请选择")), *((row["grade"], row["zh"]) for row in rows("environmental_grades"))],
    )
    commissioned = YearField(label=_("投产年份"), required=False)
    retired = YearField(label=_("退出年份"), required=False, help_text=_("仍在生产的不填。"))
    planned_exit = _date(
        label=_("计划改造或退出日期"), help_text=_("低于能效基准水平的产线要填：哪天前改造完成或退出。")
    )
    planned_exit_note = forms.CharField(
        label=_("改造或退出安排"),
        max_length=200,
        required=False,
        widget=_wide(),
        help_text=_("方案或文件的名称、文号。"),
    )


class RetireForm(Form):
    """The year a line left production, and why."""

    year = YearField(label=_("退出年份"))
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class TitleForm(Form):
    """A title an enterprise holds."""

    kind = forms.ChoiceField(
        label=_("称号"), choices=lambda: [("", _("请选择")), *((key, title_name(key)) for key in keyed("titles"))]
    )
    level = forms.ChoiceField(
        label=_("级别"),
        choices=lambda: [
            (one, one) for one in dict.fromkeys(part for row in rows("titles") for part in split(row["levels"], "|"))
        ],
    )
    year = YearField(label=_("认定年份"))
    until = YearField(label=_("有效至"), required=False, help_text=_("最后一个有效年份；长期有效的不填。"))


class ListedForm(Form):
    """An enterprise to put on the above-scale list, found by name, credit code or pinyin initials."""

    person = ComboField(
        source="enterprises:find", label=_("企业"), help_text=_("输入名称、信用代码或拼音首字母，再从列表中选。")
    )
    reason = forms.CharField(
        label=_("列入原因"), max_length=200, required=False, help_text=_("如“新增入库”“补报”；名单定稿后必填。")
    )

    def clean_person(self) -> LegalPerson:
        """Return the enterprise that was chosen: the option carries its credit code."""
        text = str(self.cleaned_data["person"])
        code = text.split()[-1] if text else ""
        person = LegalPerson.objects.filter(credit_code=code).first()
        if person is None:
            raise ValidationError(_("没有找到“%(text)s”：请从列表中选一家企业。") % {"text": text})
        return person


class YearChoiceForm(Form):
    """The year whose list is taken over."""

    source = forms.TypedChoiceField(label=_("沿用哪一年"), coerce=int, choices=())

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]


class CommentForm(Form):
    """What is said with a step of a sheet."""

    comment = forms.CharField(label=_("意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = required
        self.fields["comment"].widget.is_required = required


def as_date(text: str) -> date | None:
    """Return the day of an address (``?on=2026-03-31``), None where there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""Forms of the task ledger: taking on, assigning, reporting, noting a milestone, adopting a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.duties import bodies, evidence
from jigai.platform.duties.data import sorts
from jigai.platform.duties.models import Body, Share
from jigai.platform.duties.progress import read_figures
from jigai.platform.web.forms import Form, NumberField, dress, united
from jigai.platform.web.workflow import Step


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.FileField):
    """Several files at once, possibly none; only what ``evidence.csv`` names."""

    def __init__(self) -> None:
        accept = ",".join(f".{ending}" for one in sorts() for ending in one.endings)
        super().__init__(
            label=_("佐证材料"),
            required=False,
            widget=_Files(attrs={"accept": accept}),
            help_text=_("可多选：文件、照片、表格；原件留存，按校验值核对。"),
        )

    def clean(self, data: Any, initial: Any = None) -> list[evidence.File]:
        """Return the files that came."""
        held = data if isinstance(data, (list, tuple)) else [data]
        found = [super(EvidenceField, self).clean(one, initial) for one in held if one]
        try:
            return evidence.given(found)
        except ValidationError as error:
            raise ValidationError(error.messages) from None


class ClaimForm(Form):
    """Whether one's own organisation leads or supports."""

    role = forms.ChoiceField(label=_("承担方式"), choices=Share.Role.choices, widget=forms.RadioSelect)


class AssignForm(Form):
    """Whom a task is given to, and how."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=_("承担单位"), queryset=Organisation.objects.none(), empty_label=_("请选择")
    )
    role = forms.ChoiceField(label=_("承担方式"), choices=Share.Role.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("依据和要求，写进通知。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bodies.offices().order_by("kind", "pk")  # type: ignore[attr-defined]


class StepForm(Form):
    """The comment of a step, required where ``steps.csv`` says so."""

    comment = forms.CharField(label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, kind: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["comment"]
        field.required = kind.required
        words = {"finish": _("完成情况"), "return": _("还要办什么"), "release": _("原因"), "refuse_claim": _("原因")}
        field.label = words.get(kind.key, _("意见"))
        dress("comment", field)


class PersonForm(Form):
    """Who looks after a task in one's own organisation."""

    person = forms.CharField(label=_("责任人"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)


class ReportForm(Form):
    """What a month brought."""

    month = forms.ChoiceField(
        label=_("月份"), error_messages={"invalid_choice": _("“%(value)s”不能报：请选从承担那个月到本月的月份。")}
    )
    percent = united(NumberField(label=_("进度"), lowest=0, whole=True, help_text=_("累计完成百分之几。")), "%")
    text = forms.CharField(
        label=_("本月进展"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("做了什么、到了哪一步、有什么困难、下月怎么办。"),
    )  # fmt: skip
    figures = forms.CharField(
        label=_("数据"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有数的每行写一项，如“改造项目：12 项”。"),
    )  # fmt: skip
    evidence = EvidenceField()
    reason = forms.CharField(
        label=_("更正原因"), max_length=200, required=False, help_text=_("这个月已经报过、要改的，写明为什么。")
    )

    def __init__(self, months: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        """Return the first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"] + "-01")

    def clean_figures(self) -> Any:
        """Return the figures; a line that is none is named."""
        try:
            return read_figures(self.cleaned_data["figures"])
        except ValidationError as error:
            raise ValidationError(error.messages) from None


class MilestoneForm(Form):
    """That a milestone was reached, when and by what; without a day it is taken back."""

    reached_on = forms.DateField(
        label=_("达到日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("登记错了的，清空日期并写明原因即可撤回。"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("哪份文件、验收或统计说明达到了。"),
    )  # fmt: skip
    evidence = EvidenceField()


class BodiesForm(Form):
    """Which organisation each department and unit of the plan is."""

    def __init__(self, held: list[Body], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = [("", _("还不知道")), *((str(one.pk), one.name) for one in bodies.offices().order_by("kind", "pk"))]
        for body in held:
            name = f"b{body.pk}"
            field = forms.ChoiceField(label=body.called, choices=offices, required=False, help_text=body.also)
            field.initial = str(body.organisation_id or "")
            self.fields[name] = field
            dress(name, field)

    def chosen(self) -> dict[int, int | None]:
        """Return the number of the organisation by that of the body."""
        return {int(name[1:]): int(value) if value else None for name, value in self.cleaned_data.items()}


class PlanForm(Form):
    """A plan file with its text."""

    plan = forms.FileField(
        label=_("方案文件"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=_("plan.yaml；写法见说明“把本市方案写成方案文件”。"),
    )  # fmt: skip
    text = forms.FileField(
        label=_("正文"),
        widget=forms.FileInput(attrs={"accept": ".txt"}),
        help_text=_("方案文件里写的正文文件，如 text.txt。"),
    )

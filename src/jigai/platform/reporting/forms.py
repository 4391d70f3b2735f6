"""Forms of this app: a form of the province, what goes into a cell, a report's start, words, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jigai.platform.reporting.data import english, kinds, options
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.freezing import Change
from jigai.platform.reporting.models import Form as ReportForm
from jigai.platform.reporting.parts import parts
from jigai.platform.reporting.periods import Reported
from jigai.platform.web.forms import Form, NumberField, tidy

XLSX = ".xlsx"


class WorkbookField(forms.FileField):
    """A workbook somebody uploads; its value is the name and the bytes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.ClearableFileInput(attrs={"accept": XLSX}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return name and bytes, or None."""
        found = super().clean(data, initial)
        return (found.name, found.read()) if found else None


class FormForm(Form):
    """A form the province asks for."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("照省里文件的叫法写全。"))
    every = forms.ChoiceField(label=_("报告期"), choices=ReportForm.Every.choices)
    issuer = forms.CharField(label=_("制表机关"), max_length=120)
    due_day = NumberField(label=_("期后几日前报出"), lowest=1, whole=True, help_text=_("例如 5：次月 5 日前报出。"))
    file = WorkbookField(label=_("空白表"), help_text=_("省里下发的 .xlsx 原件；.xls 请先另存为 .xlsx。"))

    def clean_due_day(self) -> int:
        """Return a day of a month."""
        day: int = self.cleaned_data["due_day"]
        if day > 31:
            raise ValidationError(_("请填 1 到 31。"))
        return day


class EditFormForm(FormForm):
    """Changes a form; without a new file the blank stays."""

    file = WorkbookField(label=_("换空白表"), required=False, help_text=_("省里改了表式时上传；已封存的各期不变。"))
    active = forms.BooleanField(label=_("启用"), required=False)


class BindForm(Form):
    """What goes into a cell. Only the fields of the chosen kind matter."""

    groups = (
        (_("指标数字或明细"), ("indicator", "key", "span", "part", "factor", "places", "beside", "columns", "rows")),
        (_("期间和署名"), ("field",)),
        (_("手填或固定内容"), ("number", "text")),
    )
    label = forms.CharField(label=_("叫法"), max_length=120)
    kind = forms.ChoiceField(label=_("填入"))
    indicator = forms.ChoiceField(label=_("指标"), required=False)
    key = forms.ChoiceField(label=_("谁的"), required=False)
    span = forms.ChoiceField(label=_("期间口径"), required=False)
    part = forms.ChoiceField(label=_("取哪个数"), required=False)
    factor = forms.ChoiceField(label=_("换算"), required=False)
    places = NumberField(label=_("小数位"), lowest=0, whole=True, required=False)
    beside = forms.ChoiceField(label=_("与之核对的指标"), required=False, help_text=_("如统计部门的数，差得多时提示。"))
    columns = forms.CharField(
        label=_("明细的列"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一列，列字母 = 内容，例如“A = 序号”。"),
    )
    rows = forms.ChoiceField(label=_("明细的行"), required=False)
    field = forms.ChoiceField(label=_("内容"), required=False)
    number = forms.BooleanField(label=_("只能填数字"), required=False)
    text = forms.CharField(label=_("固定内容"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.id, one.en if english() else one.zh) for one in source().indicators()]
        blank = [("", "—")]
        self._choose("kind", [(key, f"{one.label}：{one.meaning}") for key, one in kinds().items()])
        self._choose("indicator", blank + named)
        self._choose("beside", blank + named)
        self._choose("key", [("", _("全市")), *parts().items()])
        for group in ("span", "part", "factor", "field", "rows"):
            self._choose(group, [(key, one.label) for key, one in options(group).items()])

    def _choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        held = [(key, list(one.items()) if isinstance(one, Mapping) else one) for key, one in choices]
        self.fields[name].choices = held  # type: ignore[attr-defined]

    def clean_columns(self) -> list[dict[str, str]]:
        """Return the columns of a list: letter and key of ``options.csv``."""
        known = {name: key for key, one in options("column").items() for name in (key, one.row["zh"], one.row["en"])}
        found = []
        for line in self.cleaned_data["columns"].splitlines():
            if not line.strip():
                continue
            letter, _sign, name = (tidy(part) for part in tidy(line).partition("="))
            if not letter.isalpha() or not letter.isascii() or name not in known:
                said = {"line": line, "known": "、".join(one.label for one in options("column").values())}
                raise ValidationError(_("“%(line)s”看不懂。请写“列字母 = 内容”，内容可以是：%(known)s。") % said)
            found.append({"letter": letter.upper(), "field": known[name]})
        return found


def columns_text(columns: Sequence[dict[str, str]]) -> str:
    """Write the columns of a list as people enter them."""
    return "\n".join(f"{one['letter']} = {options('column')[one['field']].label}" for one in columns)


class StartForm(Form):
    """Opens the report of a period."""

    period = forms.CharField(
        label=_("期间"), max_length=7, help_text=_("月报如 2026-09，季报如 2026-Q3，年报如 2026。")
    )
    last = WorkbookField(
        label=_("上期已报的表"),
        required=False,
        help_text=_("上期没有在本平台填的，可传上期报出的表，用来比对。"),
    )


class TypeForm(Form):
    """What is typed each period."""

    text = forms.CharField(label=_("内容"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ForceForm(Form):
    """Why a figure is reported all the same, or reported empty."""

    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明为什么仍要上报或报空，随报表封存。留空为取消原先的说明。"),
    )


class ConfirmForm(Form):
    """A unit's word on its own figures."""

    agreed = forms.ChoiceField(
        label=_("意见"),
        widget=forms.RadioSelect,
        choices=[("yes", _("数字属实，确认")), ("no", _("有异议"))],
    )
    reason = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有异议的必填：哪个数不对、应为多少、依据什么。"),
    )


class StepForm(Form):
    """Words that go with a step."""

    comment = forms.CharField(label=_("意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CorrectForm(Form):
    """Why a frozen report is corrected, and why each figure is another one now."""

    reason = forms.CharField(label=_("更正原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, changes: Sequence[Change], *args: Any, **kwargs: Any) -> None:
        self.changes = changes
        super().__init__(*args, **kwargs)
        for at, one in enumerate(changes):
            label = f"{one.bound.place} {one.bound.label}"
            field = forms.CharField(label=label, max_length=200, help_text=_("这个数为什么变了"))
            field.widget.attrs["class"] = "form-control"
            self.fields[f"why{at}"] = field

    def reasons(self) -> dict[str, str]:
        """Return the reasons by place."""
        return {one.bound.place: self.cleaned_data[f"why{at}"] for at, one in enumerate(self.changes)}


class BulletinForm(Form):
    """An issue of the bulletin: of which month, with what on top, and what comes next."""

    period = forms.CharField(label=_("月份"), max_length=7, help_text=_("例如 2026-09：截至这个月末。"))
    red_head = forms.BooleanField(label=_("加红头"), required=False)
    number = forms.CharField(
        label=_("期号"), required=False, max_length=40, help_text=_("例如“第 9 期”；不编号的留空。")
    )
    office = forms.CharField(label=_("编印单位"), required=False, max_length=60)
    next_steps = forms.CharField(
        label=_("下一步工作"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一条；不写就不出这一节。"),
    )

    def clean_period(self) -> str:
        """Return the month."""
        text = tidy(self.cleaned_data["period"])
        try:
            period = Reported.read(text)
        except ValueError:
            period = None
        if period is None or period.every != "month":
            raise ValidationError(_("“%(text)s”不是月份：请写成 2026-09 这样。") % {"text": text})
        return text


class BulletinTextForm(Form):
    """The text bulletins are made of."""

    source = forms.CharField(
        label=_("文字"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 28, "class": "code", "spellcheck": "false"}),
        help_text=_("照现有写法改；写错了会指出是哪里。"),
    )

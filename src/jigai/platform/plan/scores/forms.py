"""Forms of the scorecard: why it is kept, and whom the city recommends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jigai.platform.web.forms import Form


class KeepForm(Form):
    """Why a scorecard is kept."""

    reason = forms.CharField(
        label=_("存档说明"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明用途，例如“2025 年度评价，报市政府常务会”。存档后不能修改、不能删除。"),
    )


class RecommendForm(Form):
    """Which unit is recommended for the provincial pilot, and on what grounds."""

    unit = forms.ChoiceField(label=_("县区或园区"))
    note = forms.CharField(
        label=_("推荐理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明做法和成效；名次和得分随存档一并附上，不必重抄。"),
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class TakeBackForm(Form):
    """Why a recommendation is taken back."""

    note = forms.CharField(label=_("撤销原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

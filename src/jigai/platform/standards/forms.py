"""Forms of the standards library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.web.forms import Form


class UploadForm(Form):
    """A package and why it is to be used."""

    package = forms.FileField(
        label=_("依据包"),
        help_text=_("zip：一个或几个数据集文件夹，每个含 manifest.yaml 和 CSV 表。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明发布文件的名称、文号和日期；审核人据此核对。"),
    )


class ReasonForm(Form):
    """Why a former set is to hold again, or why a proposal is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class RehearseForm(Form):
    """On which day a change is rehearsed."""

    as_of = forms.DateField(
        label=_("试算的判定日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("默认是数据集开始有效的那一天；已经有效的按今天。"),
    )


class ApproveForm(Form):
    """From which day a change holds."""

    effective_on = forms.DateField(
        label=_("生效日"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("今天：立即启用；以后的日子：到那天自动启用。"),
    )
    answer = forms.CharField(
        label=_("审核意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"effective_on": timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class RefuseForm(Form):
    """Why a change is turned down."""

    answer = forms.CharField(
        label=_("不同意的理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("申请人会收到，请写清要改什么。"),
    )

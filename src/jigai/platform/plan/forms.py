"""The form a plan is loaded with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jigai.platform.web.forms import Form


class LoadForm(Form):
    """A plan file and the text it quotes."""

    plan = forms.FileField(
        label=_("规划文件"),
        help_text=_("plan.yaml；怎样写见《怎样写本市的方案文件》。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )
    text = forms.FileField(
        label=_("规划原文"),
        required=False,
        help_text=_("规划文件中写明的文字文件（UTF-8），名称要一致，例如 text.txt。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt"}),
    )

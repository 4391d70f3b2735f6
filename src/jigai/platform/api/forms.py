"""The form that issues a token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jigai.platform.api.services import LONGEST_DAYS
from jigai.platform.api.v1.auth import CHANGING
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.capabilities import capabilities


class TokenForm(forms.Form):
    """For which system, with which capabilities, for how long."""

    name = forms.CharField(
        label=_("用途"), max_length=80, help_text=_("哪个系统、做什么用，例如“能耗在线监测平台取企业名单”。")
    )
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=LONGEST_DAYS, initial=180)
    capabilities = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        self.fields["capabilities"].choices = [  # type: ignore[attr-defined]
            (key, one.en if english else one.zh)
            for key, one in capabilities().items()
            if key in actor.capabilities and (key.endswith(".view") or key in CHANGING)
        ]
        for name in ("name", "days"):
            self.fields[name].widget.attrs["class"] = "form-control"

"""The form of a message to others."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.notices.writing import audiences
from jigai.platform.walls.actor import Actor


class MessageForm(forms.Form):
    """Whom to write to, what, and by when something is to be done."""

    audience = forms.ChoiceField(label=_("发给"))
    title = forms.CharField(label=_("标题"), max_length=100)
    text = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000)
    due = forms.DateField(
        label=_("期限（可不填）"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = [("", _("请选择")), *audiences(actor)]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "audience" else "form-control"

    def clean_due(self) -> Any:
        """Refuse a date that has passed."""
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("期限已过，请写今天或以后的日期。"))
        return due

"""Forms of photos, objections and answers; what can be put right follows from what the finding rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jigai.attributes import Attribute
from jigai.ledger.columns import attributes
from jigai.ledger.single import read_one
from jigai.platform.ledger.words import attribute_word, language, with_unit
from jigai.platform.replies.data import words
from jigai.platform.replies.models import Photo
from jigai.platform.web.forms import Form, united

PREFIX = "v_"
"""Before the names of fields that hold an attribute."""
ACCEPT = "image/jpeg,image/png"


class Pictures(forms.ClearableFileInput):
    """A control for several photos; a phone offers its camera."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files at once, possibly none."""

    widget = Pictures(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files that came."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(PicturesField, self).clean(one, initial) for one in given if one]


def item(name: str) -> Attribute:
    """Return an attribute of the ledger."""
    return next(one for one in attributes() if one.name == name)


def value_field(name: str, known: Mapping[str, Any]) -> forms.Field:
    """Return the field for one attribute: its unit, what the ledger says, a choice where the table has one."""
    one = item(name)
    now = with_unit(name, known[name]) if known.get(name) is not None else _("未填")
    more: dict[str, Any] = {
        "label": attribute_word(name),
        "required": False,
        "help_text": _("台账：%(v)s") % {"v": now},
    }
    if one.choices or one.type == "flag":
        keys = one.choices or ("true", "false")
        named = [(key, with_unit(name, key == "true" if one.type == "flag" else key)) for key in keys]
        return forms.ChoiceField(choices=[("", _("不更正")), *named], **more)
    mode = "numeric" if one.type in ("integer", "year") else "decimal" if one.type == "number" else "text"
    field = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"inputmode": mode}), **more)
    return united(field, one.unit) if one.unit and one.type != "year" else field


def read_values(given: Mapping[str, str], names: Iterable[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what was written for ``names``; return the values, and per attribute why one could not be read."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in names:
        text = given.get(name) or ""
        one = item(name)
        if one.type == "flag" and text in ("true", "false"):
            values[name] = text == "true"
        elif one.choices and text in one.choices:
            values[name] = text
        elif text.strip():
            found = read_one(text, one)
            if found.value is None:
                faults[name] = (found.zh if language() == "zh" else found.en) or str(_("这一格读不出来，请改写。"))
            else:
                values[name] = found.value
    return values, faults


class ValuesForm(Form):
    """A form with one field per attribute; ``values`` are those that were written."""

    def add_values(self, names: Sequence[str], known: Mapping[str, Any], initial: Mapping[str, Any] = {}) -> None:
        """Add the fields of attributes."""
        self.names = tuple(names)
        for name in names:
            field = self.fields[PREFIX + name] = value_field(name, known)
            css = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = css
            if initial.get(name) is not None:
                value = initial[name]
                field.initial = str(value).lower() if isinstance(value, bool) else value

    def clean(self) -> dict[str, Any]:
        """Read the attributes; what cannot be read is said at its field."""
        cleaned = super().clean() or {}
        given = {name: str(cleaned.get(PREFIX + name) or "") for name in self.names}
        cleaned["values"], faults = read_values(given, self.names)
        for name, fault in faults.items():
            self.add_error(PREFIX + name, fault)
        return cleaned


class ObjectForm(ValuesForm):
    """Object to a finding."""

    reason = forms.ChoiceField(label=_("理由"), widget=forms.RadioSelect(attrs={"class": "wide"}))
    words = forms.CharField(label=_("情况说明"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))
    photos = PicturesField(
        label=_("铭牌照片"),
        required=False,
        help_text=_("JPG 或 PNG，每张不超过 20 MB，可多张；照片原件留存，位置信息只有本企业和管理主体可见。"),
    )
    kept = forms.TypedMultipleChoiceField(
        label=_("已有照片"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, names: Sequence[str], known: Mapping[str, Any], photos: Sequence[Photo], **more: Any) -> None:
        super().__init__(**more)
        self.fields["reason"].choices = [(key, f"{one}：{one.meaning}") for key, one in words("reasons").items()]  # type: ignore[attr-defined]
        named = [(one.pk, f"{one} · {one.received_at:%Y-%m-%d}") for one in photos if one.withdrawn_at is None]
        self.fields["kept"].choices = named  # type: ignore[attr-defined]
        if not named:
            del self.fields["kept"]
        self.add_values(names, known)
        self.groups = (
            (_("为什么有异议"), ("reason", "words")),
            (_("正确的数值（只填与台账不同的）"), tuple(PREFIX + name for name in names)),
            (_("证据"), ("photos", "kept")),
        )


class StepForm(Form):
    """A step with its words: what is written is what the other side reads."""

    words = forms.CharField(label=_("书面意见"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *, photos: bool = False, **more: Any) -> None:
        super().__init__(**more)
        if photos:
            self.fields["photos"] = PicturesField(label=_("补充照片"), required=False)
            self.fields["photos"].widget.attrs["class"] = "form-control"


class UpholdForm(ValuesForm):
    """Uphold an objection: the answer, and the values that hold from now on."""

    words = forms.CharField(
        label=_("书面答复"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("企业会看到这段文字，也写入答复函。"),
    )

    def __init__(self, names: Sequence[str], known: Mapping[str, Any], asked: Mapping[str, Any], **more: Any) -> None:
        super().__init__(**more)
        self.add_values(names, known, asked)
        if names:
            self.groups = (
                (_("答复"), ("words",)),
                (_("按答复更正为（企业所填，可改；清空即不更正）"), tuple(PREFIX + name for name in names)),
            )


class WithdrawPhotoForm(Form):
    """Take a photo out of what counts."""

    reason = forms.CharField(
        label=_("撤下的原因"), max_length=200, help_text=_("例如：拍错设备、看不清。照片不删除，记录可查。")
    )


def refuse(text: str) -> ValidationError:
    """Return an error shown at the field for photos."""
    return ValidationError({"photos": text})

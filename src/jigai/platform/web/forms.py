"""Forms of all pages: one look, Chinese that says the remedy, numbers written as people write them.

A form is an ordinary Django form that inherits `Form`. A field takes ``unit`` and is drawn by ``web/_field.html``;
``groups`` puts fields under headings. `NumberField` reads ``１，234.5``, `ComboField` searches while one types.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class Form(forms.Form):
    """A form with our look. ``groups`` lists ``(heading, names of fields)``; fields in none come first."""

    template_name = "web/_form.html"
    required_css_class = "required"
    groups: Sequence[tuple[Any, Sequence[str]]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            dress(name, field)

    def arranged(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """Yield the visible fields under their headings, as the template draws them."""
        grouped = {name for _heading, names in self.groups for name in names}
        loose = [one for one in self.visible_fields() if one.name not in grouped]
        if loose:
            yield "", loose
        for heading, names in self.groups:
            found = [self[name] for name in names if name in self.fields]
            if found:
                yield heading, found

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refused, at the field where it names one of this form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def united(field: forms.Field, unit: Any) -> forms.Field:
    """Return ``field`` with the unit shown behind its label."""
    field.unit = unit  # type: ignore[attr-defined]
    return field


def dress(name: str, field: forms.Field) -> None:
    """Give a field its look and its sentence where it is empty; for fields a form adds by itself."""
    widget = field.widget
    if field.required:
        field.error_messages["required"] = _("没有填写：请填“%(label)s”。") % {"label": field.label or name}
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        css = "form-select"
    elif isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    else:
        css = "form-control"
    widget.attrs["class"] = f"{css} {widget.attrs.get('class', '')}".strip()


def tidy(text: str) -> str:
    """Return ``text`` with full-width letters and digits made narrow and outer spaces gone."""
    return unicodedata.normalize("NFKC", text).strip()


def read_number(text: str) -> Decimal:
    """Return the number a person wrote: thousands separators and full-width digits are fine.

    ``ValueError`` where it is none; the caller says what to write.
    """
    plain = tidy(text).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


class NumberField(forms.CharField):
    """A number in the unit shown; the error names what was written and what to write."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "n"})

    def __init__(self, *, lowest: Decimal | int | None = None, whole: bool = False, places: int = 4, **kwargs: Any):
        self.lowest, self.whole, self.places = lowest, whole, places
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number without trailing zeros."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return a Decimal (an int where ``whole``), or None when empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = read_number(text)
        except ValueError:
            raise ValidationError(_("“%(text)s”不是数字：只填数字，不带单位，例如 1234.5。") % {"text": text}) from None
        if self.lowest is not None and number < self.lowest:
            raise ValidationError(_("%(number)s 太小：不能小于 %(low)s。") % {"number": number, "low": self.lowest})
        if number.adjusted() > 13:
            raise ValidationError(_("%(number)s 太大：请核对单位。") % {"number": text})
        if self.whole:
            if number != number.to_integral_value():
                raise ValidationError(_("%(number)s 带小数：这里只填整数。") % {"number": text})
            return int(number)
        if -number.as_tuple().exponent > self.places:  # type: ignore[operator]
            raise ValidationError(_("小数太长：最多 %(places)s 位。") % {"places": self.places})
        return number


class YearField(NumberField):
    """A year of four digits, not before 1900."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lowest=1900, whole=True, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the year or None."""
        year = super().clean(value)
        if year is not None and year > 2100:
            raise ValidationError(_("%(year)s 不是年份：请填四位年份，例如 2024。") % {"year": year})
        return year


class Combo(forms.TextInput):
    """A text input that offers what fits while one types; works with the keyboard, and as plain text without script."""

    template_name = "web/_combo.html"

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add where the offers come from."""
        context = super().get_context(name, value, attrs)
        context["widget"]["source"] = reverse_lazy(self.source)
        return context


class ComboField(forms.CharField):
    """A value chosen from a list that is searched on the server.

    ``source`` names the view that answers ``?q=…`` with ``web/_options.html``; ``settle`` turns what was typed into
    the value (``ValueError`` with the sentence to show where nothing fits); ``show`` writes a stored value.
    """

    def __init__(
        self,
        *,
        source: str,
        settle: Callable[[str], str] | None = None,
        show: Callable[[str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=Combo(source), **kwargs)
        self.settle, self.show = settle, show

    def prepare_value(self, value: Any) -> Any:
        """Write a stored value with its name."""
        return self.show(value) if self.show and value else value

    def clean(self, value: Any) -> str:
        """Return the value that was meant."""
        text = tidy(super().clean(value))
        if not text or self.settle is None:
            return text
        try:
            return self.settle(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ReasonForm(Form):
    """Asks why, where an action needs a reason."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写入审计记录，请写清依据。"),
    )

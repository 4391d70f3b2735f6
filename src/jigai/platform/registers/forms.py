"""The form of a register, made from its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.attributes import Attribute
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.registers.checks import ImpossibleError, refuse_impossible
from jigai.platform.registers.definition import Register
from jigai.platform.registers.subjects import WHOLE_CITY, SubjectUnknownError, finder
from jigai.platform.registers.values import read_values
from jigai.platform.walls.actor import Actor
from jigai.platform.web.wording import label, word

OFFERED = 600
"""Names offered while typing; further ones are found by typing them whole."""


class EntryForm(forms.Form):
    """One entry: a field per column people fill in, read by the reader of workbooks.

    ``fixed`` columns say whom an entry is about and do not change any more.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, actor: Actor, register: Register, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.register, self.fixed = actor, register, fixed
        own = {item.name for item in register.own}
        self.items = [item for item in register.table.asked if not fixed or item.name in own]
        for item in self.items:
            self.fields[item.name] = _field(item, actor, register)
        self.fields["reason"] = forms.CharField(
            label=_("修改原因"), required=fixed, max_length=200, help_text=_("记入历史，如“按第九批名单更正”。")
        )
        if not fixed:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Read every value, and find whom a new entry is about."""
        typed: dict[str, Any] = super().clean() or {}
        values, wrong = read_values(self.register.table, {item.name: typed.get(item.name) for item in self.items})
        mine = {item.name for item in self.items}
        for name, text in wrong.items():
            if name in mine and name not in self.errors:  # said once
                self.add_error(name, text)
        self.values = values
        try:
            refuse_impossible(self.register, values)
        except ImpossibleError as error:
            self.add_error(error.column, str(error))
        if not self.fixed and not self.errors and self.register.subject != "none":
            try:
                finder(self.actor, self.register, [values])(values)
            except SubjectUnknownError as error:
                self.add_error(self.items[0].name, str(error))
        return typed


def initial(register: Register, values: Mapping[str, Any]) -> dict[str, str]:
    """Return kept values as they stand in the form."""
    return {
        item.name: str(values[item.name]) if item.choices or item.type == "date" else _typed(item, values[item.name])
        for item in register.table
        if item.name in values
    }


def _typed(item: Attribute, value: Any) -> str:
    if item.type == "flag":
        return "是" if value else "否"  # what the form offers, in whatever language it words it
    return word(item, value).replace(",", "") if item.type in {"number", "integer"} else str(value)


def _field(item: Attribute, actor: Actor, register: Register) -> forms.Field:
    offered = _offered(item, actor, register)
    common: dict[str, Any] = {"label": label(item), "required": item.required, "help_text": item.definition}
    if item.choices:
        words = [(choice, word(item, choice)) for choice in item.choices]
        return _with_unit(forms.ChoiceField(choices=[("", ""), *words], **common), item)
    if item.type == "flag":
        return forms.ChoiceField(choices=[("", ""), ("是", _("是")), ("否", _("否"))], **common)
    if offered and item.name in {"park_name", "manager_name"}:
        return forms.ChoiceField(choices=[("", ""), *((name, name) for name in offered)], **common)
    attributes = {"autocomplete": "off"}
    if item.type in {"number", "integer", "year"}:
        attributes["inputmode"] = "decimal"
    kind = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") if item.type == "date" else None
    if offered:
        attributes["list"] = f"offer-{item.name}"
    field = forms.CharField(widget=kind or forms.TextInput(attrs=attributes), max_length=400, **common)
    field.offered = offered  # type: ignore[attr-defined]
    return _with_unit(field, item)


def _with_unit(field: forms.Field, item: Attribute) -> forms.Field:
    field.unit = "" if item.type == "year" else item.unit  # type: ignore[attr-defined]
    return field


def _offered(item: Attribute, actor: Actor, register: Register) -> list[str]:
    """Names to choose from: enterprises, parks and managing units in scope, and the city where a row may tell it."""
    if item.name == "enterprise_name":
        return list(LegalPerson.objects.order_by("name").values_list("name", flat=True)[:OFFERED])
    scope = actor.scope
    if item.name == "park_name":
        parks = Park.objects.filter(active=True)
        return [one.name for one in parks if scope.everything or one.manager_id in scope.managers]
    if item.name == "manager_name":
        units = ManagingUnit.objects.filter(active=True)
        whole = [WHOLE_CITY[0]] if register.subject == "area" and scope.everything else []
        return whole + [one.name for one in units if scope.everything or one.code in scope.managers]
    return []


class RemovalForm(forms.Form):
    """End an entry: why, and of which version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("注销原因"), max_length=200)

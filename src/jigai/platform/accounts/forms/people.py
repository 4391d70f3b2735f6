"""Forms of administrators: people, organisations, roles, reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts import policies
from jigai.platform.accounts.models import Organisation, role_name
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services.organisations import kinds_for
from jigai.platform.places.models import ManagingUnit
from jigai.platform.walls.actor import Actor


def phone_field(**more: Any) -> forms.RegexField:
    """Return a field for a telephone number, mobile or fixed."""
    return forms.RegexField(
        r"\A[0-9+\-() 转]{7,20}\Z",
        label=_("电话"),
        max_length=20,
        error_messages={"invalid": _("请写电话号码，例如 13900001234 或 0812-3351234。")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        **more,
    )


class ReasonForm(forms.Form):
    """A reason, for what must carry one."""

    reason = forms.CharField(label=_("原因"), max_length=500)


class PersonForm(forms.Form):
    """Name, post and phone of someone."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    post = forms.CharField(label=_("职务或科室"), max_length=60, required=False)
    phone = phone_field(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class OwnForm(PersonForm):
    """What people say of themselves."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)


class OrganisationChoice(forms.ModelChoiceField):
    """Choose among organisations, told apart by their kind."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the full name and what it is."""
        return f"{obj.name}（{obj.get_kind_display()}）"


class NewPersonForm(PersonForm):
    """A new account: sign-in name and organisation as well."""

    username = forms.RegexField(
        r"\A[a-z][a-z0-9_.-]{3,39}\Z",
        label=_("登录名"),
        max_length=40,
        help_text=_("4 至 40 个小写字母、数字或 . _ -，以字母开头；建立后不改。"),
        error_messages={"invalid": _("登录名用小写字母开头，只含小写字母、数字和 . _ -，4 至 40 个字符。")},
    )
    organisation = OrganisationChoice(label=_("单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    field_order = ("organisation", "username", "name", "post", "phone")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        self.fields["organisation"].queryset = policies.organisations_of(actor).filter(active=True)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """One more organisation for a person."""

    organisation = OrganisationChoice(
        label=_("增加单位"),
        queryset=Organisation.objects.none(),
        empty_label=_("请选择"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = policies.organisations_of(actor).filter(active=True)  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    """An organisation."""

    kind = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("名称"), max_length=120)
    short = forms.CharField(label=_("简称"), max_length=40, required=False)
    manager_code = forms.ChoiceField(label=_("管理主体"), required=False)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"data-credit-code": ""}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Organisation.Kind.choices)
        self.fields["kind"].choices = [(key, labels[key]) for key in kinds_for(actor)]  # type: ignore[attr-defined]
        units = [("", _("全市")), *((unit.code, unit.name) for unit in ManagingUnit.objects.filter(active=True))]
        self.fields["manager_code"].choices = units  # type: ignore[attr-defined]
        if organisation is not None:
            del self.fields["kind"]
            if organisation.kind == Organisation.Kind.LEGAL_PERSON:
                del self.fields["credit_code"], self.fields["manager_code"]
        if not policies.whole_city(actor):
            self.fields.pop("manager_code", None)


class GrantForm(ReasonForm):
    """A role in one of the organisations someone belongs to, and why."""

    organisation = OrganisationChoice(label=_("单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    role_key = forms.ChoiceField(label=_("角色"))
    field_order = ("organisation", "role_key", "reason")

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queryset = Organisation.objects.filter(pk__in=[one.pk for one in places])
        self.fields["organisation"].queryset = queryset  # type: ignore[attr-defined]
        kinds = {one.kind for one in places}
        fitting = [(key, role_name(key)) for key, role in roles().items() if kinds & role.org_kinds]
        self.fields["role_key"].choices = fitting  # type: ignore[attr-defined]

"""Forms of those who come from outside: registration, decision on it, invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts import credit_code
from jigai.platform.accounts.forms.people import phone_field
from jigai.platform.accounts.models import User, role_name
from jigai.platform.accounts.passwords import rules
from jigai.platform.accounts.services.joining import hand_keys
from jigai.platform.enterprises.models import Site
from jigai.platform.places.models import ManagingUnit


class ChosenPassword(forms.Form):
    """A password chosen twice, checked against the rules and against the person it is for."""

    password1 = forms.CharField(
        label=_("设置口令"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
    password2 = forms.CharField(
        label=_("再输一次口令"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = rules()

    def person(self) -> User:
        """Return who the password is for, so that it is not their own name."""
        return User()

    def clean(self) -> dict[str, Any]:
        """Check that both are the same and good enough."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _now("两次输入的口令不一致。"))
        elif first:
            try:
                validate_password(first, self.person())
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class RegistrationForm(ChosenPassword):
    """An enterprise asks for access."""

    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        help_text=_("营业执照上的 18 位代码。"),
        widget=forms.TextInput(attrs={"data-credit-code": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("企业名称"), max_length=120, help_text=_("与营业执照一致。"))
    manager_code = forms.ChoiceField(
        label=_("所在县区或园区"), help_text=_("由它的主管部门审批；在钒钛高新区内的企业请选高新区。")
    )
    contact = forms.CharField(
        label=_("联系人姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    post = forms.CharField(label=_("职务"), max_length=60, required=False)
    phone = phone_field()
    fax = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    field_order = ("credit_code", "name", "manager_code", "contact", "post", "phone", "password1", "password2", "fax")

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, unit.name) for unit in ManagingUnit.objects.filter(active=True)]
        self.fields["manager_code"].choices = [("", _("请选择")), *units]  # type: ignore[attr-defined]
        self.fields["fax"].label = _("请不要填写此栏")
        if again:
            for name in ("password1", "password2"):
                self.fields[name].required = False
            self.fields["password1"].label = _("更换口令")
            self.fields["password1"].help_text = _("不更换请留空。")

    def person(self) -> User:
        """Return who the password is for."""
        said = self.cleaned_data
        return User(username=said.get("phone", ""), name=said.get("contact", ""))

    def clean_credit_code(self) -> str:
        """Return the code as it is written; refuse one that cannot be right."""
        code = credit_code.normalised(self.cleaned_data["credit_code"])
        credit_code.validate(code)
        return code

    def clean_fax(self) -> str:
        """Only a machine fills a field nobody sees; a person whose browser did so reads what to do."""
        if self.cleaned_data["fax"]:
            raise ValidationError(_now("此栏须留空，请清空后再提交。"))
        return ""

    def said(self) -> dict[str, Any]:
        """Return what the request says, without the password."""
        return {key: self.cleaned_data[key] for key in self.cleaned_data if not key.startswith(("password", "fax"))}


class DecisionForm(forms.Form):
    """Approve, as what; or return, why."""

    role_key = forms.ChoiceField(label=_("加入角色"), required=False)
    reason = forms.CharField(
        label=_("退回原因"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].plain = True  # type: ignore[attr-defined]  # needed for one of the two answers
        self.fields["role_key"].choices = [(key, role_name(key)) for key in reversed(hand_keys())]  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    """Invite a hand."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    role_key = forms.ChoiceField(label=_("角色"))
    sites = forms.MultipleChoiceField(
        label=_("限定厂区"),
        required=False,
        help_text=_("不选即全部厂区。"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_key"].choices = [(key, role_name(key)) for key in hand_keys()]  # type: ignore[attr-defined]
        sites = [(str(site.pk), site.name) for site in Site.objects.filter(active=True)]
        self.fields["sites"].choices = sites  # type: ignore[attr-defined]
        if len(sites) < 2:
            del self.fields["sites"]

    def clean_sites(self) -> list[int]:
        """Return the sites by number."""
        return [int(one) for one in self.cleaned_data["sites"]]


class JoiningForm(ChosenPassword):
    """Take up an invitation with a new account."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = phone_field()
    field_order = ("name", "phone", "password1", "password2")

    def person(self) -> User:
        """Return who the password is for."""
        return User(username=self.cleaned_data.get("phone", ""), name=self.cleaned_data.get("name", ""))

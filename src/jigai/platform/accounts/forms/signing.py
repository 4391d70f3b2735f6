"""allauth's forms with our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.passwords import rules


def say(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields their labels and take the grey words out of them."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].help_text = ""
            form.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    """Sign in by name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, login=_("登录名"), password=_("口令"))
        self.fields["login"].widget.attrs.update({"autofocus": True, "autocapitalize": "none", "spellcheck": "false"})


class ChangePasswordForm(account.ChangePasswordForm):
    """Set a new password of one's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, oldpassword=_("当前口令"), password1=_("新口令"), password2=_("再输一次新口令"))
        self.fields["password1"].help_text = rules()


class SetPasswordForm(account.SetPasswordForm):
    """Set a first password for an account that so far signed in by the city's single sign-on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1=_("新口令"), password2=_("再输一次新口令"))
        self.fields["password1"].help_text = rules()


class ReauthenticateForm(account.ReauthenticateForm):
    """Show the password once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password=_("口令"))


class CodeForm(second.AuthenticateForm):
    """The code from the phone, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("验证码"))
        self.fields["code"].widget.attrs.update({"autofocus": True, "inputmode": "numeric"})


class CodeAgainForm(second.ReauthenticateForm):
    """The code once more before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("验证码"))


class ActivateForm(totp.ActivateTOTPForm):
    """The first code from the phone proves that the two agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("手机上显示的 6 位验证码"))
        self.fields["code"].widget.attrs.update({"inputmode": "numeric"})


class AddKeyForm(webauthn.AddWebAuthnForm):
    """Name a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, name=_("给这把密钥起个名字"))
        self.fields.pop("passwordless", None)


class EditKeyForm(webauthn.EditWebAuthnForm):
    """Name a security key anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, name=_("给这把密钥起个名字"))

"""Where allauth asks how this site signs people in."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts import second_factor, sessions
from jigai.platform.accounts.addresses import address_of
from jigai.platform.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """User name and password; accounts come from administrators, registrations and invitations only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("登录名或口令不对。"),
        "enter_current_password": _("当前口令不对。"),
        "incorrect_password": _("口令不对。"),
        "too_many_login_attempts": _("尝试次数过多，请几分钟后再试。"),
        "rate_limited": _("尝试次数过多，请几分钟后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves here."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address behind the proxies that are configured."""
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the counting of failed passwords to the lock-out (axes), whose limit is a setting."""

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing about signing in and out: the page itself shows it."""
        if not message_template.startswith("account/messages/logged_"):
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask for the password again before delicate steps, unless the person has only just signed in."""
        signed_in = context.request.session.get(sessions.STARTED, 0)
        return bool(time.time() - signed_in > account_settings.REAUTHENTICATION_TIMEOUT)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no mail: what happened to an account is in the audit trail."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to one's own account."""
        return reverse("accounts:me")


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: secrets are kept encrypted, and the name in the app is that of the city."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对。请核对手机时间是否准确，再输入当前显示的 6 位数字。"),
    }

    def encrypt(self, text: str) -> str:
        """Hide a secret before it is stored."""
        return second_factor.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a stored secret."""
        return second_factor.opened(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return what the app on the phone shows above the code."""
        return f"技改 {settings.CITY_NAME}"

    def build_totp_svg(self, url: str) -> str:
        """Draw the code to scan without a fixed size, so that it fits its place."""
        return str(super().build_totp_svg(url))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site on the security key."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": self.get_totp_issuer()}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """The city's single sign-on: it signs in people whose account exists here under the same name, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Make no account from outside."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the identity from outside to the account of the same name; without one, say whom to ask."""
        if sociallogin.is_existing:
            return
        name = sociallogin.user.username or ""
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            raise ImmediateHttpResponse(render(request, "socialaccount/no_account.html", {"name": name}))
        sociallogin.connect(request, user)

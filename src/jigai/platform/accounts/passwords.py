"""What a password must be, how long it holds, and that it is not taken again."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.accounts.limits import limit
from jigai.platform.accounts.models import FormerPassword, User

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
SIGNS = "-+=@#"
"""Characters of initial passwords: none that are mistaken for one another when read out."""


class ClassesValidator:
    """Asks for several classes of characters (capital, small, digit, sign), or for a long phrase."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that is short and of too few classes."""
        signs = any(not one.isalnum() for one in password)
        classes = (
            any(one.isupper() for one in password),
            any(one.islower() for one in password),
            any(one.isdigit() for one in password),
            signs,
        )
        if len(password) < limit("password_phrase") and sum(classes) < limit("password_classes"):
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return _("口令须含大写字母、小写字母、数字、符号中的至少 %(n)s 类，或不少于 %(long)s 个字符。") % {
            "n": limit("password_classes"),
            "long": limit("password_phrase"),
        }


class NotReusedValidator:
    """Refuses the last passwords of a person, and remembers each new one (Django calls ``password_changed``)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password this person had lately."""
        if not isinstance(user, User) or not user.pk:
            return
        former = FormerPassword.objects.filter(user=user).values_list("password", flat=True)
        if any(check_password(password, one) for one in [user.password, *former[: limit("password_memory")]]):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return _("不能与最近 %(n)s 个口令相同。") % {"n": limit("password_memory")}

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the hash of the password that now holds, and since when; forget those too old to matter."""
        if not isinstance(user, User) or not user.pk:
            return
        FormerPassword.objects.create(user=user, password=user.password)
        kept = FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[: limit("password_memory")]
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
        user.password_changed_at = timezone.now()
        User.objects.filter(pk=user.pk).update(password_changed_at=user.password_changed_at)


def rules() -> str:
    """Say in one sentence what a password must be."""
    return _(
        "不少于 %(least)s 个字符，含大写字母、小写字母、数字、符号中的至少 %(classes)s 类"
        "（%(phrase)s 个字符以上的短语不限）；不能是常见口令，不能与姓名、登录名、电话相近，"
        "不能与最近 %(memory)s 个相同。"
    ) % {
        "least": limit("password_characters"),
        "classes": limit("password_classes"),
        "phrase": limit("password_phrase"),
        "memory": limit("password_memory"),
    }


def change_is_due(user: User) -> str:
    """Return why the password must be changed now (an initial one, or too old), in words; empty when it need not."""
    if not user.has_usable_password():
        return ""
    if user.must_change_password:
        return _("这是初始口令，请先设置自己的口令。")
    if settings.PASSWORD_DAYS:
        since = user.password_changed_at or user.date_joined
        if timezone.now() - since > timedelta(days=settings.PASSWORD_DAYS):
            return _("口令已使用超过 %(n)s 天，请更换。") % {"n": settings.PASSWORD_DAYS}
    return ""


def initial_password() -> str:
    """Return a password that is given out once and must be changed at the first sign-in; 70 bits and more."""
    parts = ["".join(secrets.choice(LETTERS + LETTERS.lower() + DIGITS) for _ in range(4)) for _ in range(3)]
    sure = secrets.choice(LETTERS) + secrets.choice(LETTERS.lower()) + secrets.choice(DIGITS)
    return secrets.choice(SIGNS).join([*parts, sure])

"""Who must show a second factor, and whether they have one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings

from jigai.platform.accounts.models import Membership, User

PROVES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""What counts as a second factor; recovery codes only stand in for one."""


def switched_off() -> bool:
    """Say whether the demo switch is on; it counts in the sample city only."""
    return bool(settings.DEMO and settings.SECOND_FACTOR == "off_for_demo")


def is_required(memberships: Iterable[Membership]) -> bool:
    """Say whether someone with these memberships must have a second factor (``roles.csv``, ``JIGAI_SECOND_FACTOR``)."""
    if not settings.SECOND_FACTOR_ENFORCED or switched_off():
        return False
    asked = {one.role.second_factor for one in memberships}
    return "required" in asked or ("setting" in asked and settings.SECOND_FACTOR == "enterprises_too")


def has_one(user: User) -> bool:
    """Say whether a second factor is set up."""
    return Authenticator.objects.filter(user=user, type__in=PROVES).exists()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def sealed(text: str) -> str:
    """Return a secret as it is kept in the database: encrypted with a key made from the signing key."""
    return _cipher().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """Return the secret that ``sealed`` hid."""
    return _cipher().decrypt(text.encode()).decode()

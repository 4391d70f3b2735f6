"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, roles and sign-in (账号)."""

    name = "jigai.platform.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Listen to sign-ins, and check the settings."""
        from jigai.platform.accounts import checks, signals  # noqa: F401

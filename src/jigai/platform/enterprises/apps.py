"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Legal persons, sites, lines, annual facts, titles (企业)."""

    name = "jigai.platform.enterprises"
    label = "enterprises"
    verbose_name = "企业"

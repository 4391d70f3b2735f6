"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers that are folders: a list of columns makes form, import, list and page (登记册)."""

    name = "jigai.platform.registers"
    label = "registers"
    verbose_name = "登记册"

"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Devices and everything that was ever said of each (设备台账)."""

    name = "jigai.platform.ledger"
    label = "ledger"
    verbose_name = "设备台账"

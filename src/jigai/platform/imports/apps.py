"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Uploads that become rows: recognised, corrected, previewed, accepted (导入)."""

    name = "jigai.platform.imports"
    label = "imports"
    verbose_name = "导入"

"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The shell: workbench, search, language, help (工作台)."""

    name = "jigai.platform.home"
    label = "home"
    verbose_name = "工作台"

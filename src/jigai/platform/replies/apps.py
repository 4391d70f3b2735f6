"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Photos of devices, objections to findings, checks at the site (答复与核对)."""

    name = "jigai.platform.replies"
    label = "replies"
    verbose_name = "答复与核对"

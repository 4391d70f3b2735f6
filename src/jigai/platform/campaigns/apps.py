"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Survey campaigns (摸排)."""

    name = "jigai.platform.campaigns"
    label = "campaigns"
    verbose_name = "摸排"

"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Administrative places, managing units, parks (区划园区)."""

    name = "jigai.platform.places"
    label = "places"
    verbose_name = "区划园区"

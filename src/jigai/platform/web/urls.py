"""Addresses every page may use."""

from __future__ import annotations

from django.urls import path

from jigai.platform.web import views

urlpatterns = [path("undo/", views.undo, name="undo")]

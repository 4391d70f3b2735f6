"""Addresses every page may use."""

from __future__ import annotations

from django.urls import path

from jigai.platform.web import views

urlpatterns = [
    path("undo/", views.undo, name="undo"),
    path("lists/columns/", views.columns, name="web_columns"),
    path("lists/views/", views.view_save, name="web_view_save"),
    path("lists/views/<int:pk>/delete/", views.view_delete, name="web_view_delete"),
]

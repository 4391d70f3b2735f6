"""Addresses of the papers of the board."""

from __future__ import annotations

from django.urls import path

from jigai.platform.plan.papers import views

app_name = "papers"
urlpatterns = [path("<slug:form>/", views.make, name="make")]

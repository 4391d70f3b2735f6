"""The interface and the pages about it."""

from __future__ import annotations

from django.urls import path

from jigai.platform.api import views

app_name = "api"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("docs/", views.docs, name="docs"),
]

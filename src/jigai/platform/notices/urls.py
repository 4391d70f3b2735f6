"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.list_notices, name="list"),
    path("read/", views.mark_all_read, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("write/", views.compose, name="write"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/read/", views.mark_read, name="read"),
]

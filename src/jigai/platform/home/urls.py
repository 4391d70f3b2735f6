"""Pages of the shell."""

from __future__ import annotations

from django.urls import path

from jigai.platform.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("language/", views.language, name="language"),
]

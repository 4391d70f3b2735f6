"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.screening import views

app_name = "screening"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/replay/", views.replay, name="replay"),
    path("<int:pk>/impact/", views.export_impact, name="impact"),
]

"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.list_events, name="list"),
    path("verify/", views.verify, name="verify"),
    path("<int:number>/", views.event, name="event"),
]

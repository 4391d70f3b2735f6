"""Pages of this app."""

from __future__ import annotations

from django.urls import path, re_path

from jigai.platform.places import views

app_name = "places"
urlpatterns = [
    path("", views.index, name="list"),
    path("units/new/", views.unit_new, name="unit_new"),
    path("units/<str:code>/", views.unit, name="unit"),
    path("units/<str:code>/edit/", views.unit_edit, name="unit_edit"),
    path("parks/new/", views.park_new, name="park_new"),
    path("parks/<int:pk>/", views.park, name="park"),
    path("parks/<int:pk>/edit/", views.park_edit, name="park_edit"),
    re_path(
        r"^(?P<kind>parks(?=/[0-9]+/active/$)|units)/(?P<key>[0-9A-Za-z-]+)/active/$",
        views.set_active,
        name="set_active",
    ),
]

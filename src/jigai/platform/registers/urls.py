"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.registers import views

app_name = "registers"
urlpatterns = [
    path("", views.register_list, name="list"),
    path("<slug:key>/", views.register_page, name="register"),
    path("<slug:key>/add/", views.add, name="add"),
    path("<slug:key>/columns/", views.columns, name="columns"),
    path("<slug:key>/template/", views.template, name="template"),
    path("<slug:key>/export/", views.export, name="export"),
    path("<slug:key>/shipped/", views.shipped, name="shipped"),
    path("<slug:key>/<int:pk>/", views.entry_page, name="entry"),
    path("<slug:key>/<int:pk>/edit/", views.edit, name="edit"),
    path("<slug:key>/<int:pk>/remove/", views.remove, name="remove"),
]

"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.reporting.views import bulletin, filling, templates

app_name = "reporting"
urlpatterns = [
    path("", templates.index, name="list"),
    path("new/", templates.new, name="new"),
    path("bulletin/", bulletin.issue, name="bulletin"),
    path("bulletin/text/", bulletin.text, name="bulletin_text"),
    path("forms/<int:pk>/", templates.page, name="form"),
    path("forms/<int:pk>/edit/", templates.edit, name="edit"),
    path("forms/<int:pk>/bind/", templates.bind, name="bind"),
    path("forms/<int:pk>/unbind/", templates.unbind, name="unbind"),
    path("forms/<int:pk>/start/", templates.start, name="start"),
    path("<int:pk>/", filling.page, name="report"),
    path("<int:pk>/fill/", filling.fill, name="fill"),
    path("<int:pk>/confirm/", filling.confirm, name="confirm"),
    path("<int:pk>/correct/", filling.correct, name="correct"),
    path("<int:pk>/difference/", filling.difference, name="difference"),
    path("<int:pk>/file/", filling.file, name="file"),
    path("<int:pk>/cells/<slug:key>/", filling.cell, name="cell"),
    path("<int:pk>/steps/<slug:key>/", filling.step, name="step"),
]

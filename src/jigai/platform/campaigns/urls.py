"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.campaigns.views import changes, entries, overview

app_name = "campaigns"
urlpatterns = [
    path("", overview.index, name="list"),
    path("new/", changes.new, name="new"),
    path("template/", overview.template, name="template"),
    path("<int:pk>/", overview.page, name="page"),
    path("<int:pk>/edit/", changes.edit, name="edit"),
    path("<int:pk>/start/", changes.start, name="start"),
    path("<int:pk>/name/", changes.name, name="name"),
    path("<int:pk>/deadline/", changes.deadline, name="deadline"),
    path("<int:pk>/close/", changes.close, name="close"),
    path("<int:pk>/copy/", changes.copy, name="copy"),
    path("<int:pk>/remind/", changes.remind, name="remind"),
    path("<int:pk>/export/", overview.export, name="export"),
    path("<int:pk>/entries/", entries.index, name="entries"),
    path("<int:pk>/phone/", entries.phone, name="phone"),
    path("<int:pk>/changes/", overview.amendments, name="changes"),
    path("entries/<int:pk>/", entries.page, name="entry"),
    path("entries/<int:pk>/remove/", changes.remove, name="remove"),
    path("entries/<int:pk>/notes/", entries.note, name="note"),
    path("entries/<int:pk>/answers/", entries.answer, name="answer"),
    path("entries/<int:pk>/<slug:key>/", entries.step, name="step"),
]

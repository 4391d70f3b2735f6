"""Pages of the scorecard."""

from __future__ import annotations

from django.urls import path

from jigai.platform.plan.scores import kept_views, views

app_name = "scores"
urlpatterns = [
    path("", views.index, name="index"),
    path("keep/", views.keep, name="keep"),
    path("export/", views.export, name="export"),
    path("compare/", kept_views.compare, name="compare"),
    path("pilots/", kept_views.pilots, name="pilots"),
    path("pilots/<slug:code>/take-back/", kept_views.take_back, name="take_back"),
    path("unit/<slug:code>/", views.unit, name="unit"),
    path("saved/<int:pk>/", kept_views.saved, name="saved"),
    path("saved/<int:pk>/unit/<slug:code>/", kept_views.saved_unit, name="saved_unit"),
    path("saved/<int:pk>/recommend/", kept_views.recommend, name="recommend"),
    path("saved/<int:pk>/export/", kept_views.export, name="saved_export"),
]

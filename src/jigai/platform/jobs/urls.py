"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.jobs import views
from jigai.platform.web import exports

app_name = "jobs"
urlpatterns = [
    path("", views.list_jobs, name="list"),
    path("export/", exports.start, name="export"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/retry/", views.retry, name="retry"),
    path("<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("<int:pk>/files/<str:name>", views.download, name="download"),
]

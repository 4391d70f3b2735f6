"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.upload_list, name="list"),
    path("new/<str:key>/", views.new, name="new"),
    path("template/<str:key>/", views.template, name="template"),
    path("<int:pk>/", views.upload_page, name="upload"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/columns/", views.settle, name="settle"),
    path("<int:pk>/cell/", views.correct, name="correct"),
    path("<int:pk>/take-back/", views.take_back, name="take_back"),
    path("<int:pk>/about/", views.tell, name="tell"),
    path("<int:pk>/draft/", views.next_draft, name="next_draft"),
    path("<int:pk>/apart/", views.apart, name="apart"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/original/", views.original, name="original"),
    path("<int:pk>/marked/", views.marked, name="marked"),
]

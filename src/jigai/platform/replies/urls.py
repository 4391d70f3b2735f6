"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.replies import check_views, objection_views, photo_views

app_name = "replies"
urlpatterns = [
    path("", objection_views.index, name="list"),
    path("told/", objection_views.told, name="told"),
    path("new/<int:pk>/", objection_views.new, name="new"),
    path("<int:pk>/", objection_views.page, name="objection"),
    path("<int:pk>/letter/", objection_views.letter, name="letter"),
    path("<int:pk>/<str:key>/", objection_views.step, name="step"),
    path("photos/add/<int:pk>/", photo_views.add, name="photo_add"),
    path("photos/<int:pk>/preview/", photo_views.preview, name="photo_preview"),
    path("photos/<int:pk>/original/", photo_views.original, name="photo_original"),
    path("photos/<int:pk>/withdraw/", photo_views.withdraw, name="photo_withdraw"),
    path("checks/", check_views.index, name="checks"),
    path("checks/start/", check_views.start, name="check_start"),
    path("checks/<int:pk>/", check_views.page, name="check"),
    path("checks/<int:pk>/print/", check_views.printed, name="check_print"),
    path("checks/<int:pk>/form/", check_views.form, name="check_form"),
    path("checks/<int:pk>/answer/", check_views.answer, name="check_answer"),
    path("checks/<int:pk>/progress/", check_views.progress, name="check_progress"),
    path("checks/<int:pk>/close/", check_views.close, name="check_close"),
    path("checks/<int:pk>/export/", check_views.export, name="check_export"),
]

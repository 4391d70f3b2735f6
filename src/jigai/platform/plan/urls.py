"""Pages of the plan: the board, objectives, the lists behind figures, the plan itself, the meeting page."""

from __future__ import annotations

from django.urls import path

from jigai.platform.plan.views import board, figures, file, own

app_name = "plan"
urlpatterns = [
    path("", board.board, name="board"),
    path("meeting/", board.meeting, name="meeting"),
    path("objectives/<str:id>/", board.objective, name="objective"),
    path("figures/<slug:indicator>/", figures.contributions, name="contributions"),
    path("known/", figures.compute, name="compute"),
    path("own/", own.own, name="own"),
    path("enterprises/<int:pk>/", own.enterprise, name="enterprise"),
    path("file/", file.current, name="file"),
    path("file/versions/", file.versions, name="versions"),
    path("file/load/", file.load, name="load"),
    path("file/<int:pk>/", file.version, name="version"),
    path("file/<int:pk>/use/", file.use, name="use"),
]

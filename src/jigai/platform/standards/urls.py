"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.standards import change_views, views

app_name = "standards"
urlpatterns = [
    path("", views.index, name="list"),
    path("d/<slug:name>/", views.dataset, name="dataset"),
    path("d/<slug:name>/zip/", views.download, name="download"),
    path("d/<slug:name>/rule/", views.rule, name="rule"),
    path("d/<slug:name>/<slug:table>/<int:number>/", views.row, name="row"),
    path("changes/", change_views.index, name="changes"),
    path("changes/upload/", change_views.upload, name="upload"),
    path("changes/<int:pk>/", change_views.change, name="change"),
    path("changes/<int:pk>/rehearse/", change_views.rehearse, name="rehearse"),
    path("changes/<int:pk>/approve/", change_views.approve, name="approve"),
    path("changes/<int:pk>/refuse/", change_views.refuse, name="refuse"),
    path("changes/<int:pk>/withdraw/", change_views.withdraw, name="withdraw"),
    path("sets/<int:pk>/restore/", change_views.restore, name="restore"),
]

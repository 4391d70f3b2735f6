"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.device, name="device"),
    path("id/<str:identifier>/", views.identified, name="identified"),
]

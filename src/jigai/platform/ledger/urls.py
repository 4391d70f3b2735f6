"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.ledger import bulk_views, entry_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.device, name="device"),
    path("add/", entry_views.begin, name="entry_begin"),
    path("add/<int:site>/<str:kind>/", entry_views.form, name="entry"),
    path("add/<int:site>/<str:kind>/read/", entry_views.read, name="entry_read"),
    path("bulk/", bulk_views.index, name="bulks"),
    path("bulk/<int:pk>/", bulk_views.page, name="bulk"),
    path("bulk/<int:pk>/give/", bulk_views.give, name="bulk_give"),
    path("bulk/<int:pk>/accept/", bulk_views.accept, name="bulk_accept"),
    path("id/<str:identifier>/", views.identified, name="identified"),
]

"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.ledger import act_views, bulk_views, claim_views, entry_views, label_views, slip_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.index, name="list"),
    path("<int:pk>/", views.device, name="device"),
    path("<int:pk>/split/", act_views.split, name="split"),
    path("<int:pk>/edit/", act_views.edit, name="edit"),
    path("<int:pk>/line/", act_views.line, name="device_line"),
    path("<int:pk>/seen/", views.seen, name="seen"),
    path("gone/", act_views.gone, name="gone"),
    path("merge/", act_views.merge, name="merge"),
    path("acts/undo/", act_views.undo, name="act_undo"),
    path("labels/", label_views.sheet, name="labels"),
    path("claims/", claim_views.index, name="claims"),
    path("claims/many/", claim_views.many, name="claims_many"),
    path("claims/not-ours/", claim_views.disown, name="disown"),
    path("claims/<int:pk>/", claim_views.page, name="claim"),
    path("claims/<int:pk>/answer/", claim_views.answer, name="claim_answer"),
    path("slips/", slip_views.index, name="slips"),
    path("slips/<int:pk>/", slip_views.page, name="slip"),
    path("slips/<int:pk>/file/", slip_views.file, name="slip_file"),
    path("bulk/<int:pk>/slips/", slip_views.of_bulk, name="bulk_slips"),
    path("bulk/<int:pk>/slips/send/", slip_views.send, name="bulk_slips_send"),
    path("bulk/<int:pk>/undo/", bulk_views.undo, name="bulk_undo"),
    path("add/", entry_views.begin, name="entry_begin"),
    path("add/<int:site>/<str:kind>/", entry_views.form, name="entry"),
    path("add/<int:site>/<str:kind>/read/", entry_views.read, name="entry_read"),
    path("bulk/", bulk_views.index, name="bulks"),
    path("bulk/<int:pk>/", bulk_views.page, name="bulk"),
    path("bulk/<int:pk>/give/", bulk_views.give, name="bulk_give"),
    path("bulk/<int:pk>/accept/", bulk_views.accept, name="bulk_accept"),
    path("id/<str:identifier>/", views.identified, name="identified"),
]

"""Pages of this app."""

from __future__ import annotations

from django.urls import path

from jigai.platform.duties.views import adopting, lists, pages, shares

app_name = "duties"
urlpatterns = [
    path("", lists.index, name="list"),
    path("timeline/", lists.timeline, name="timeline"),
    path("overdue/", lists.late, name="overdue"),
    path("overdue/export/", lists.export, name="export"),
    path("overdue/call/", lists.call, name="call"),
    path("overview/", lists.overview, name="overview"),
    path("organisations/", lists.organisations, name="organisations"),
    path("organisations/<int:pk>/", lists.organisation, name="organisation"),
    path("adopt/", adopting.upload, name="adopt"),
    path("adopt/confirm/", adopting.confirm, name="adopt_confirm"),
    path("bodies/", adopting.bodies_page, name="bodies"),
    path("<int:pk>/", pages.page, name="page"),
    path("<int:pk>/claim/", pages.claim, name="claim"),
    path("<int:pk>/assign/", pages.assign, name="assign"),
    path("<int:pk>/remarks/", pages.remark, name="remark"),
    path("<int:pk>/answers/", pages.answer, name="answer"),
    path("milestones/<int:pk>/", pages.milestone, name="milestone"),
    path("evidence/<int:pk>/", pages.evidence_file, name="evidence"),
    path("shares/<int:pk>/report/", shares.report, name="report"),
    path("shares/<int:pk>/person/", shares.person, name="person"),
    path("shares/<int:pk>/<slug:key>/", shares.step, name="step"),
]

"""Every page of the site; each app brings its own list."""

from __future__ import annotations

from django.urls import include, path

from jigai.platform.api.v1.interface import api as interface

urlpatterns = [
    path("", include("jigai.platform.home.urls")),
    path("", include("jigai.platform.web.urls")),
    path("account/", include("jigai.platform.accounts.urls")),
    path("account/", include("jigai.platform.accounts.signing_urls")),
    path("places/", include("jigai.platform.places.urls")),
    path("enterprises/", include("jigai.platform.enterprises.urls")),
    path("registers/", include("jigai.platform.registers.urls")),
    path("devices/", include("jigai.platform.ledger.urls")),
    path("screening/", include("jigai.platform.screening.urls")),
    path("standards/", include("jigai.platform.standards.urls")),
    path("replies/", include("jigai.platform.replies.urls")),
    path("campaigns/", include("jigai.platform.campaigns.urls")),
    path("plan/papers/", include("jigai.platform.plan.papers.urls")),
    path("plan/scorecard/", include("jigai.platform.plan.scores.urls")),
    path("plan/", include("jigai.platform.plan.urls")),
    path("reporting/", include("jigai.platform.reporting.urls")),
    path("duties/", include("jigai.platform.duties.urls")),
    path("imports/", include("jigai.platform.imports.urls")),
    path("jobs/", include("jigai.platform.jobs.urls")),
    path("audit/", include("jigai.platform.audit.urls")),
    path("notices/", include("jigai.platform.notices.urls")),
    path("api/v1/", interface.urls),
    path("api/", include("jigai.platform.api.urls")),
]
handler404 = "jigai.platform.web.errors.not_found"
handler403 = "jigai.platform.web.errors.denied"
handler500 = "jigai.platform.web.errors.failed"
handler400 = "jigai.platform.web.errors.bad_request"

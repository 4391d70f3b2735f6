"""The bulletin: an issue of it, and its text."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.jobs.services import submit
from jigai.platform.reporting import issuing
from jigai.platform.reporting.forms import BulletinForm, BulletinTextForm
from jigai.platform.reporting.periods import Reported
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page


@needs("report.fill")
def issue(request: SiteRequest) -> HttpResponse:
    """Have an issue of the bulletin written, and go to its job."""

    def act(values: dict[str, Any], version: int) -> Done:
        title = _("工作进展通报 %(period)s") % {"period": values["period"]}
        job = submit(request.actor, "reporting.bulletin", values, title)
        return Done(reverse("jobs:job", args=[job.pk]))

    return form_page(
        request,
        BulletinForm,
        act,
        title=_("工作进展通报"),
        back=reverse("reporting:list"),
        crumb=_("报表"),
        button=_("生成 Word"),
        initial={"period": Reported.over("month", timezone.localdate()).key},
        template="reporting/bulletin.html",
    )


@needs("report.fill")
def text(request: SiteRequest) -> HttpResponse:
    """Change the text bulletins are made of."""

    def act(values: dict[str, Any], version: int) -> Done:
        issuing.change_text(request.actor, values["source"])
        return Done(reverse("reporting:bulletin"), _("已保存，下一期起使用。"))

    return form_page(
        request,
        BulletinTextForm,
        act,
        title=_("通报模板"),
        back=reverse("reporting:bulletin"),
        crumb=_("工作进展通报"),
        initial={"source": issuing.text_in_force()},
    )

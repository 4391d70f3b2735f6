"""The plan itself: what it promises, the stored text with every quoted sentence, its versions, loading another."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jigai.plan.file import Plan, PlanError, questions
from jigai.platform.audit.actions import who
from jigai.platform.plan import comparing, loading, telling, words
from jigai.platform.plan.forms import LoadForm
from jigai.platform.plan.models import PlanVersion
from jigai.platform.plan.services import MANAGE, VIEW
from jigai.platform.plan.versions import in_force, plan_of
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.forms import ReasonForm
from jigai.platform.web.pages import Done, form_page


@require_GET
@needs(VIEW)
def current(request: SiteRequest) -> HttpResponse:
    """Show the plan in force: objectives, tasks, measures, what it asks of the city, and the text it quotes."""
    plan = in_force()
    if plan is None:
        return render(request, "plan/none.html", {"may_manage": request.actor.may(MANAGE)})
    return render(request, "plan/file.html", _told(request, plan.plan, PlanVersion.objects.get(pk=plan.pk)))


def _told(request: SiteRequest, plan: Plan, version: PlanVersion) -> dict[str, Any]:
    language = words.language()
    asked = [
        {
            "kind": one.kind,
            "about": one.about,
            "text": one.text.say(language),
            "whom": one.whom.say(language) if one.whom else "",
        }
        for one in questions(plan)
    ]
    return {
        "plan": plan,
        "version": version,
        "loaded_by": who(version.loaded_by),
        "title": plan.title.say(language),
        "number": plan.number if isinstance(plan.number, str) else "",
        "objectives": telling.objectives(plan, language),
        "parts": telling.tasks(plan, language),
        "questions": [one for one in asked if one["kind"] != "lead"],
        "leads": [one for one in asked if one["kind"] == "lead"],
        "pieces": telling.pieces(plan),
        "may_manage": request.actor.may(MANAGE),
    }


@require_GET
@needs(VIEW)
def versions(request: SiteRequest) -> HttpResponse:
    """List every plan file that was loaded."""
    rows = PlanVersion.objects.defer("content", "text")
    context = {"versions": [(one, who(one.loaded_by)) for one in rows], "may_manage": request.actor.may(MANAGE)}
    return render(request, "plan/versions.html", context)


@require_GET
@needs(VIEW)
def version(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a version and how it differs from the one in force."""
    found = get_object_or_404(PlanVersion, pk=pk)
    try:
        plan = plan_of(found)
    except PlanError as error:
        return render(
            request, "plan/version.html", {"version": found, "loaded_by": who(found.loaded_by), "faults": faults(error)}
        )
    held = in_force()
    language = words.language()
    differences = [] if held and held.pk == pk else comparing.changes(held.plan if held else None, plan, language)
    context = {
        **_told(request, plan, found),
        "differences": differences,
        "kinds": telling.kinds(),
        "former": held,
        "strangers": loading.strangers(plan),
        "may_use": request.actor.may(MANAGE) and request.actor.scope.everything and not found.in_force,
    }
    return render(request, "plan/version.html", context)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def load(request: SiteRequest) -> HttpResponse:
    """Take a plan file and its text; what is wrong is told with file and line, and nothing is stored."""
    found: list[dict[str, Any]] = []

    def act(values: dict[str, Any], _version: int) -> Done:
        text = values["text"]
        try:
            stored = loading.load(
                request.actor, values["plan"].read(), {text.name: text.read()} if text else {}, values["plan"].name
            )
        except PlanError as error:
            found.extend(faults(error))
            raise ValidationError(_("规划文件有 %(n)d 处要改，见下表；没有装入。") % {"n": len(found)}) from None
        return Done(reverse("plan:version", args=[stored.pk]), _("已装入，尚未启用。请核对与在用规划的差异。"))

    return form_page(
        request,
        LoadForm,
        act,
        title=_("装入规划文件"),
        back=reverse("plan:versions"),
        button=_("装入并核对"),
        template="plan/load.html",
        faults=found,
    )


def faults(error: PlanError) -> list[dict[str, Any]]:
    """Return what is wrong in a plan file as the page shows it."""
    language = words.language()
    return [{"file": one.file, "line": one.line, "path": one.path, "text": one.text(language)} for one in error.faults]


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def use(request: SiteRequest, pk: int) -> HttpResponse:
    """Put a version in force; figures are computed anew by a job."""
    found = get_object_or_404(PlanVersion, pk=pk)
    if found.in_force and request.method == "GET":
        raise Http404

    def act(values: dict[str, Any], _version: int) -> Done:
        job = loading.put_in_force(request.actor, found, values["reason"])
        return Done(reverse("jobs:job", args=[job.pk]), _("已启用，正在按它重算指标。"))

    return form_page(
        request,
        ReasonForm,
        act,
        title=_("启用“%(title)s”") % {"title": found.title},
        back=reverse("plan:version", args=[pk]),
        button=_("启用"),
        sub=_("启用后，看板、计分和报表都按这份规划的目标和参数，所有指标重算。"),
    )

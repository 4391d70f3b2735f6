"""Pages of changes: upload a package, see whom it would hit, have another person decide, go back to a former set."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.screening import impact, impact_words
from jigai.platform.standards import active, services
from jigai.platform.standards.forms import ApproveForm, ReasonForm, RefuseForm, RehearseForm, UploadForm
from jigai.platform.standards.models import Change, ReferenceSet
from jigai.platform.standards.packages import PackageRefusedError
from jigai.platform.standards.services import MANAGE, VIEW, ChangeRefusedError
from jigai.platform.standards.tables import CHANGES, TONES
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, done, form_page

SETS = 12
"""Former sets shown."""
FLAWS = 200
"""Flaws of a package shown."""


@needs(VIEW)
def index(request: SiteRequest) -> HttpResponse:
    """List changes, and the sets of facts that were in use."""
    listing = CHANGES.answer(request, may_manage=request.actor.may(MANAGE))
    if request.htmx:
        return render(request, "web/_list.html", {"listing": listing})
    sets = list(ReferenceSet.objects.select_related("change__package", "change__back_to")[:SETS])
    now = active.in_use().packages
    context = {
        "listing": listing,
        "sets": [(one, place == 0, tuple(one.packages) != now) for place, one in enumerate(sets)],
        "may_manage": request.actor.may(MANAGE),
    }
    return render(request, "standards/changes.html", context)


@needs(MANAGE)
def upload(request: SiteRequest) -> HttpResponse:
    """Upload a package; what is wrong with it is listed cell by cell, and nothing of it is kept."""
    flaws: list[Any] = []
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["package"]
        try:
            made = services.receive(
                request.actor, file.name, file.read(), form.cleaned_data["reason"], timezone.localdate()
            )
        except PackageRefusedError as error:
            flaws = error.flaws
        except ChangeRefusedError as error:
            form.add_error(None, str(error))
        else:
            return done(
                request,
                Done(reverse("standards:change", args=[made.pk]), _("检查通过。下一步：试算影响，再请另一人审核。")),
            )
    wrong = bool(flaws) or form.is_bound
    context = {"form": form, "flaws": flaws[:FLAWS], "count": len(flaws), "more": max(0, len(flaws) - FLAWS)}
    return render(request, "standards/upload.html", context, status=422 if wrong else 200)


@needs(VIEW)
def change(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a change: what it brings, whom it would hit, who decided; and the next step for who looks."""
    one = services.get_change(request.actor, pk)
    run, lacking = services.preview(one)
    may = request.actor.may(MANAGE)
    mine = request.actor.user is not None and one.proposer_id == request.actor.user.pk
    context = {
        "one": one,
        "state": TONES[one.state],
        "datasets": one.package.datasets if one.package else [],
        "run": run,
        "lacking": lacking,
        "figures": _figures(run),
        "may": may,
        "mine": mine,
        "open": one.state == Change.State.PROPOSED,
        "planned": one.state == Change.State.PLANNED,
    }
    return render(request, "standards/change.html", context)


@needs(MANAGE)
def rehearse(request: SiteRequest, pk: int) -> HttpResponse:
    """Start the rehearsal of a change."""
    one = services.get_change(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        run = _heed(lambda: services.rehearse(request.actor, pk, values["as_of"]))
        return Done(reverse("screening:run", args=[run.pk]), _("已开始试算，完成后在这里看影响。"))

    day = services.first_day(one, timezone.localdate())
    return form_page(
        request, RehearseForm, act, title=_("试算影响"), back=_page(pk), button=_("开始试算"), initial={"as_of": day}
    )


@needs(MANAGE)
def approve(request: SiteRequest, pk: int) -> HttpResponse:
    """Decide that a change holds from a day on."""
    one = services.get_change(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        decided = _heed(
            lambda: services.approve(
                request.actor, pk, version, values["effective_on"], values["answer"], timezone.localdate()
            )
        )
        day = decided.effective_on.isoformat() if decided.effective_on else ""
        said = (
            _("已启用。请对各厂区重新筛查。")
            if decided.state == Change.State.DONE
            else _("已通过，到 %s 自动启用。") % day
        )
        return Done(_page(pk), said)

    return form_page(
        request, ApproveForm, act, title=_("同意启用"), back=_page(pk), button=_("同意"), version=one.version
    )


@needs(MANAGE)
def refuse(request: SiteRequest, pk: int) -> HttpResponse:
    """Decide that a change does not hold."""
    one = services.get_change(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        _heed(lambda: services.refuse(request.actor, pk, version, values["answer"]))
        return Done(_page(pk), _("已退回，申请人会收到通知。"))

    return form_page(
        request, RefuseForm, act, title=_("不同意启用"), back=_page(pk), button=_("不同意"), version=one.version
    )


@needs(MANAGE)
def withdraw(request: SiteRequest, pk: int) -> HttpResponse:
    """Take a change back before it holds."""
    one = services.get_change(request.actor, pk)

    def act(values: dict[str, Any], version: int) -> Done:
        _heed(lambda: services.withdraw(request.actor, pk, version, values["reason"]))
        return Done(_page(pk), _("已撤回，在用的依据没有变化。"))

    return form_page(
        request, ReasonForm, act, title=_("撤回变更"), back=_page(pk), button=_("撤回"), version=one.version
    )


@needs(MANAGE)
def restore(request: SiteRequest, pk: int) -> HttpResponse:
    """Propose that a former set holds again."""
    if not ReferenceSet.objects.filter(pk=pk).exists():
        raise Http404

    def act(values: dict[str, Any], version: int) -> Done:
        made = _heed(lambda: services.propose_restore(request.actor, pk, values["reason"]))
        return Done(_page(made.pk), _("已提出。下一步：试算影响，再请另一人审核。"))

    return form_page(
        request, ReasonForm, act, title=_("恢复以前的依据"), back=reverse("standards:changes"), button=_("提出申请")
    )


def _heed(act: Any) -> Any:
    try:
        return act()
    except ChangeRefusedError as error:
        raise ValidationError(str(error)) from error


def _page(pk: int) -> str:
    return reverse("standards:change", args=[pk])


def _figures(run: Any) -> list[dict[str, Any]]:
    if run is None or not run.comparison_hash:
        return []
    try:
        return impact_words.headline(impact.told(run))
    except FileNotFoundError:
        return []

"""Pages of kept scorecards: one, two compared, and who is recommended for the provincial pilot."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.plan.frozen import FrozenError
from jigai.platform.jobs.services import submit
from jigai.platform.plan.scores import comparing, services
from jigai.platform.plan.scores.forms import RecommendForm, TakeBackForm
from jigai.platform.plan.scores.services import SCORE
from jigai.platform.plan.scores.views import card_context, hidden_from, unit_page
from jigai.platform.plan.services import VIEW
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page

View = TypeVar("View", bound=Callable[..., HttpResponse])


def whole(view: View) -> View:
    """Show no scorecard that is not the one that was kept: say so instead."""

    @wraps(view)
    def checked(request: SiteRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except FrozenError:
            return render(request, "plan/scores/broken.html", status=409)

    return checked  # type: ignore[return-value]


@needs(VIEW)
@whole
def saved(request: SiteRequest, pk: int) -> HttpResponse:
    """Show a scorecard as it was kept."""
    one = services.get_saved(request.actor, pk)
    context = card_context(request.actor, services.opened(request.actor, pk)) | {
        "one": one,
        "others": [other for other in services.saved(request.actor) if other.pk != pk],
        "may_score": request.actor.may(SCORE),
        "pilots": [step for step in services.pilots(request.actor).values() if step.scorecard_id == pk],
    }
    return render(request, "plan/scores/saved.html", context)


@needs(VIEW)
@whole
def saved_unit(request: SiteRequest, pk: int, code: str) -> HttpResponse:
    """Explain the points of one unit as they were kept."""
    one = services.get_saved(request.actor, pk)
    return unit_page(
        request, services.opened(request.actor, pk), code, reverse("scores:saved", args=[pk]), {"one": one}
    )


@needs(VIEW)
@whole
def compare(request: SiteRequest) -> HttpResponse:
    """Put two kept scorecards side by side: points and ranks of every unit, and each item that differs."""
    every = services.saved(request.actor)
    numbers = [request.GET.get(name, "") for name in ("first", "second")]
    chosen = [next((one for one in every if str(one.pk) == number), None) for number in numbers]
    context: dict[str, Any] = {"saved": every, "chosen": chosen}
    first, second = chosen
    if first and second:
        sheets = services.opened(request.actor, first.pk), services.opened(request.actor, second.pk)
        hidden = hidden_from(request.actor, sheets[0]) | hidden_from(request.actor, sheets[1])
        context |= {"totals": comparing.totals(*sheets), "items": comparing.items(*sheets, hidden)}
    return render(request, "plan/scores/compare.html", context)


@needs(SCORE)
@whole
def recommend(request: SiteRequest, pk: int) -> HttpResponse:
    """Recommend a unit for the provincial pilot."""
    sheet = services.opened(request.actor, pk)
    ranks = sheet.card.totals.select("unit", "rank", "points").iter_rows()
    said = _("%(name)s（第 %(rank)s 名，%(points)s 分）")
    units = [
        (code, said % {"name": sheet.units[code], "rank": rank, "points": points})
        for code, rank, points in ranks
        if rank
    ]

    def make(**given: Any) -> RecommendForm:
        return RecommendForm(units=units, **given)

    def act(values: dict[str, Any], version: int) -> Done:
        services.recommend(request.actor, pk, values["unit"], values["note"], timezone.now())
        return Done(reverse("scores:pilots"), _("已列入推荐名单。"))

    back = reverse("scores:saved", args=[pk])
    return form_page(request, make, act, title=_("推荐为省级试点"), back=back, button=_("推荐"))


@needs(VIEW)
@whole
def pilots(request: SiteRequest) -> HttpResponse:
    """List the units recommended for the provincial pilot, with rank, points and reasons, ready to print."""
    found = []
    for step in services.pilots(request.actor).values():
        totals = services.opened(request.actor, step.scorecard_id).card.totals
        row = totals.filter(unit=step.unit).row(0, named=True)
        found.append((step, row))
    context = {"pilots": found, "may_score": request.actor.may(SCORE), "saved": services.saved(request.actor)}
    return render(request, "plan/scores/pilots.html", context)


@needs(SCORE)
def take_back(request: SiteRequest, code: str) -> HttpResponse:
    """Take a recommendation back."""
    held = services.pilots(request.actor).get(code)
    if held is None:
        raise Http404

    def act(values: dict[str, Any], version: int) -> Done:
        services.take_back(request.actor, code, values["note"], timezone.now())
        return Done(reverse("scores:pilots"), _("已撤销推荐，记录保留。"))

    title = _("撤销推荐：%(name)s") % {"name": held.unit_name}
    return form_page(request, TakeBackForm, act, title=title, back=reverse("scores:pilots"), button=_("撤销推荐"))


@require_POST
@needs(VIEW)
def export(request: SiteRequest, pk: int) -> HttpResponse:
    """Have the workbook of a kept scorecard made, and go to its job."""
    one = services.get_saved(request.actor, pk)
    job = submit(request.actor, "plan.scorecard", {"saved": pk}, _("县区得分 %(year)s") % {"year": one.period})
    return redirect("jobs:job", job.pk)

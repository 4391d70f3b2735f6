"""Adopt a plan file: read it, show what it would change, adopt it; and say which organisation each body is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jigai.plan.file import Plan, PlanError, read_contents
from jigai.platform.duties import adopting, bodies
from jigai.platform.duties.forms import BodiesForm, PlanForm
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.pages import Done, form_page

_SALT = "jigai.duties.plan"
_VALID = 3600
"""Seconds what was shown can be adopted."""


@needs("duty.run")
def upload(request: SiteRequest) -> HttpResponse:
    """Take a plan file with its text, and show what adopting it would change."""
    form = PlanForm(data=request.POST or None, files=request.FILES or None)
    context: dict[str, Any] = {"form": form, "last": adopting.current(), "back": reverse("duties:list")}
    if request.method == "POST" and form.is_valid():
        plan, text = form.cleaned_data["plan"], form.cleaned_data["text"]
        try:
            held = {"plan": _letters(plan.read()), "text": _letters(text.read()), "name": text.name}
            found = _read(held)
        except PlanError as error:
            form.add_error("plan", [_said(fault) for fault in error.faults])
        else:
            token = signing.dumps(held, salt=_SALT, compress=True)
            context |= {"plan": found, "found": adopting.differences(found), "token": token}
            return render(request, "duties/differences.html", context)
    return render(request, "duties/adopt.html", context, status=422 if form.errors else 200)


def _said(fault: Any) -> str:
    return str(fault.say("en" if (get_language() or "").startswith("en") else "zh"))


def _letters(content: bytes) -> str:
    """Write bytes as letters, one each, so that the page can carry a plan that nothing has stored yet."""
    return content.decode("latin-1")


def _read(held: dict[str, str]) -> Plan:
    return read_contents(held["plan"].encode("latin-1"), {held["name"]: held["text"].encode("latin-1")})


@require_POST
@needs("duty.run")
def confirm(request: SiteRequest) -> HttpResponse:
    """Adopt the plan that was shown."""
    try:
        plan = _read(signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=_VALID))
    except signing.BadSignature:
        messages.error(request, _("这次预览已经过期，请重新选择方案文件。"))
        return redirect("duties:adopt")
    try:
        changes = adopting.adopt(request.actor, plan, timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("duties:adopt")
    said = {"added": len(changes.added), "changed": len(changes.changed), "ended": len(changes.ended)}
    messages.success(request, _("已采用：新增 %(added)d 项，改动 %(changed)d 项，终止 %(ended)d 项任务。") % said)
    return redirect("duties:bodies" if bodies.open_bodies(plan.id).exists() else "duties:list")


@needs("duty.run")
def bodies_page(request: SiteRequest) -> HttpResponse:
    """Say which organisation each department and unit of the plan is."""
    adopted = adopting.current()
    if adopted is None:
        raise Http404
    held = list(bodies.bodies_of(adopted.plan_id))
    made: list[BodiesForm] = []

    def form(*args: Any, **kwargs: Any) -> BodiesForm:
        made.append(BodiesForm(held, *args, **kwargs))
        return made[-1]

    def act(values: dict[str, Any], version: int) -> Done:
        changed = bodies.settle(request.actor, adopted.plan_id, made[-1].chosen(), timezone.now())
        return Done(reverse("duties:list"), _("已保存，改动 %(n)d 个单位。") % {"n": changed})

    return form_page(
        request,
        partial(form),
        act,
        title=_("方案中的单位"),
        sub=str(adopted),
        back=reverse("duties:list"),
        crumb=_("任务台账"),
    )

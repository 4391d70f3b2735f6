"""The way of a form page: draw, check, act once or merge, lead on with a message; drafts end where it succeeded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jigai.platform.web.editing import EditedMeanwhileError
from jigai.platform.web.forms import Form
from jigai.platform.web.once import new_key, once

SAVED = "jigai_saved"
"""Cookie that tells the page's script which draft has become real."""


@dataclass(frozen=True)
class Done:
    """A form did its work: where to go, what to say, and a token of ``web.undo`` where it can be taken back."""

    url: str
    message: str = ""
    undo: str = ""


Act = Callable[[dict[str, Any], int], Done]
"""What a form does with its checked values and the version it was drawn from."""


def done(request: HttpRequest, outcome: Done) -> HttpResponse:
    """Lead on: message (with 撤销 where there is a token), draft of this page forgotten."""
    if outcome.undo:
        button = format_html(
            '<form method="post" action="/undo/" class="undo">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="token" value="{}"><button class="btn btn-sm">{}</button></form>',
            get_token(request),
            outcome.undo,
            _("撤销"),
        )
        messages.success(request, format_html("{} {}", outcome.message, button))
    elif outcome.message:
        messages.success(request, outcome.message)
    response = HttpResponseRedirect(outcome.url)
    response.set_cookie(SAVED, quote(request.path), max_age=600, samesite="Lax")
    return response


def form_page(
    request: HttpRequest,
    form_class: Callable[..., Form],
    act: Act,
    *,
    title: str,
    back: str,
    button: str = "",
    initial: dict[str, Any] | None = None,
    version: int | None = None,
    template: str = "web/form.html",
    **context: Any,
) -> HttpResponse:
    """Answer a page with one form.

    Args:
        request: the request; POST acts.
        form_class: makes the form from ``data`` and ``initial``.
        act: does the work; may raise ``ValidationError`` (shown at the field) or `EditedMeanwhileError`.
        title: heading of the page.
        back: where 取消 leads.
        button: word of the primary button, 保存 when empty.
        initial: values the form starts from.
        version: of the record edited; None for a form that creates, which then acts once.
        template: another page around the form.
        context: further values for the page, such as ``sub`` (one line below the heading).
    """
    page = {"title": title, "back": back, "button": button or _("保存"), "version": version, **context}
    if request.method != "POST":
        form = form_class(initial=initial)
        return render(request, template, {"form": form, "once": new_key(), **page})
    form = form_class(data=request.POST, files=request.FILES, initial=initial)
    key = request.POST.get("once", "")
    if form.is_valid():
        try:
            if version is None:
                return _create(request, key, lambda: act(form.cleaned_data, 0))
            return done(request, act(_chosen(request, form), _seen(request, version)))
        except ValidationError as error:
            form.refuse(error)
        except EditedMeanwhileError as meanwhile:
            return _clash(request, form, meanwhile, page)
    return render(request, template, {"form": form, "once": key or new_key(), **page}, status=422)


def _create(request: HttpRequest, key: str, act: Callable[[], Done]) -> HttpResponse:
    made: list[Done] = []

    def make() -> str:
        made.append(act())
        return made[0].url

    outcome = once(request.actor, key, make)  # type: ignore[attr-defined]
    if outcome.again:
        messages.warning(request, _("这张表刚才已经提交过，没有重复办理；要再加一条，请重新打开表单。"))
        return done(request, Done(outcome.result))
    return done(request, made[0])


def _seen(request: HttpRequest, version: int) -> int:
    """Return the version the person saw; the one before where a choice is still missing."""
    open_choices = [name for name in request.POST.getlist("clash") if f"choose-{name}" not in request.POST]
    text = request.POST.get("seen" if open_choices else "version", "")
    return int(text) if text.isdigit() else 0


def _chosen(request: HttpRequest, form: Form) -> dict[str, Any]:
    """Return the values without those the person left to the other."""
    theirs = {name for name in form.fields if request.POST.get(f"choose-{name}") == "theirs"}
    return {name: value for name, value in form.cleaned_data.items() if name not in theirs}


def _clash(request: HttpRequest, form: Form, meanwhile: EditedMeanwhileError, page: dict[str, Any]) -> HttpResponse:
    left_out = {"csrfmiddlewaretoken", "version", "seen", "clash"} | {f"choose-{one.name}" for one in meanwhile.clashes}
    typed = [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
    typed += [(f"choose-{name}", "theirs") for name in meanwhile.kept]
    seen = request.POST.get("seen") or request.POST.get("version")
    said = {"meanwhile": meanwhile, "typed": typed, "seen": seen, "form": form}
    return render(request, "web/clash.html", {**page, **said}, status=409)

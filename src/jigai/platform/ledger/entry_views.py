"""Pages on which one device is typed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.enterprises.models import Site
from jigai.platform.ledger import entry
from jigai.platform.ledger.evidence import findings
from jigai.platform.ledger.sites import site_words
from jigai.platform.ledger.taking import CAPABILITY
from jigai.platform.ledger.words import attribute_word, language, missing_words, tone, with_unit, word
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.platform.web.once import new_key, once
from jigai.reports.labels import read_table

_UNTOLD = ("kind", "kind_reason", "frame_mm")
"""What is worked out besides and shown elsewhere, or in other words."""


@needs(CAPABILITY)
def begin(request: SiteRequest) -> HttpResponse:
    """Choose the kind, and the site where one has several."""
    usual = [row["kind"] for row in read_table("examples")]
    known = dict(entry.kinds())
    context = {
        "sites": site_words(),
        "usual": [(kind, known[kind]) for kind in usual if kind in known],
        "others": [(kind, name) for kind, name in known.items() if kind not in usual],
        "site": request.GET.get("site", ""),
    }
    if (kind := request.GET.get("kind", "")) and (site := _site(request.GET.get("site", ""))):
        return redirect("ledger:entry", site.pk, entry.get_kind(kind).key)
    context["wrong"] = _("请先选择厂区。") if "kind" in request.GET else ""
    return render(request, "ledger/entry_begin.html", context)


def _site(text: str) -> Site | None:
    """Return the site a person chose, or the only one there is."""
    words = site_words()
    numbers = [pk for pk, name in words.items() if text in (str(pk), name)] or (list(words) if len(words) == 1 else [])
    return entry.get_site(numbers[0]) if len(numbers) == 1 else None


@needs(CAPABILITY)
def form(request: SiteRequest, site: int, kind: str) -> HttpResponse:
    """Type one device in; it is saved when all that must be told can be read and it is not one that is known."""
    place, chosen = entry.get_site(site), entry.get_kind(kind)
    typed, known = entry.Typed(), []
    if request.method == "POST":
        typed = entry.read(request.actor, chosen, request.POST.dict())
        if not typed.wrong:
            try:
                return _saved(request, place, typed)
            except entry.AlikeError as error:
                known = error.devices
    first, further = entry.asked(request.actor, chosen)
    context = {
        "site": place,
        "site_word": site_words().get(place.pk, place.enterprise_name),
        "kind": chosen,
        "kind_name": dict(entry.kinds())[chosen.key],
        "groups": [(_fields(request, first, typed), ""), (_fields(request, further, typed), _("其他参数"))],
        "wrong": typed.wrong,
        "known": known,
        "once": request.POST.get("once") or new_key(),
        **_read(place, typed),
    }
    return render(request, "ledger/entry.html", context, status=422 if typed.wrong or known else 200)


def _saved(request: SiteRequest, place: Site, typed: entry.Typed) -> HttpResponse:
    def act() -> str:
        device = entry.save(request.actor, place.pk, typed.values, another="another" in request.POST)
        return reverse("ledger:device", args=[device.pk])

    done = once(request.actor, request.POST.get("once", ""), act)
    messages.success(request, _("已录入，正在筛查。可接着录下一台。"))
    return redirect(reverse("ledger:entry_begin") if "next" in request.POST else done.result)


def _fields(request: SiteRequest, listed: list[entry.Asked], typed: entry.Typed) -> list[dict[str, Any]]:
    defaults = {"quantity": "1", "use_state": "在用"} if request.method == "GET" else {}
    return [
        {"asked": one, "value": request.POST.get(one.name, defaults.get(one.name, "")),
         "wrong": typed.wrong.get(one.name, "")}
        for one in listed
    ]  # fmt: skip


@needs(CAPABILITY)
def read(request: SiteRequest, site: int, kind: str) -> HttpResponse:
    """Tell how the plate is read, what would be found, and like which device it is, while somebody types."""
    place, chosen = entry.get_site(site), entry.get_kind(kind)
    typed = entry.read(request.actor, chosen, (request.POST or request.GET).dict())
    known = entry.alike(place, typed.values) if len(typed.values) > 2 else []
    return render(request, "ledger/_entry_read.html", {"known": known, **_read(place, typed)})


def _read(place: Site, typed: entry.Typed) -> dict[str, Any]:
    """Return what is shown beside the form: nothing before a name or a model is typed."""
    if not {"name", "model"} & set(typed.values):
        return {"told": None}
    told = entry.foreseen(place, typed.values)
    read_off = [name for name, origin in told.origins.items() if origin != "ledger" and name not in _UNTOLD]
    return {
        "told": told,
        "kind_word": told.kind_en if language() == "en" else told.kind_zh,
        "plate": [
            (attribute_word(name), with_unit(name, told.device[name]), told.origins[name] == "inferred")
            for name in read_off
        ],
        "conflicts": [
            (attribute_word(one["attribute"]), one["ledger_value"], one["nameplate_value"]) for one in told.conflicts
        ],
        "verdict": {"state": tone("verdict", told.verdict), "word": word("verdict", told.verdict)},
        "missing": missing_words(told.device.get("missing") or ""),
        "shown": [one for one in findings(told) if one.state in {"stop", "warn", "ask"}],
    }

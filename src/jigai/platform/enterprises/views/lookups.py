"""What the search boxes of forms offer: industry classes, products, enterprises."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises import reference
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.enterprises.tables import by_words
from jigai.platform.walls.guards import needs, signed_in

MOST = 12


@dataclass(frozen=True)
class Option:
    """One line of a search box: what it puts into the field, what it shows, other fields it fills (JSON)."""

    value: str
    text: str
    detail: str = ""
    fill: str = ""


def answer(request: HttpRequest, options: list[Option], none: str) -> HttpResponse:
    """Answer a search box with its options, or the sentence that says how to go on."""
    box = re.sub(r"[^\w-]", "", request.GET.get("for", ""))
    return render(request, "web/_options.html", {"options": options, "none": none, "for": box})


def words_of(request: HttpRequest) -> str:
    """Return what was typed: the box sends it under the name of its field."""
    return str(next((value for name, value in request.GET.items() if name != "for"), ""))[:60]


@signed_in("a public classification; forms of every role use it")
def industry(request: HttpRequest) -> HttpResponse:
    """Offer industry classes by name, code or pinyin initials."""
    found = reference.find_classes(words_of(request), timezone.localdate(), MOST)
    options = [Option(str(one), str(one), one.division) for one in found]
    return answer(request, options, _("没有匹配的行业小类：换个词，或输入代码前两位。"))


@signed_in("a public list; forms of every role use it")
def products(request: HttpRequest) -> HttpResponse:
    """Offer the products of the sector benchmarks with process and unit; others are typed freely."""
    found = reference.find_products(words_of(request), timezone.localdate(), MOST)
    options = [
        Option(
            one.product,
            " · ".join(part for part in (one.product, one.process) if part),
            f"{one.field} {one.unit}".strip(),
            json.dumps({"process": one.process, "unit_energy_unit": one.unit}, ensure_ascii=False),
        )
        for one in found
    ]
    return answer(request, options, _("不在重点领域产品之列，可直接填写。"))


@needs("enterprise.view")
def find(request: HttpRequest) -> HttpResponse:
    """Offer the enterprises of one's scope."""
    words = words_of(request)
    found = by_words(LegalPerson.objects.exclude(status="archived"), words)[:MOST] if words.strip() else []
    options = [Option(f"{one.name} {one.credit_code}", one.name, one.credit_code) for one in found]
    return answer(request, options, _("可见范围内没有这家企业。"))

"""The standards library: datasets on a day, one dataset with its rows, one row with the devices that rest on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from jigai.platform.ledger.words import choices, language, tone, word
from jigai.platform.standards import library, words
from jigai.platform.standards.download import package
from jigai.platform.standards.resting import NAMES, Judged, Resting, page_of, resting_on, rule_of
from jigai.platform.standards.services import MANAGE, VIEW
from jigai.platform.walls.guards import needs
from jigai.platform.walls.request import SiteRequest
from jigai.reference import Dataset
from jigai.reports.labels import labels

STANDINGS = {"now": "ok", "later": "ask", "former": "idle"}
CERTAIN = {"transcribed": "ok", "secondary": "ask", "recalled": "warn", "doubtful": "warn"}


@needs(VIEW)
def index(request: SiteRequest) -> HttpResponse:
    """List the datasets as they stand on a day, and find rows of all of them."""
    as_of = _day(request)
    q, check, standing = (request.GET.get(name, "").strip() for name in ("q", "check", "standing"))
    entries = [
        entry
        for entry in library.catalogue(as_of)
        if (not check or (entry.dataset.check or "none") == check) and (not standing or entry.standing == standing)
    ]
    hits, total = library.search(q, as_of, [entry.dataset for entry in entries]) if q and entries else ([], 0)
    named = [entry for entry in entries if not q or _named(entry.dataset, q)]
    context = {
        "as_of": as_of,
        "today": as_of == timezone.localdate(),
        "q": q,
        "check": check,
        "standing": standing,
        "checks": [(key, word("check", key)) for key in labels("check")],
        "entries": [_entry(entry) for entry in named],
        "hits": [_hit(hit, as_of) for hit in hits],
        "total": total,
        "gaps": [(gap, _in_language(gap.text_zh, gap.text_en)) for gap in library.gaps(as_of)],
        "may_manage": request.actor.may(MANAGE),
    }
    return render(request, "standards/list.html", context)


@needs(VIEW)
def dataset(request: SiteRequest, name: str) -> HttpResponse:
    """Show one dataset: what it is, what is doubtful or not held, its tables, what rests on it."""
    as_of = _day(request)
    one = _get(name, as_of)
    table = request.GET.get("table", "")
    table = table if table in one.tables else next(iter(one.tables))
    q = request.GET.get("q", "").strip()
    page = int(text) if (text := request.GET.get("page", "1")).isdecimal() and 0 < int(text) < 10**6 else 1
    part = library.rows(one, table, q, page)
    spec = one.specs[table]
    columns = [column for column in part.rows.columns if not _is_silent(one, table, column)]
    context = {
        **_facts(one, as_of),
        "table": table,
        "tables": [(key, words.table_word(key), frame.height) for key, frame in one.tables.items()],
        "q": q,
        "heads": [words.column_word(column) for column in columns],
        "rows": [
            (number, [words.cell(spec, column, row[column]) for column in columns])
            for number, row in zip(part.numbers, part.rows.iter_rows(named=True), strict=True)
        ],
        "total": part.total,
        "pages": _pages(request, page, part.total),
        "resting": resting_on(one) if request.actor.may("ledger.view") and one.check else None,
    }
    return render(request, "standards/dataset.html", context)


@needs(VIEW)
def row(request: SiteRequest, name: str, table: str, number: int) -> HttpResponse:
    """Show one row in words, and a page of the devices in sight that rest on it, all or those of a verdict."""
    as_of = _day(request)
    one = _get(name, as_of)
    if table not in one.tables or not 0 < number <= one.tables[table].height:
        raise Http404
    values = one.tables[table].row(number - 1, named=True)
    rule = rule_of(one, values)
    resting = resting_on(one, rule) if rule and request.actor.may("ledger.view") else None
    verdict, after = request.GET.get("verdict", ""), request.GET.get("after", "")
    verdict = verdict if resting and verdict in resting.verdicts else ""
    start = int(after) if after.isdecimal() and len(after) < 19 else 0
    shown, following = page_of(one, rule, verdict, start) if resting and resting.lines else ([], 0)
    context = {
        **_facts(one, as_of),
        "table": table,
        "table_word": words.table_word(table),
        "number": number,
        "said": words.row_in_words(one.specs[table], values),
        "rule": rule,
        "of_table": one.check == "efficiency",
        "resting": resting,
        "devices": [_device(each) for each in shown],
        "verdicts": _verdicts(resting, verdict, as_of) if resting else [],
        "chosen": verdict,
        "first_url": _address(as_of, verdict=verdict) if start else "",
        "next_url": _address(as_of, verdict=verdict, after=following) if following else "",
    }
    return render(request, "standards/row.html", context)


@needs(VIEW)
def rule(request: SiteRequest, name: str) -> HttpResponse:
    """Lead from what a finding calls its rule (``?id=``) to the row, or to the dataset where it is none of one row."""
    as_of = _day(request)
    one = _get(name, as_of)
    day = f"as_of={as_of.isoformat()}"
    for table, frame in one.tables.items():
        for column in NAMES:
            if column in frame.columns and (place := library.number_of(one, table, column, request.GET.get("id", ""))):
                return redirect(f"{reverse('standards:row', args=[name, table, place])}?{day}")
    return redirect(f"{reverse('standards:dataset', args=[name])}?{day}")


@needs(VIEW)
def download(request: SiteRequest, name: str) -> HttpResponse:
    """Give the dataset as a zip, to be edited and uploaded again."""
    one = _get(name, timezone.localdate())
    response = HttpResponse(package(one), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{one.id}.zip"'
    return response


def _device(one: Judged) -> dict[str, Any]:
    device, finding = one.device, one.finding
    return {
        "device": device,
        "check": one.check,
        "outcome": (tone("outcome", one.outcome), word("outcome", one.outcome)),
        "verdict": (tone("verdict", device.verdict), word("verdict", device.verdict)) if device.verdict else None,
        "reason": _in_language(finding.reason_zh, finding.reason_en) if finding else "",
    }


def _verdicts(resting: Resting, chosen: str, as_of: date) -> list[dict[str, Any]]:
    """Return the verdicts devices can be narrowed to: word, lines, address, and whether it is the one chosen."""
    told = [
        {"word": said, "lines": resting.verdicts[key][0], "url": _address(as_of, verdict=key), "on": key == chosen}
        for key, said in choices("verdict")
        if key in resting.verdicts
    ]
    every = {"word": _("全部"), "lines": resting.lines, "url": _address(as_of), "on": not chosen}
    return [every, *told] if len(told) > 1 else []


def _address(as_of: date, **more: Any) -> str:
    return f"?{urlencode({'as_of': as_of.isoformat(), **{name: value for name, value in more.items() if value}})}"


def _day(request: SiteRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return timezone.localdate()


def _get(name: str, as_of: date) -> Dataset:
    found = library.find(name, as_of)
    if found is None:
        raise Http404
    return found


def _named(one: Dataset, q: str) -> bool:
    text = " ".join((one.id, one.title_zh, one.title_en, one.number or "", one.issuer)).lower()
    return all(part in text for part in q.lower().split())


def _in_language(zh: str, en: str) -> str:
    return en if language() == "en" else zh


def _entry(entry: library.Entry) -> dict[str, Any]:
    one = entry.dataset
    return {
        "entry": entry,
        "one": one,
        "title": _in_language(one.title_zh, one.title_en),
        "check": word("check", one.check) if one.check else "",
        "state": STANDINGS[entry.standing],
        "certainty": word("certainty", one.certainty),
        "certain": CERTAIN[one.certainty],
    }


def _hit(hit: library.Hit, as_of: date) -> dict[str, Any]:
    return {
        "hit": hit,
        "title": _in_language(hit.dataset.title_zh, hit.dataset.title_en),
        "table": words.table_word(hit.table),
        "url": f"{reverse('standards:row', args=[hit.dataset.id, hit.table, hit.number])}?as_of={as_of.isoformat()}",
    }


def _facts(one: Dataset, as_of: date) -> dict[str, Any]:
    entry = next(entry for entry in library.catalogue(as_of) if entry.dataset is one)
    return {
        **_entry(entry),
        "as_of": as_of,
        "today": as_of == timezone.localdate(),
        "binds": word("binds", one.binds),
        "number_certainty": word("certainty", one.number_certainty),
        "own_gaps": [_in_language(gap.text_zh, gap.text_en) for gap in library.gaps(as_of) if gap.dataset == one.id],
    }


def _is_silent(one: Dataset, table: str, column: str) -> bool:
    return one.tables[table][column].null_count() == one.tables[table].height


def _pages(request: SiteRequest, page: int, total: int) -> dict[str, Any]:
    last = max(1, -(-total // library.PAGE))
    kept = {key: str(value) for key, value in request.GET.items() if key != "page"}

    def url(number: int) -> str:
        return f"?{urlencode({**kept, 'page': str(number)})}" if 1 <= number <= last else ""

    return {"number": page, "last": last, "before": url(page - 1), "next": url(page + 1)}

"""The sample city's report form: an invented province's blank workbook, bound to the indicators there are."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from django.db import transaction

from jigai.platform.accounts.acting import actor_for
from jigai.platform.reporting import filling, services
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.models import Form
from jigai.platform.reporting.periods import Reported
from jigai.platform.sample.draws import table
from jigai.platform.sample.handing_in import clerk
from jigai.platform.walls.scope import use_scope

MADE: Final = datetime(2026, 3, 2, 9, 0)
"""The time written into the workbook, so that the bytes are the same each time."""
_FIRST: Final = 5
"""The row of the first indicator."""


def load_report_form() -> int:
    """Take the form in once, and bind each cell whose indicator is there and that is not bound yet.

    Returns how many cells were bound: none where all are, where nobody keeps indicators, or without a city.
    """
    held = clerk()
    if held is None:
        return 0
    actor, said = actor_for(held), table("report_form")
    with transaction.atomic(), use_scope(actor.scope):
        form = Form.objects.filter(name=said["form"]["name"]).first()
        if form is None:
            form = services.create(actor, {**said["form"], "file": (said["file"], blank())})
        bound = set(form.bindings.values_list("address", flat=True))
        known = {one.id for one in source().indicators()}
        wanted = {
            address: values
            for address, values in bindings().items()
            if address not in bound and values.get("indicator", "") in known | {""}
        }
        for address, values in wanted.items():
            services.bind(actor, form, said["sheet"], address, values)
    return len(wanted)


def fill_report(today: date) -> bool:
    """Fill the form for the last month that is over, once; ``False`` where it is filled, or there is nothing to fill.

    Nothing is typed, explained or signed: that is for whoever tries the site.
    """
    held = clerk()
    if held is None:
        return False
    actor = actor_for(held)
    with transaction.atomic(), use_scope(actor.scope):
        form = Form.objects.filter(name=table("report_form")["form"]["name"]).first()
        if form is None or not form.bindings.exists() or form.reports.exists():
            return False
        report = filling.start(actor, form, Reported.over(form.every, today).key)
        filling.fill(actor, report, today)
    return True


def bindings() -> dict[str, dict[str, Any]]:
    """Return what goes into each cell, by address."""
    said = table("report_form")
    found: dict[str, dict[str, Any]] = {
        "B2": {"kind": "dimension", "label": "填报单位", "field": "unit"},
        "E2": {"kind": "dimension", "label": "期间", "field": "period"},
    }
    for row, one in enumerate(said["rows"], _FIRST):
        figure = {"kind": "figure", **{key: one[key] for key in ("indicator", "part", "factor", "places")}}
        found[f"C{row}"] = {**figure, "label": one["name"], "span": "this"}
        found[f"D{row}"] = {**figure, "label": f"{one['name']}（上年同期）", "span": "last"}
    row = _FIRST + len(said["rows"])
    found[f"B{row}"] = {"kind": "typed", "label": said["words"]}
    listed = said["list"]
    columns = [{"letter": letter, "field": field} for letter, field in listed["columns"].items()]
    found[f"A{row + 3}"] = {
        "kind": "list",
        "label": listed["title"],
        "indicator": listed["indicator"],
        "span": "this",
        "columns": columns,
    }
    foot = row + 3 + listed["room"]
    for letter, field, name in zip("BDF", ("filler", "reviewer", "signer"), said["foot"], strict=True):
        found[f"{letter}{foot}"] = {"kind": "dimension", "label": name.rstrip("："), "field": field}
    return found


def blank() -> bytes:
    """Return the blank workbook: the same bytes each time."""
    said = table("report_form")
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": MADE, "title": said["title"]})
        head = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "font_size": 16})
        cell = book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True})
        title = book.add_format({"border": 1, "bold": True, "align": "center", "bg_color": "#EDEDED"})
        sheet = book.add_worksheet(said["sheet"])
        sheet.set_column("A:A", 32)
        sheet.set_column("B:E", 16)
        sheet.merge_range("A1:E1", said["title"], head)
        sheet.set_row(0, 30)
        sheet.write("A2", "填报单位：")
        sheet.write("D2", "报告期：")
        sheet.write_row("A4", said["heads"], title)
        for row, one in enumerate(said["rows"], _FIRST):
            places = "0" + ("." + "0" * one["places"] if one["places"] else "")
            number = book.add_format({"border": 1, "num_format": f"#,##{places}"})
            sheet.write_row(row - 1, 0, [one["name"], one["unit"]], cell)
            sheet.write_row(row - 1, 2, ["", ""], number)
            sheet.write_blank(row - 1, 4, None, cell)
        row = _FIRST + len(said["rows"])
        sheet.write(f"A{row}", said["words"], cell)
        sheet.merge_range(f"B{row}:E{row}", "", cell)
        sheet.set_row(row - 1, 48)
        sheet.write(f"A{row + 1}", said["list"]["title"])
        sheet.write_row(f"A{row + 2}", said["list"]["heads"], title)
        foot = row + 3 + said["list"]["room"]
        for line in range(row + 3, foot):
            sheet.write_row(f"A{line}", ["", "", ""], cell)
        for letter, name in zip("ACE", said["foot"], strict=True):
            sheet.write(f"{letter}{foot}", name)
        sheet.fit_to_pages(1, 0)
    return target.getvalue()

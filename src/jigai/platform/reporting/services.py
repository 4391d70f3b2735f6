"""Forms: taken in with their blank workbook, changed, and their cells bound to what goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.audit.services import record
from jigai.platform.imports import storage
from jigai.platform.reporting import words
from jigai.platform.reporting.data import options
from jigai.platform.reporting.figures import source
from jigai.platform.reporting.models import Binding, Form
from jigai.platform.reporting.parts import parts
from jigai.platform.walls.actor import Actor
from jigai.platform.web.editing import save_edit
from jigai.platform.web.forms import read_number
from jigai.reports.filling import Blank, Block, Cell, FillingError, faults_of

VIEW: Final = "report.view"
FILL: Final = "report.fill"
MAX_FILE: Final = 20_000_000
"""Largest blank workbook taken in [bytes]."""


def get_form(actor: Actor, pk: int) -> Form:
    """Return a form; ``Http404`` for none."""
    actor.require(VIEW)
    found = Form.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def create(actor: Actor, values: Mapping[str, Any]) -> Form:
    """Take in a form with its blank workbook.

    Raises:
        ValidationError: the workbook cannot be filled in place; says why and what to do.
    """
    actor.require(FILL)
    given = dict(values)
    name, data = given.pop("file")
    made = Form(**given, **_kept(name, data))
    with transaction.atomic():
        made.save()
        record(actor, "report_form.created", made, after={**given, "blank": made.blank_hash})
    return made


def edit(actor: Actor, form: Form, version: int, values: Mapping[str, Any]) -> Form:
    """Change a form; a new blank must have room for everything that is bound.

    Raises:
        ValidationError: the new workbook cannot take what is bound.
        EditedMeanwhileError: somebody else changed the same.
    """
    actor.require(FILL)
    given = dict(values)
    file = given.pop("file", None)
    if file:
        given |= _kept(*file)
        _fits(Blank(file[1]), form.bindings.all(), "file")
    return save_edit(actor, form, given, version, action="report_form.edited")


def blank_of(form: Form) -> Blank:
    """Return the blank workbook of a form.

    Raises:
        ValidationError: the store has lost it.
    """
    return read_blank(form.blank_hash)


def read_blank(content_hash: str) -> Blank:
    """Return a workbook of the store.

    Raises:
        ValidationError: the store has lost it.
    """
    try:
        return Blank(storage.read(content_hash))
    except FileNotFoundError as error:
        text = _("空白表的文件不见了。请联系系统管理员从备份恢复 files/originals，或重新上传空白表。")
        raise ValidationError(text) from error


def bind(actor: Actor, form: Form, sheet: str, address: str, values: Mapping[str, Any]) -> Binding:
    """Say what goes into a cell, or from a row down; what was said of the cell before gives way.

    Args:
        actor: needs ``report.fill``.
        form: whose cell it is.
        sheet: name of the sheet.
        address: of the cell; of a list the first cell of its pattern row.
        values: ``kind`` and ``label``, and what the kind asks for: a figure ``indicator, part, span, key, factor,
            places, beside``; a list ``indicator, span, key, columns,
            rows``; a dimension ``field``; a constant ``text``.

    Raises:
        ValidationError: the cell cannot take it, or something is missing; by field where there is one.
    """
    actor.require(FILL)
    kind = values["kind"]
    said = _said(kind, values)
    made = Binding(form=form, sheet=sheet, address=address.upper(), kind=kind, label=values["label"], said=said)
    with transaction.atomic():
        held = Form.objects.select_for_update().get(pk=form.pk)
        former = Binding.objects.filter(form=form, sheet=sheet, address=made.address)
        others = Binding.objects.filter(form=form).exclude(pk__in=former)
        _fits(blank_of(held), [*others, made])
        former.delete()
        made.save()
        record(actor, "report_form.bound", form, after={"cell": str(made), "kind": kind, "said": said})
    return made


def unbind(actor: Actor, form: Form, sheet: str, address: str) -> bool:
    """Say that nothing goes into a cell any more; tell whether anything did."""
    actor.require(FILL)
    found = Binding.objects.filter(form=form, sheet=sheet, address=address).first()
    if found is None:
        return False
    with transaction.atomic():
        record(actor, "report_form.unbound", form, before={"cell": str(found), "kind": found.kind, "said": found.said})
        found.delete()
    return True


def asked_cells(bindings: Iterable[Binding]) -> tuple[list[Cell], list[Block]]:
    """Return the places bindings fill, with nothing in them yet."""
    cells, blocks = [], []
    for one in bindings:
        if one.kind == "list":
            row = int("".join(sign for sign in one.address if sign.isdecimal()))
            blocks.append(Block(one.sheet, row, tuple(column["letter"] for column in one.said["columns"]), []))
        else:
            cells.append(Cell(one.sheet, one.address, None))
    return cells, blocks


def _kept(name: str, data: bytes) -> dict[str, str]:
    if len(data) > MAX_FILE:
        raise ValidationError({"file": _("文件超过 20 MB。空白表一般只有几十 KB，请核对是否选错了文件。")})
    try:
        Blank(data)
    except FillingError as error:
        raise words.refused(error, "file") from error
    return {"blank_hash": storage.keep(data), "blank_name": name[:200]}


def _fits(blank: Blank, bindings: Iterable[Binding], field: str = "") -> None:
    try:
        found = faults_of(blank, *asked_cells(bindings))
    except FillingError as error:
        raise words.refused(error, field) from error
    if found:
        raise words.refused(FillingError(found), field)


def _said(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a binding keeps of what was entered, checked."""
    if kind == "dimension":
        return {"field": _one_of("field", values)}
    if kind == "typed":
        return {"number": bool(values.get("number"))}
    if kind == "constant":
        return {"value": _constant(values.get("text", ""))}
    known = {one.id for one in source().indicators()}
    if values.get("indicator") not in known:
        raise ValidationError({"indicator": _("请选一个指标。")})
    said = {"indicator": values["indicator"], "span": _one_of("span", values), "key": values.get("key", "")}
    if said["key"] and said["key"] not in {code for group in parts().values() for code in group}:
        raise ValidationError({"key": _("没有这个管理主体、县区或行业。")})
    if kind == "list":
        columns = values.get("columns") or []
        if not columns:
            raise ValidationError({"columns": _("请至少写一列，例如 A=number，每行一列。")})
        rows = values.get("rows") or "counted"
        return {**said, "columns": columns, "rows": _one_of("rows", {"rows": rows})}
    beside = values.get("beside", "")
    if beside and beside not in known:
        raise ValidationError({"beside": _("没有这个指标。")})
    more = {"part": _one_of("part", values), "factor": _one_of("factor", values), "beside": beside}
    return {**said, **more, "places": int(values.get("places") or 0)}


def _one_of(group: str, values: Mapping[str, Any]) -> str:
    if values.get(group) not in options(group):
        raise ValidationError({group: _("请选一项。")})
    return str(values[group])


def _constant(text: str) -> list[str] | None:
    if not text.strip():
        raise ValidationError({"text": _("请写固定的内容。")})
    try:
        return words.held(read_number(text))
    except ValueError:
        return words.held(text.strip())

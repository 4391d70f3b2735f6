"""Files that prove what was reported: told by their content, kept under their hash, handed out as they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from jigai.platform.duties.data import VIEW, limit, sorts, words
from jigai.platform.duties.models import Evidence, MilestoneStep, Report
from jigai.platform.imports import storage
from jigai.platform.walls.actor import Actor

_NAME: Final = 200


@dataclass(frozen=True)
class File:
    """A file as it came: what it was called, and its bytes."""

    name: str
    data: bytes


def given(files: Iterable[UploadedFile]) -> list[File]:
    """Return uploaded files; those too large are not even read.

    Raises:
        ValidationError: naming every file that is not taken, with why and what to do.
    """
    found, faults = [], []
    for one in files:
        if (one.size or 0) > limit("evidence_bytes"):
            faults.append(_too_large(one.name or ""))
        else:
            found.append(File(one.name or "", bytes(one.read())))
    if faults:
        raise ValidationError({"evidence": faults})
    return found


def keep(files: Iterable[File], subject: Report | MilestoneStep) -> list[Evidence]:
    """Keep files with a report or a note of a milestone.

    Raises:
        ValidationError: a file is empty, too large or of no sort of ``evidence.csv``, or there are too many.
        StorageFullError: there is no room.
    """
    held = list(files)
    faults = [fault for one in held if (fault := _fault(one))]
    if len(held) > limit("evidence_files"):
        faults.append(_("一次最多 %(n)d 份佐证材料，请分次提交。") % {"n": limit("evidence_files")})
    if faults:
        raise ValidationError({"evidence": faults})
    about = {"report": subject} if isinstance(subject, Report) else {"milestone_step": subject}
    return [
        Evidence.objects.create(
            file_name=Path(one.name.replace("\\", "/")).name[-_NAME:],
            content_hash=storage.keep(one.data),
            media_type=media_type(one),
            size=len(one.data),
            recorded_at=subject.recorded_at,
            recorded_by=subject.recorded_by,
            **subject.scope_columns(),
            **about,
        )
        for one in held
    ]


def media_type(file: File) -> str:
    """Return what a file is by what it begins with and how it is called; empty where it is not taken."""
    ending = file.name.rpartition(".")[2].lower()
    return next((one.media_type for one in sorts() if file.data.startswith(one.sign) and ending in one.endings), "")


def fetch(actor: Actor, pk: int) -> tuple[Evidence, bytes]:
    """Return a file in scope with its content; ``Http404`` for anything else, and where the store has lost it."""
    actor.require(VIEW)
    found = Evidence.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        return found, storage.read(found.content_hash)
    except FileNotFoundError as error:
        raise Http404 from error


def _fault(file: File) -> str:
    if not file.data:
        return _("“%(name)s”是空文件，请重新选择。") % {"name": file.name}
    if len(file.data) > limit("evidence_bytes"):
        return _too_large(file.name)
    if not media_type(file):
        taken = "、".join(one.label for one in words("evidence").values())
        return _("“%(name)s”没有收：只收%(taken)s，内容要与扩展名一致。") % {"name": file.name, "taken": taken}
    return ""


def _too_large(name: str) -> str:
    return _("“%(name)s”超过 %(mb)d MB，请压缩或拆开后再传。") % {"name": name, "mb": limit("evidence_bytes") // 2**20}

"""What lies on the disk: pages' assets, labels, the data folder, room, keys, reference data."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from jigai.platform.ops.checks.line import Line, State
from jigai.platform.standards import active
from jigai.reference import DatasetError, Reference
from jigai.screening.sentences import Language

NEEDED = ("vendor/tabler.min.css", "vendor/echarts.min.js", "jigai/jigai.css")
PLATFORM = Path(__file__).resolve().parents[2]
MB = 2**20


def check(language: Language) -> Iterator[Line]:
    """Look at each."""
    yield static(language)
    yield labels(language)
    yield from data_folder(language)
    yield room(language)
    yield from keys(language)
    yield reference(language)


def originals(language: Language) -> Line:
    """Say whether files handed in lie there that no row names; asked only where the database answers."""
    from jigai.platform.imports.originals import unnamed

    found = unnamed()
    if not found:
        return Line.of("ok", "originals_ok", language)
    size = f"{sum(one.size for one in found) / MB:.1f}"
    first = "、".join(one.path.name[:16] for one in found[:3])
    return Line.of("warn", "originals_unnamed", language, count=len(found), size=size, first=first)


def static(language: Language) -> Line:
    """Say whether the pages' files are gathered, the third-party ones among them."""
    listed = settings.STATIC_ROOT / "staticfiles.json"
    if not listed.is_file():
        return Line.of("fail", "static_none", language, folder=settings.STATIC_ROOT)
    try:
        told = json.loads(listed.read_text(encoding="utf-8"))
    except ValueError:  # cut off
        told = {}
    paths = told.get("paths") if isinstance(told, dict) else None
    if not isinstance(paths, dict):
        return Line.of("fail", "static_lost", language, names=listed.name)
    lost = [name for name in NEEDED if not (settings.STATIC_ROOT / paths.get(name, "?")).is_file()]
    if lost:
        return Line.of("fail", "static_lost", language, names="、".join(lost))
    return Line.of("ok", "static_ok", language, count=len(paths))


def labels(language: Language) -> Line:
    """Say whether the English labels are compiled."""
    raw = [source for source in PLATFORM.glob("*/locale/*/LC_MESSAGES/*.po") if not source.with_suffix(".mo").exists()]
    return Line.of("warn" if raw else "ok", "labels_raw" if raw else "labels_ok", language)


def data_folder(language: Language) -> Iterator[Line]:
    """Say whether files can be kept."""
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.DATA_DIR):
            pass
    except OSError as error:
        yield Line.of("fail", "data_unwritable", language, folder=settings.DATA_DIR, error=error)
    else:
        yield Line.of("ok", "data_writable", language, folder=settings.DATA_DIR)


def room(language: Language) -> Line:
    """Say whether there is room: under the reserve uploads are refused, near it it is time to act."""
    place = next(folder for folder in (settings.DATA_DIR, *settings.DATA_DIR.parents) if folder.exists())
    free, reserve = shutil.disk_usage(place).free // MB, settings.ENV["disk_reserve_mb"]
    state: State = "ok" if free >= 4 * reserve else "warn" if free >= reserve else "fail"
    return Line.of(state, "disk_room", language, free=free, reserve=reserve, folder=place)


def keys(language: Language) -> Iterator[Line]:
    """Say whether others on this machine can read the signing key."""
    path = settings.DATA_DIR / "keys" / "signing.key"
    if path.is_file() and os.name == "posix":
        open_to_others = bool(path.stat().st_mode & 0o077)
        yield Line.of(
            "fail" if open_to_others else "ok", "key_open" if open_to_others else "key_closed", language, path=path
        )


def reference(language: Language) -> Line:
    """Say whether the lists and standards load, the city's own among them."""
    try:
        held = Reference.load(date.today(), active.own_places())
    except (DatasetError, OSError) as error:
        return Line.of("fail", "reference_broken", language, error=error)
    try:
        held = active.reference(date.today())
    except active.ReferenceMismatchError as error:
        return Line.of("fail", "reference_other", language, error=error)
    except DatabaseError:
        pass  # said above, where the database is looked at
    return Line.of("ok", "reference_ok", language, count=len(held.datasets), hash=held.content_hash[:12])

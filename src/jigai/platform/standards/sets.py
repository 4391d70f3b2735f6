"""Sets of facts in the database: the newest, and a new one when a release or the city's own data changed."""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import connections

from jigai import __version__
from jigai.platform.standards import active
from jigai.platform.standards.models import Change, ReferenceSet
from jigai.reference import DatasetError
from jigai.reference.loader import read_all, set_hash

log = logging.getLogger("jigai.standards")
ANY_DAY: Final = date(2000, 1, 1)
"""Which facts are held depends on no day."""


def recorded(using: str = "default") -> active.InUse | None:
    """Return the set in use as the database says; None where the tables are not there yet or hold none."""
    if ReferenceSet._meta.db_table not in _tables(using):
        return None
    found = ReferenceSet.objects.using(using).order_by("-pk").first()
    return active.InUse(found.set_hash, tuple(found.packages)) if found else None


def hash_with(packages: tuple[str, ...]) -> str:
    """Return the hash of all facts if ``packages`` were in use, read anew from the disk.

    ``DatasetError`` where they do not load or do not go together.
    """
    return set_hash(read_all([*active.own_places(), *(active.package_path(one) for one in packages)]))


def adopt(using: str = "default", by: str = "") -> ReferenceSet | None:
    """Make what this installation holds (release, city's own data, packages in use) the set in use; None: it is.

    Done after every migration. Facts that do not load are not adopted: the site then refuses and says why.
    """
    if ReferenceSet._meta.db_table not in _tables(using):
        return None
    known = ReferenceSet.objects.using(using).order_by("-pk").first()
    packages = tuple(known.packages) if known else ()
    try:
        held = _remembered(active.own_places(), packages, active.folder())
    except (DatasetError, OSError) as error:
        log.error("the reference data does not load, nothing is adopted: %s", error)
        return None
    made = None
    if known is None or known.set_hash != held:
        made = append(held, packages, "release" if known else "first", by or f"jigai {__version__}")
    settle(using)
    return made


def append(held: str, packages: tuple[str, ...], why: str, by: str, change: Change | None = None) -> ReferenceSet:
    """Write down that a set is in use; ``why`` is *first*, *release*, *activate* or *restore*."""
    return ReferenceSet.objects.create(
        set_hash=held, packages=list(packages), release=__version__, why=why, change=change, made_by=by[:150]
    )


def settle(using: str = "default") -> bool:
    """Bring the file in the data folder in line with the database; tell whether it was not."""
    wanted = recorded(using)
    if wanted is None or active.published() == wanted:
        return False
    active.publish(wanted)
    return True


def _tables(using: str) -> list[str]:
    return connections[using].introspection.table_names()


@lru_cache(maxsize=8)
def _remembered(_own: tuple[Path, ...], packages: tuple[str, ...], _folder: Path) -> str:
    """Return the hash of all facts, once per process: a release does not change under it."""
    return hash_with(packages)

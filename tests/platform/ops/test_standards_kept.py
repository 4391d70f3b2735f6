"""Packages in use and runs go into backups and exports whole, and what is brought back judges by the same facts."""

from __future__ import annotations

import json

import pytest

ACTIVATE = """
from datetime import date
from django.db import transaction
from tests.platform.standards.making import package
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run
from jigai.platform.standards import active, packages, sets
from jigai.platform.standards.models import Package
from jigai.platform.walls.scope import command_scope, use_scope
import polars as pl
read = packages.read("city-list.zip", package(), date(2026, 11, 23))
packages.keep(read)
place = storage.keep({"devices": pl.DataFrame({"device": [1]})}, {"sites": []}, "kept")
with transaction.atomic(), use_scope(command_scope("test")):
    Package.objects.create(
        content_hash=read.content_hash, path=f"files/standards/{read.content_hash}.zip", file_name="city-list.zip",
        title="x", datasets=read.told(), sent_by="x",
    )
    sets.append(sets.hash_with((read.content_hash,)), (read.content_hash,), "activate", "x")
    Run.objects.create(title="x", as_of=date(2026, 11, 23), started_by="x", output_hash=place)
sets.settle()
"""
TELL = """
import json
from datetime import date
from django.db import transaction
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run
from jigai.platform.standards import active
from jigai.platform.walls.scope import command_scope, use_scope
with transaction.atomic(), use_scope(command_scope("test")):
    place = Run.objects.get().output_hash
held = active.reference(date(2026, 11, 23))
print(json.dumps([held.set_hash, held.has("city-list"), list(active.in_use().packages), storage.whole(place)]))
"""


def told(place):
    return json.loads(place.python(TELL))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("give", "take"), [("backup", "restore"), pytest.param("export", "import", marks=pytest.mark.slow)]
)
def test_what_is_brought_back_judges_by_the_same_facts(make_place, tmp_path, give, take):
    place = make_place(sqlite=True)
    place.python(ACTIVATE)
    before = told(place)
    assert before[1:] == [True, before[2], True]
    assert len(before[2]) == 1
    place.jigai(give, tmp_path / "kept")
    other = make_place(bare=True, sqlite=True)
    other.jigai(take, tmp_path / "kept")
    assert told(other) == before


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_lost_package_is_named_by_backup_and_check(make_place, tmp_path):
    place = make_place(sqlite=True)
    place.python(ACTIVATE)
    (zipped,) = (place.data / "files" / "standards").glob("*.zip")
    zipped.unlink()
    assert zipped.name in place.jigai("backup", tmp_path / "kept", code=2).stdout
    said = place.jigai("check", code=1).stdout
    assert "files/standards" in said

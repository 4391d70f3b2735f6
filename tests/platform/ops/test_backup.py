"""Backup and restore as an operator does them: two installations, the same content afterwards."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import time

import pytest
from tests.platform.ops.conftest import FILL, sql

from jigai.platform.ops.manifest import NAME, SEAL

CONTENT = """
import json
from django.db import connection, transaction
from jigai.platform.ops import digest, installation
if connection.vendor == "sqlite":
    tables = digest.of_sqlite(installation.sqlite_file())
else:
    with transaction.atomic():
        tables = digest.of_postgres()
print(json.dumps(tables))
"""
CHAIN = """
from django.db import transaction
from jigai.platform.audit.models import Event
from jigai.platform.walls.scope import command_scope, use_scope
with transaction.atomic(), use_scope(command_scope("check")):
    from jigai.platform.audit.verification import verify
    found = verify()
    assert found.intact and not found.waiting, found
    held = found.checked
    print(held)
"""
TRAIL = "audit_"
"""What the names of the tables of the audit trail begin with."""


def content(place):
    """Every table's digest but that of the audit trail, which tells of the restore itself."""
    tables = json.loads(place.python(CONTENT))
    return {name: told for name, told in tables.items() if not name.startswith(TRAIL)}


def files(place):
    held = {}
    for path in sorted(place.data.rglob("*")):
        if path.is_file() and path.name not in {"trial.lock"} and ".sqlite3" not in path.name:
            held[path.relative_to(place.data).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return held


def test_an_empty_installation_gets_the_same_content(filled, make_place, tmp_path):
    told = filled.jigai("backup", tmp_path / "b").stdout
    assert "已备份" in told
    other = make_place(bare=True)
    other.jigai("restore", tmp_path / "b")
    assert content(other) == content(filled)
    assert files(other) == files(filled)
    assert "keys/signing.key" in files(other)
    # Five events, the backup came after; the restore is in the trail, and the chain holds on.
    assert other.python(CHAIN) == "6"
    # The walls stand again: the plain role sees nothing without a scope, and cannot change the trail.
    checked = json.loads(other.jigai("check", "--json", owner=False, code=None).stdout)
    keys = {line["key"]: line["state"] for line in checked["lines"]}
    assert {keys[key] for key in ("role_plain", "rls_ok", "trail_fixed", "db_migrated")} == {"ok"}


@pytest.mark.slow
@pytest.mark.sqlite
def test_the_one_office_mode_too(make_place, tmp_path):
    place, other = make_place(sqlite=True), make_place(sqlite=True)
    place.python(FILL)
    place.jigai("backup", tmp_path / "b")
    other.jigai("restore", tmp_path / "b")
    assert content(other) == content(place)
    assert files(other) == files(place)
    assert other.python(CHAIN) == "6"


@pytest.mark.slow
def test_what_is_there_is_not_overwritten_unless_told(filled, make_place, tmp_path):
    filled.jigai("backup", tmp_path / "b")
    other = make_place()
    other.python(FILL + "\nfrom jigai.platform.accounts.models import User\nUser.objects.update(name='别人')")
    before = content(other)
    refused = other.jigai("restore", tmp_path / "b", code=1).stderr
    assert "--replace" in refused and "账号" in refused
    assert content(other) == before
    other.jigai("restore", tmp_path / "b", "--replace")
    assert content(other) == content(filled)
    (other.data / "files" / "later.txt").write_text("neu", encoding="utf-8")
    other.jigai("restore", tmp_path / "b", "--replace")
    assert files(other) == files(filled)


@pytest.mark.parametrize(
    "harm",
    ["changed", "list", pytest.param("lost", marks=pytest.mark.slow), pytest.param("seal", marks=pytest.mark.slow)],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(filled, make_place, tmp_path, harm):
    backup = tmp_path / "b"
    filled.jigai("backup", backup)
    held = backup / "files" / "files" / "上传" / "台账 一.csv"
    if harm == "changed":
        held.write_bytes(held.read_bytes()[:-1] + b"?")
    elif harm == "lost":
        held.unlink()
    elif harm == "list":
        text = (backup / NAME).read_text(encoding="utf-8")
        (backup / NAME).write_text(text.replace('"rows": 5', '"rows": 4'), encoding="utf-8")
    else:
        (backup / SEAL).unlink()
    other = make_place(bare=True)
    said = other.jigai("restore", backup, code=1).stderr
    assert ("台账 一.csv" in said) == (harm in {"changed", "lost"})
    assert "Traceback" not in said
    assert files(other).keys() <= {"keys/signing.key"}


@pytest.mark.slow
def test_a_backup_of_a_later_release_is_refused(filled, make_place, tmp_path, server):
    name = filled.owner.split("/")[3].split("?")[0]
    sql(server, "insert into django_migrations (app, name, applied) values ('audit', '0999_later', now())", name)
    filled.jigai("backup", tmp_path / "b")
    said = make_place(bare=True).jigai("restore", tmp_path / "b", code=1).stderr
    assert "audit.0999_later" in said


@pytest.mark.slow
def test_the_plain_role_can_neither_back_up_nor_restore(filled, make_place, tmp_path):
    said = filled.jigai("backup", tmp_path / "b", owner=False, code=1).stderr
    assert "jigai_owner" in said and not (tmp_path / "b").exists()
    filled.jigai("backup", tmp_path / "b")
    said = make_place().jigai("restore", tmp_path / "b", owner=False, code=1).stderr
    assert "jigai_owner" in said
    # Nothing half-written is left either.
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


@pytest.mark.slow
def test_a_backup_never_overwrites_and_keeps_the_newest(filled, tmp_path):
    filled.jigai("backup", tmp_path / "b")
    assert "已经存在" in filled.jigai("backup", tmp_path / "b", code=1).stderr
    folder = tmp_path / "dated"
    (folder / "jigai-20200101-000000").mkdir(parents=True)
    shutil.copy(tmp_path / "b" / NAME, folder / "jigai-20200101-000000" / NAME)
    (folder / "jigai-20200102-000000").mkdir()  # not complete: not ours to remove, and not counted
    filled.jigai("backup", folder, "--dated", "--keep", "1")
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 2 and left[0] == "jigai-20200102-000000"
    assert "--dated" in filled.jigai("backup", folder, "--keep", "1", code=1).stderr


BUSY = """
import sys, time, hashlib
from pathlib import Path
from django.conf import settings
from django.db import transaction
from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.walls.scope import command_scope, use_scope
LegalPerson.data_paths = ("name",)
folder = settings.DATA_DIR / "files"
folder.mkdir(exist_ok=True)
"""
NAMED = """
with transaction.atomic(), use_scope(command_scope("x")):
    LegalPerson.objects.update(name="files/{}")
"""
BACK_UP = """
from jigai.platform.ops import keeping
sys.exit(keeping.backup(Path({!r}), "zh"))
"""
WRITER = (
    BUSY
    + """
end = time.monotonic() + 12
number = 0
stop = Path(sys.argv[1] if len(sys.argv) > 1 else settings.DATA_DIR.parent / "stop")
while time.monotonic() < end and not stop.exists():
    number += 1
    body = f"file {number}".encode() * 2000
    name = hashlib.sha256(body).hexdigest() + ".bin"
    (folder / (name + ".part")).write_bytes(body)
    (folder / (name + ".part")).rename(folder / name)
    with transaction.atomic(), use_scope(command_scope("writer")):
        columns = {"industry_code": "3130", "manager_code": "510402"}
        LegalPerson.objects.create(name=f"files/{name}", credit_code=f"{number:018d}", **columns)
    if number % 3 == 0:  # an earlier one is withdrawn: row first, then file
        with transaction.atomic(), use_scope(command_scope("writer")):
            gone = LegalPerson.objects.exclude(name="files/empty.bin").order_by("pk").first()
            name = gone.name
            gone.delete()
        (settings.DATA_DIR / name).unlink()
print(number)
"""
)


@pytest.mark.slow
def test_files_and_rows_fit_although_people_go_on_working(filled, make_place, tmp_path):
    filled.python(BUSY + NAMED.format("empty.bin"))
    said = []
    writer = threading.Thread(target=lambda: said.append(filled.python(WRITER)))
    writer.start()
    time.sleep(3)
    told = filled.python(BUSY + BACK_UP.format(str(tmp_path / "b")))
    (tmp_path / "stop").touch()
    writer.join()
    assert int(said[0]) > 20, "the writer hardly ran"
    assert "丢失" not in told
    other = make_place(bare=True)
    other.jigai("restore", tmp_path / "b")
    missing = other.python(
        BUSY
        + "with transaction.atomic(), use_scope(command_scope('look')):\n"
        + "    names = list(LegalPerson.objects.filter(name__startswith='files/').values_list('name', flat=True))\n"
        + "print(len(names) > 0, [n for n in names if not (settings.DATA_DIR / n).is_file()])"
    )
    assert missing == "True []"


@pytest.mark.slow
def test_a_file_that_was_lost_before_is_named(filled, tmp_path):
    told = filled.python(BUSY + NAMED.format("none.xlsx") + BACK_UP.format(str(tmp_path / "b")), code=2)
    assert "none.xlsx" in told and "丢失" in told
    wrong = "0" * 64
    spoilt = f"(folder / '{wrong}.bin').write_bytes(b'x')\n"
    told = filled.python(BUSY + NAMED.format("empty.bin") + spoilt + BACK_UP.format(str(tmp_path / "c")), code=2)
    assert wrong in told and "none.xlsx" not in told

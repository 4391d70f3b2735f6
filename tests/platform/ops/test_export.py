"""Leaving with everything, and coming back: export → import → export gives the same."""

from __future__ import annotations

import json

import pytest
from tests.platform.ops.conftest import FILL
from tests.platform.ops.test_backup import CHAIN, TRAIL

from jigai.platform.ops.manifest import NAME


def told(folder):
    """What an export says of every part but the audit trail, which also tells of export and import themselves."""
    entries = json.loads((folder / NAME).read_text(encoding="utf-8"))["entries"]
    return {one["path"]: one["sha256"] for one in entries if not one["path"].startswith(f"tables/{TRAIL}")}


def trail(folder):
    return (folder / "tables" / "audit_event.jsonl").read_text(encoding="utf-8").splitlines()


def again(place, other, tmp_path):
    place.jigai("export", tmp_path / "one")
    said = other.jigai("import", tmp_path / "one").stdout
    assert "导入" in said and "签名密钥" not in said, "the key came along"
    other.jigai("export", tmp_path / "two")
    first, second = told(tmp_path / "one"), told(tmp_path / "two")
    assert first.items() ^ second.items() == set()
    assert len(first) > 20
    # The trail came along line by line, and says that it was brought here.
    lines = trail(tmp_path / "two")
    assert lines[: len(trail(tmp_path / "one"))] == trail(tmp_path / "one")
    assert json.loads(lines[-1])["action"] == "export.imported"
    assert other.python(CHAIN) == "7"  # five events, the import, the second export


def test_what_goes_out_comes_in_again(filled, make_place, tmp_path):
    other = make_place()
    again(filled, other, tmp_path)
    # New rows get new numbers, signing in works, the plain role is held by the walls.
    other.python(
        "from django.contrib.auth import authenticate\n"
        "from jigai.platform.accounts.models import Organisation, User\n"
        "assert User.objects.get(username='county_officer_510402').check_password('correct horse battery')\n"
        "Organisation.objects.create(kind='bank', name='新银行')\n"
        "from jigai.platform.enterprises.models import LegalPerson\n"
        "assert LegalPerson.objects.count() == 0",
        owner=False,
    )


@pytest.mark.slow
@pytest.mark.sqlite
def test_one_office_can_move_to_a_server(make_place, request, tmp_path):
    place = make_place(sqlite=True)
    place.python(FILL)
    again(place, make_place(sqlite=request.config.getoption("--sqlite")), tmp_path)


def test_an_export_can_be_read_without_jigai(filled, tmp_path):
    filled.jigai("export", tmp_path / "out")
    lines = (tmp_path / "out" / "tables" / "enterprises_legalperson.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["name"] for line in lines) == ["东风轧钢有限公司", "西山水泥有限公司"]
    meaning = json.loads((tmp_path / "out" / "columns.json").read_text(encoding="utf-8"))
    assert {"name": "name", "type": "CharField", "meaning": "姓名"} in meaning["accounts_user"]
    assert (tmp_path / "out" / "files" / "files" / "上传" / "台账 一.csv").read_bytes() == "变压器,S9".encode("gb18030")


@pytest.mark.slow
def test_an_import_never_mixes(filled, tmp_path):
    filled.jigai("export", tmp_path / "out")
    assert "--replace" in filled.jigai("import", tmp_path / "out", code=1).stderr
    assert "jigai restore" not in filled.jigai("import", tmp_path / "out", "--replace").stderr
    filled.jigai("backup", tmp_path / "b")
    assert "jigai restore" in filled.jigai("import", tmp_path / "b", code=1).stderr
    assert "jigai import" in filled.jigai("restore", tmp_path / "out", code=1).stderr


@pytest.mark.slow
def test_a_broken_line_brings_nothing_in(filled, make_place, tmp_path):
    filled.jigai("export", tmp_path / "out")
    table = tmp_path / "out" / "tables" / "accounts_user.jsonl"
    table.write_text(table.read_text(encoding="utf-8").replace("county_officer", "someone", 1), encoding="utf-8")
    other = make_place()
    said = other.jigai("import", tmp_path / "out", code=1).stderr
    assert "tables/accounts_user.jsonl" in said
    assert other.python("from jigai.platform.accounts.models import User\nprint(User.objects.count())") == "0"

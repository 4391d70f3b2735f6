"""A package is read whole: every flaw with its place and remedy, nothing half loaded, nothing hostile let in."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from tests.platform.standards.making import COLUMNS, manifest, package, packed, rules

from jigai.platform.standards import active, packages
from jigai.platform.standards.packages import PackageRefusedError
from jigai.reference.loader import read_all

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 23)


def refused(data, name="city-list.zip"):
    with pytest.raises(PackageRefusedError) as said:
        packages.read(name, data, DAY)
    assert not list(active.folder().glob("*.zip"))
    return said.value.flaws


def test_every_flaw_of_every_table_is_told_with_its_place():
    flaws = refused(
        package({"condition": "power_kw >= 5.5kW以上"}, {"entry_id": "CITY-2", "outcome": "ban"}, {"kind": ""})
    )
    told = {(one.file, one.row, one.column) for one in flaws}
    assert ("city-list/rules.csv", 2, "condition") in told
    assert ("city-list/rules.csv", 3, "outcome") in told
    assert ("city-list/rules.csv", 4, "kind") in told
    assert ("city-list/rules.csv", 4, "entry_id") in told
    assert all(one.text and "/tmp" not in one.text for one in flaws)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"city-list/rules.csv": rules()}, "manifest.yaml"),
        ({"city-list/manifest.yaml": manifest()}, "rules.csv"),
        ({"other/manifest.yaml": manifest(), "other/rules.csv": rules()}, "city-list"),
        ({"city-list/manifest.yaml": b"\xff\xfe", "city-list/rules.csv": rules()}, "UTF-8"),
        ({"../city-list/manifest.yaml": manifest(), "../city-list/rules.csv": rules()}, "不允许"),
        ({"readme.txt": b"x"}, "数据集"),
        ({f"d{number}/x.csv": b"a\n" for number in range(5_001)}, "过多"),
    ],
)
def test_what_is_no_package_says_what_it_lacks(files, said):
    assert any(said in f"{one.file} {one.text}" for one in refused(packed(files)))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 50, package()[:200]])
def test_what_is_no_zip_is_refused(data):
    assert refused(data)


def test_a_zip_bomb_is_refused_before_it_fills_memory():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("city-list/manifest.yaml", manifest())
        with archive.open("city-list/rules.csv", "w", force_zip64=True) as stream:
            for _ in range(60):
                stream.write(b"0" * 2**20)
    data = target.getvalue()
    tracemalloc.start()
    flaws = refused(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "过大" in flaws[0].text
    assert most < 20 * 2**20


def test_a_yaml_bomb_is_refused_at_once():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
    )
    flaws = refused(packed({"city-list/manifest.yaml": bomb.encode(), "city-list/rules.csv": rules()}))
    assert "别名" in flaws[0].text


def test_a_manifest_nested_without_end_is_refused():
    deep = b"id: " + b"[" * 20_000
    assert "层次" in refused(packed({"city-list/manifest.yaml": deep}))[0].text


def test_an_encrypted_zip_is_refused():
    data = bytearray(package())
    for place in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[place] |= 1
    assert any("密码" in one.text or "打不开" in one.text for one in refused(bytes(data)))


def test_a_dataset_the_engine_cannot_judge_by_is_refused():
    columns = {name: kind for name, kind in COLUMNS.items() if name != "series"}
    tables = {"rules": {"file": "rules.csv", "key": ["entry_id"], "columns": columns}}
    lines = rules().decode().splitlines()
    place = lines[0].split(",").index("series")
    cut = "\n".join(",".join(cell for at, cell in enumerate(line.split(",")) if at != place) for line in lines)
    files = {"city-list/manifest.yaml": manifest(tables=tables), "city-list/rules.csv": cut.encode() + b"\n"}
    found = packages.read("city-list.zip", packed(files), DAY)
    assert found.datasets["city-list"].tables["rules"].height == 1
    named = {"rows": {"file": "rules.csv", "key": ["entry_id"], "columns": COLUMNS}}
    flaws = refused(packed({"city-list/manifest.yaml": manifest(tables=named), "city-list/rules.csv": rules()}))
    assert "试判" in flaws[0].text


def test_a_dataset_that_stands_instead_of_another_has_all_its_columns():
    flaws = refused(package(id="elimination-3"), "elimination-3.zip")
    assert {one.column for one in flaws} >= {"asks", "name_not"}
    assert any(one.column == "tables.deadlines" for one in flaws)


def test_two_documents_of_one_check_that_hold_on_the_same_day_are_refused():
    flaws = refused(package(supersedes=["elimination-4"]))
    assert any(one.column == "supersedes" for one in flaws)


def test_a_zip_made_from_inside_the_folder_takes_the_name_of_its_file():
    inside = packed({"manifest.yaml": manifest(), "rules.csv": rules()})
    assert list(packages.read("city-list.zip", inside, DAY).datasets) == ["city-list"]
    assert list(packages.read(r"C:\下载\city-list.zip", inside, DAY).datasets) == ["city-list"]
    assert refused(inside, "别的名字.zip")


def test_several_datasets_come_together():
    both = packed(
        {
            "city-list/manifest.yaml": manifest(in_force_to=date(2026, 12, 31)),
            "city-list/rules.csv": rules(),
            "city-list-2/manifest.yaml": manifest(
                id="city-list-2", supersedes=["city-list"], in_force_from=date(2027, 1, 1)
            ),
            "city-list-2/rules.csv": rules({"entry_id": "NEW-1"}),
        }
    )
    found = packages.read("x.zip", both, DAY)
    assert [one["id"] for one in found.told()] == ["city-list", "city-list-2"]


def test_the_same_content_is_the_same_package_however_it_was_packed():
    marked = packed({"city-list/rules.csv": rules(), "city-list/manifest.yaml": manifest(), "__MACOSX/x.csv": b"x"})
    assert packages.read("a.zip", marked, DAY).content == packages.read("b.zip", package(), DAY).content


def test_what_is_kept_loads_as_what_was_sent():
    found = packages.read("city-list.zip", package(), DAY)
    packages.keep(found)
    loaded = read_all([active.package_path(found.content_hash)])
    assert loaded["city-list"].content_hash == found.told()[0]["content_hash"]
    assert loaded["city-list"].tables["rules"].equals(found.datasets["city-list"].tables["rules"])

"""Loading: what is in force when, what a city adds or replaces, and the fingerprint of the facts."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.reference.conftest import RULES, MakeDataset

from jigai.reference import DatasetError, Reference
from jigai.reference import sources as sources_module
from jigai.reference.loader import read_place

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2024, 1, 31), False),
        (date(2024, 2, 1), True),
        (date(2024, 8, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_holds_only_what_is_in_force(make_dataset: MakeDataset, day: date, there: bool) -> None:
    folder = make_dataset(end="2025-06-30")
    reference = Reference.load(day, [folder])
    assert reference.has("city-list") is there
    assert ("city-list" in reference.all_datasets) is True
    assert any(gap.dataset == "city-list" for gap in reference.gaps) is there


def test_reads_every_type(make_dataset: MakeDataset) -> None:
    table = Reference.load(DAY, [make_dataset()]).table("city-list")
    assert table.schema == {
        "entry_id": pl.String(),
        "code": pl.Int64(),
        "power_kw": pl.Float64(),
        "models": pl.List(pl.String()),
        "mandatory": pl.Boolean(),
        "deadline": pl.Date(),
        "year": pl.Int32(),
        "condition": pl.String(),
    }
    first, second = table.to_dicts()
    assert first["models"] == ["Y-1", "Y-2"]
    assert first["deadline"] == date(2025, 12, 31)
    assert first["mandatory"] is True
    assert second["power_kw"] is None
    assert second["models"] is None


def test_codes_above_sixteen_bits_survive(make_dataset: MakeDataset) -> None:
    codes = Reference.load(DAY, [make_dataset()]).table("city-list")["code"].to_list()
    assert codes == [510402001, 40000]


def test_adds_by_folder_and_by_folder_of_folders(make_dataset: MakeDataset) -> None:
    one = make_dataset()
    make_dataset("city-two")
    shipped = Reference.load(DAY)
    assert set(Reference.load(DAY, [one]).datasets) - set(shipped.datasets) == {"city-list"}
    both = Reference.load(DAY, [one.parent])
    assert set(both.datasets) - set(shipped.datasets) == {"city-list", "city-two"}
    assert list(both.datasets) == sorted(both.datasets)


def test_a_later_place_takes_the_place_of_an_earlier_one(make_dataset: MakeDataset) -> None:
    first = make_dataset()
    second = make_dataset(under="newer", rules=RULES.replace("7.5", "11"))
    assert Reference.load(DAY, [first, second]).table("city-list")["power_kw"][0] == 11
    assert Reference.load(DAY, [second, first]).table("city-list")["power_kw"][0] == 7.5


def test_overrides_a_shipped_dataset(make_dataset: MakeDataset) -> None:
    reference = Reference.load(DAY, [make_dataset("gb4754-2017")])
    assert reference.dataset("gb4754-2017").title_zh == "本市示例目录"
    assert reference.content_hash != Reference.load(DAY).content_hash


def _zip(folder: Path, target: Path, inside: str) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{inside}{path.name}")
    return target


@pytest.mark.parametrize("inside", ["city-list/", "data/city-list/", ""])
def test_reads_a_zip_wherever_the_dataset_lies_in_it(make_dataset: MakeDataset, tmp_path: Path, inside: str) -> None:
    folder = make_dataset()
    archive = _zip(folder, tmp_path / "city-list.zip", inside)
    by_zip, by_folder = Reference.load(DAY, [archive]), Reference.load(DAY, [folder])
    assert by_zip.table("city-list").equals(by_folder.table("city-list"))
    assert by_zip.content_hash == by_folder.content_hash


@pytest.mark.parametrize("name", ["../city-list/rules.csv", "/etc/rules.csv", "city-list\\rules.csv", "c:/rules.csv"])
def test_refuses_odd_paths_in_a_zip(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "odd.zip"
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr(info, "a\n1\n")
    with pytest.raises(DatasetError) as caught:
        read_place(archive)
    assert caught.value.faults[0].code == "zip_name"


def test_stops_a_zip_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_module, "MAX_ZIP_BYTES", 1_000_000)
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("city-list/rules.csv", "0" * 1_000_001)
    with pytest.raises(DatasetError) as caught:
        read_place(archive)
    assert caught.value.faults[0].code == "zip_size"


def test_refuses_a_file_that_is_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    path.write_text("not a zip", encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_place(path)
    assert caught.value.faults[0].code == "zip_broken"


def test_a_dataset_twice_in_one_zip_is_refused(make_dataset: MakeDataset, tmp_path: Path) -> None:
    folder = make_dataset()
    archive = tmp_path / "twice.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for inside in ("a/city-list", "b/city-list"):
            for path in sorted(folder.iterdir()):
                writer.write(path, f"{inside}/{path.name}")
    with pytest.raises(DatasetError) as caught:
        read_place(archive)
    assert caught.value.faults[0].code == "id_twice"


class TestFingerprint:
    def test_is_the_same_for_the_same_facts(self, make_dataset: MakeDataset, tmp_path: Path) -> None:
        folder = make_dataset()
        copy = tmp_path / "copy" / "city-list"
        shutil.copytree(folder, copy)
        assert Reference.load(DAY, [folder]).content_hash == Reference.load(DAY, [copy]).content_hash

    def test_does_not_change_with_line_ends_or_byte_order_mark(self, make_dataset: MakeDataset, tmp_path: Path) -> None:
        folder = make_dataset()
        before = Reference.load(DAY, [folder])
        windows = tmp_path / "windows" / "city-list"
        shutil.copytree(folder, windows)
        for path in windows.iterdir():
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        after = Reference.load(DAY, [windows])
        assert after.content_hash == before.content_hash
        assert after.table("city-list").equals(before.table("city-list"))

    @pytest.mark.parametrize(("file", "old", "new"), [("rules.csv", "7.5", "7.6"), ("manifest.yaml", "use", "advice")])
    def test_changes_with_any_fact(self, make_dataset: MakeDataset, file: str, old: str, new: str) -> None:
        folder = make_dataset()
        before = Reference.load(DAY, [folder])
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        after = Reference.load(DAY, [folder])
        assert after.dataset("city-list").content_hash != before.dataset("city-list").content_hash
        assert after.content_hash != before.content_hash

    def test_does_not_depend_on_the_day_but_on_what_is_in_force(self, make_dataset: MakeDataset) -> None:
        folder = make_dataset(start="2026-11-22", end="2026-11-23")
        first = Reference.load(date(2026, 11, 22), [folder])
        assert first.content_hash == Reference.load(date(2026, 11, 23), [folder]).content_hash
        assert first.content_hash != Reference.load(date(2026, 11, 24), [folder]).content_hash


def test_unknown_names_are_said(make_dataset: MakeDataset) -> None:
    reference = Reference.load(DAY, [make_dataset()])
    with pytest.raises(KeyError, match="no-such"):
        reference.dataset("no-such")
    with pytest.raises(KeyError, match="it has rules"):
        reference.table("city-list", "limits")


def test_finds_datasets_by_check(make_dataset: MakeDataset) -> None:
    found = [dataset.id for dataset in Reference.load(DAY, [make_dataset()]).by_check("elimination")]
    assert "city-list" in found
    assert found == sorted(found)


def test_part_gaps_come_with_their_dataset(make_dataset: MakeDataset) -> None:
    gaps = [gap for gap in Reference.load(DAY, [make_dataset()]).gaps if gap.dataset == "city-list"]
    assert [(gap.kind, gap.text_zh, gap.equipment_kinds, gap.check) for gap in gaps] == [
        ("part", "缺附件", ("motor",), "elimination")
    ]


def test_a_city_can_name_editions_it_knows_to_be_missing(make_dataset: MakeDataset) -> None:
    folder = make_dataset()
    manifest = folder / "manifest.yaml"
    columns = ("subject", "document", "kind", "text_zh", "text_en", "check", "certainty")
    declared = "".join(f"      {name}: {{type: text}}\n" for name in columns)
    manifest.write_text(
        manifest.read_text(encoding="utf-8")
        + "  gaps:\n    file: gaps.csv\n    key: [document]\n    columns:\n"
        + declared
        + "      in_force_from: {type: date}\n      in_force_to: {type: date}\n"
        + "      equipment_kinds: {type: list}\n      subkinds: {type: list}\n",
        encoding="utf-8",
    )
    header = ",".join([*columns, "in_force_from", "in_force_to", "equipment_kinds", "subkinds"])
    row = "fan efficiency,DB51/1,edition,缺,gap,efficiency,recalled,2025-01-01,2025-12-31,fan,"
    (folder / "gaps.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")

    def documents(day: date) -> set[str]:
        return {gap.document for gap in Reference.load(day, [folder]).gaps}

    assert "DB51/1" in documents(date(2025, 12, 31))
    assert "DB51/1" not in documents(date(2026, 1, 1))


def test_stray_tables_beside_datasets_do_not_count(make_dataset: MakeDataset, tmp_path: Path) -> None:
    folder = make_dataset()
    (folder.parent / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    assert set(read_place(folder.parent)) == {"city-list"}
    archive = _zip(folder, tmp_path / "city.zip", "city/city-list/")
    with zipfile.ZipFile(archive, "a") as writer:
        writer.writestr("city/notes.csv", "a\n1\n")
    assert set(read_place(archive)) == {"city-list"}

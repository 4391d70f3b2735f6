"""File names in another encoding than the system believes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.ledger import books

from jigai.ledger import read_all, read_ledger
from jigai.ledger.filenames import on_disk, shown


@pytest.mark.parametrize("name", ["轧钢.xlsx", "a b.csv", "é.txt", ""])
def test_good_names_stay_as_they_are(name: str) -> None:
    assert shown(name) == name
    assert shown(on_disk(name)) == name


@pytest.mark.parametrize(("raw", "name"), [("轧钢.xlsx".encode("gbk"), "轧钢.xlsx"), (b"a\xff\xff.csv", "a��.csv")])
def test_names_in_other_bytes_are_read_as_gbk_or_marked(raw: bytes, name: str) -> None:
    assert shown(raw.decode("utf-8", "surrogateescape")) == name


def test_a_folder_unpacked_from_a_windows_archive_is_read(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/" + "二厂".encode("gbk")
    try:
        Path(os.fsdecode(folder)).mkdir()
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    path = os.fsdecode(folder + b"/" + "台账.xlsx".encode("gbk"))
    Path(path).write_bytes(books.xlsx([["设备名称", "型号"], ["泵", "IS80"]]))
    assert [ledger.source for ledger in read_all([tmp_path])] == ["二厂/台账.xlsx"]
    assert read_ledger(path).devices["source_file"].to_list() == ["台账.xlsx"]

"""The same ledger in every format reads the same; what is not a ledger is refused with the step to take."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger import books

from jigai.ledger import read_all, read_ledger
from jigai.ledger.limits import MAX_RATIO

ROWS = [books.HEADER, *books.LINES]
TEXT = "\n".join(",".join(str(cell) for cell in row) for row in ROWS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def frame() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(
        {"name": ["水泵", "电机"], "model": ["IS80-65-160", "Y160L-4"], "power_kw": [7.5, 15.0], "quantity": [2, 1]}
    ).write_parquet(out)
    return out.getvalue()


FORMATS = {
    "a.xlsx": books.xlsx(ROWS),
    "a.xls": books.xls(ROWS),
    "a.xlsb": books.xlsb(ROWS),
    "a.ods": books.ods(ROWS),
    "utf8.csv": TEXT.encode(),
    "mark.csv": TEXT.encode("utf-8-sig"),
    "gb.csv": TEXT.encode("gb18030"),
    "utf16.txt": TEXT.encode("utf-16"),
    "utf16le.txt": TEXT.encode("utf-16-le"),
    "tab.txt": TEXT.replace(",", "\t").encode("gb18030"),
    "semicolon.csv": TEXT.replace(",", ";").encode(),
    "crlf.csv": TEXT.replace("\n", "\r\n").encode(),
    "a.parquet": frame(),
    "wrongly_named.csv": books.xlsx(ROWS),
    "macro.xlsm": books.xlsx(ROWS),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_devices(name: str) -> None:
    ledger = read_ledger(FORMATS[name], source_file=name)
    assert not ledger.refused, ledger.problems["message_zh"].to_list()
    found = ledger.devices.select("name", "model", "power_kw", "quantity", "row", "source_file").rows()
    assert found == [("水泵", "IS80-65-160", 7.5, 2, 2, name), ("电机", "Y160L-4", 15.0, 1, 3, name)]
    assert ledger.devices["cells"][0] == "name=A2;model=B2;power_kw=C2;quantity=D2"


def refusals() -> dict[str, tuple[str, bytes, str, str]]:
    """What it is → (file name, content, code, words of the step to take)."""
    whole = books.xlsx(ROWS)
    locked = b"".join([OLE, bytes(512 - 8)])
    return {
        "empty": ("a.xlsx", b"", "empty_file", "重新导出"),
        "truncated xlsx": ("a.xlsx", whole[: len(whole) // 2], "truncated", "重新索取"),
        "truncated xls": ("a.xls", locked[:300], "truncated", "重新索取"),
        "docx": ("a.docx", books.zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "word_document", "复制"),
        "pptx": ("a.xlsx", books.zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "slides", "复制"),
        "pdf": ("台账.pdf", b"%PDF-1.7\n", "pdf", "原始的 Excel"),
        "pdf named xlsx": ("台账.xlsx", b"%PDF-1.7\n", "pdf", "原始的 Excel"),
        "rar": ("a.rar", b"Rar!\x1a\x07\x01\x00", "other_archive", "解压"),
        "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "other_archive", "解压"),
        "picture": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "picture", "模板"),
        "html as xls": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web_page", "另存为"),
        "xml as xls": ("a.xls", b'<?xml version="1.0"?><Workbook/>', "web_page", "另存为"),
        "rtf": ("a.doc", b"{\\rtf1 text}", "word_document", "复制"),
        "words as xlsx": ("a.xlsx", "这不是表格".encode(), "not_a_workbook", "纯文本"),
        "binary": ("a.bin", bytes(range(256)) * 20, "unknown_format", "xlsx"),
        "bad encoding": ("a.csv", b"\xe8\xae\xbe\xff\xff,\x81\xff\n" * 30, "encoding", "UTF-8"),
        "no ledger": ("a.xlsx", books.xlsx([["会议纪要"], ["一、参会人员"]]), "no_ledger", "设备名称"),
        "header only": ("a.xlsx", books.xlsx([books.HEADER]), "no_rows", "填写"),
        "parquet cut": ("a.parquet", frame()[:-9], "truncated", "重新索取"),
        "archive": ("a.zip", books.zipped({"a.csv": TEXT, "b.csv": TEXT}), "archive_of_several", "jigai screen"),
    }


@pytest.mark.parametrize("what", refusals())
def test_refused_with_the_step_to_take(what: str) -> None:
    name, data, code, step = refusals()[what]
    ledger = read_ledger(data, source_file=name)
    assert ledger.refused
    assert ledger.devices.is_empty()
    problem = books.problem(ledger, code)
    assert problem["severity"] == "refused"
    assert step in problem["message_zh"]
    assert problem["source_file"] == name
    assert "{" not in problem["message_zh"] + problem["message_en"]


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of small streams kept in whole sectors (each padded to the size that needs no mini stream)."""
    sectors: list[bytes] = []
    fat: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in streams.items():
        data = data.ljust(4096, b"\x00")
        first, count = len(sectors), -(-len(data) // 512)
        sectors += [data[place * 512 : (place + 1) * 512].ljust(512, b"\x00") for place in range(count)]
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(data)))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\x00")
    first_directory, count = len(sectors), len(directory) // 512
    sectors += [directory[place * 512 : (place + 1) * 512] for place in range(count)]
    fat += [*range(first_directory + 1, first_directory + count), 0xFFFFFFFE]
    fat_sector = len(sectors)
    fat.append(0xFFFFFFFD)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<8I", 0, 1, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)[: 8 * 4]
    head = (
        head[:40]
        + struct.pack("<I", 0)
        + struct.pack("<I", 1)
        + struct.pack("<7I", first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    )
    head += struct.pack("<109I", fat_sector, *[0xFFFFFFFF] * 108)
    return head + b"".join(sectors) + table


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le") + b"\x00\x00"
    head = (
        written.ljust(64, b"\x00") + struct.pack("<HBB", len(written), kind, 1) + struct.pack("<3I", *[0xFFFFFFFF] * 3)
    )
    return head + bytes(36) + struct.pack("<IQ", start, size)


@pytest.mark.parametrize(
    ("streams", "name", "code", "step"),
    [
        ({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}, "a.xlsx", "password", "密码"),
        ({"WordDocument": b"x"}, "a.doc", "word_document", "复制"),
        ({"Workbook": b"\x09\x08\x10\x00\x00\x06"}, "台账.et", "wps_et", "WPS"),
        (
            {
                "Workbook": struct.pack("<HH", 0x809, 16)
                + b"\x00\x06"
                + bytes(14)
                + struct.pack("<HH", 0x2F, 6)
                + bytes(6)
            },
            "a.xls",
            "password",
            "密码",
        ),
        ({"Other": b"x"}, "a.xls", "unknown_format", "xlsx"),
    ],
)
def test_compound_files_are_told_apart(streams: dict[str, bytes], name: str, code: str, step: str) -> None:
    ledger = read_ledger(compound(streams), source_file=name)
    assert ledger.refused
    assert step in books.problem(ledger, code)["message_zh"]


def test_xls_shows_percentages_merges_and_hidden_rows() -> None:
    rows = [
        ["设备名称", "规格型号", "效率(%)"],
        ["电机", "Y160L-4", 0.885],
        [None, "Y160L-6", 0.917],
        ["泵", "IS80", 71],
    ]
    ledger = read_ledger(books.xls(rows, percent=[(1, 2)], hidden=[3], merge=(1, 2, 0, 0)), source_file="a.xls")
    assert ledger.devices["efficiency_pct"].to_list() == [88.5, None, 71.0]
    assert ledger.devices["name"].to_list() == ["电机", "电机", "泵"]
    assert ledger.devices["inherited"].to_list() == ["", "name=A2", ""]
    assert ledger.devices["hidden"].to_list() == [False, False, True]
    assert books.problem(ledger, "fraction_in_percent")["row"] == 3
    assert "第 4 行" in books.problem(ledger, "hidden_rows")["message_zh"]


def test_xlsb_shows_percentages_merges_and_hidden_rows() -> None:
    rows = [
        ["设备名称", "规格型号", "效率(%)"],
        ["电机", "Y160L-4", 0.885],
        [None, "Y160L-6", 90.1],
        ["泵", "IS80", 71],
    ]
    ledger = read_ledger(books.xlsb(rows, percent=[(1, 2)], hidden=[3], merge=(1, 2, 0, 0)), source_file="a.xlsb")
    assert ledger.devices["efficiency_pct"].to_list() == [88.5, 90.1, 71.0]
    assert ledger.devices["inherited"].to_list() == ["", "name=A2", ""]
    assert ledger.devices["hidden"].to_list() == [False, False, True]


def test_ods_shows_percentages_merges_and_hidden_rows() -> None:
    rows = [
        ["设备名称", "规格型号", "效率(%)"],
        ["电机", "Y160L-4", ("%", 0.885)],
        [None, "Y160L-6", 90.1],
        ["泵", "IS80", 71],
    ]
    ledger = read_ledger(books.ods(rows, hidden=[3], tall=(1, 0, 2)), source_file="a.ods")
    assert ledger.devices["efficiency_pct"].to_list() == [88.5, 90.1, 71.0]
    assert ledger.devices["name"].to_list() == ["电机", "电机", "泵"]
    assert ledger.devices["hidden"].to_list() == [False, False, True]


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(30):
                part.write(bytes(1_000_000))
    ledger = read_ledger(out.getvalue(), source_file="bomb.xlsx")
    problem = books.problem(ledger, "zip_bomb")
    assert "30 MB" in problem["message_zh"]
    assert 30_000_000 // len(out.getvalue()) > MAX_RATIO


def test_a_wrong_declared_size_is_found() -> None:
    raw = bytearray(books.xlsx(ROWS))
    name = b"xl/worksheets/sheet1.xml"
    central = raw.rfind(name) - 46
    raw[central + 24 : central + 28] = struct.pack("<I", 100)
    ledger = read_ledger(bytes(raw), source_file="liar.xlsx")
    assert books.codes(ledger) == ["damaged"]


def test_a_far_cell_does_not_fill_the_memory() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = books.patched(books.xlsx(ROWS), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    ledger = read_ledger(data, source_file="far.xlsx")
    assert ledger.refused
    assert "XFD1048576" in " ".join(ledger.problems["message_zh"].to_list())


def test_entities_are_not_expanded() -> None:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook'
    data = books.patched(books.xlsx(ROWS), "xl/workbook.xml", lambda xml: xml.replace(b"<workbook", doctype, 1))
    assert read_ledger(data, source_file="a.xlsx").refused


def test_missing_file_is_refused(tmp_path: Path) -> None:
    ledger = read_ledger(tmp_path / "nothing.xlsx")
    assert ledger.refused
    assert books.codes(ledger) == ["cannot_open"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "PK\x03\x04", "PAR1", "%PDF", "设备名称,规格型号\n"]))
def test_no_bytes_raise(data: bytes, head: str) -> None:
    ledger = read_ledger(head.encode() + data, source_file="any.xlsx")
    assert ledger.refused or ledger.devices.height


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_workbook_never_raises(data: st.DataObject) -> None:
    whole = bytearray(FORMATS[data.draw(st.sampled_from(["a.xlsx", "a.xls", "a.xlsb", "a.ods"]))])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    ledger = read_ledger(bytes(whole), source_file="a.xlsx")
    assert ledger.refused or ledger.devices.height


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0xFFFF), max_size=8), max_size=6)
)
def test_gb18030_and_utf8_read_the_same(names: list[str]) -> None:
    text = "设备名称\t规格型号\n" + "\n".join(f"泵{name}\tY160L-4" for name in ["", *names])
    first = read_ledger(text.encode(), source_file="a.txt")
    second = read_ledger(text.encode("gb18030"), source_file="a.txt")
    assert first.devices.drop("device_id").equals(second.devices.drop("device_id"))
    assert first.problems.equals(second.problems)


def test_folders_zips_and_names(tmp_path: Path) -> None:
    folder = tmp_path / "交来"
    (folder / "甲").mkdir(parents=True)
    (folder / "甲" / "台账.xlsx").write_bytes(books.xlsx(ROWS))
    (folder / "~$台账.xlsx").write_bytes(b"lock")
    (folder / "铭牌.jpg").write_bytes(b"\xff\xd8\xff")
    inner = books.zipped({"深.csv": TEXT + "\n风机,4-72,3,1"})
    (folder / "包.zip").write_bytes(
        books.zipped({"../../etc/台账.csv": TEXT + "\n泵,IS50,3,1", "内.zip": inner, "坏.xlsx": b"PK\x03\x04"})
    )
    (folder / "同样.xlsx").write_bytes((folder / "甲" / "台账.xlsx").read_bytes())
    seen: list[tuple[int, int, str]] = []
    ledgers = {item.source: item for item in read_all([folder], progress=lambda *step: seen.append(step))}
    assert set(ledgers) == {
        "~$台账.xlsx",
        "铭牌.jpg",
        "甲/台账.xlsx",
        "同样.xlsx",
        "包.zip/etc/台账.csv",
        "包.zip/内.zip/深.csv",
        "包.zip/坏.xlsx",
    }
    assert [name for name, item in ledgers.items() if item.refused] == ["包.zip/坏.xlsx"]
    assert ledgers["包.zip/内.zip/深.csv"].devices.height == 3
    twice = [item for item in ledgers.values() if books.codes(item) == ["same_file"]]
    assert len(twice) == 1
    assert "只处理一次" in twice[0].problems["message_zh"][0]
    assert seen[-1][:2] == (5, 5)
    assert ledgers["包.zip/内.zip/深.csv"].origin.read() == (TEXT + "\n风机,4-72,3,1").encode()


def test_names_are_unique_across_inputs(tmp_path: Path) -> None:
    for place, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "台账.csv").write_text(TEXT + "\n" * place, encoding="utf-8")
    names = [item.source for item in read_all([tmp_path / "a" / "台账.csv", tmp_path / "b" / "台账.csv"])]
    assert names == ["台账.csv", "台账 (2).csv"]
    assert [item.source for item in read_all([tmp_path / "a", tmp_path / "b"])] == ["a/台账.csv", "b/台账.csv"]


def test_zip_with_names_in_gbk(tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    path.write_bytes(books.gbk_zipped({"台账.csv": TEXT.encode()}))
    ledger = read_all([path])[0]
    assert ledger.source == "包.zip/台账.csv"
    assert ledger.origin.read() == TEXT.encode()


def test_three_zips_deep_is_refused(tmp_path: Path) -> None:
    data = TEXT.encode()
    for name in ("a.csv", "b.zip", "c.zip"):
        data = books.zipped({name: data})
    (tmp_path / "d.zip").write_bytes(data)
    assert [books.codes(item) for item in read_all([tmp_path / "d.zip"])] == [["archive_nested"]]


def test_reading_twice_gives_the_same_ids() -> None:
    first, second = (read_ledger(FORMATS["a.xlsx"], source_file=name) for name in ("a.xlsx", "b.xlsx"))
    assert first.devices["device_id"].to_list() == second.devices["device_id"].to_list()
    assert first.devices["device_id"].n_unique() == 2
    assert first.content_hash == second.content_hash

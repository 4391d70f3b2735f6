"""An attribute table is read whole, or every fault of it is named with file, row, column and remedy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attributes.tables import CHOICES, COLUMNS, GOOD, folder, green

from jigai.attributes import AttributeTableError, read_attributes, read_folder, shown
from jigai.attributes.credit_code import check_sign, is_credit_code, written
from jigai.attributes.words import header
from jigai.ledger.columns import ledger_table


def faults(tmp_path, columns=COLUMNS, choices=CHOICES):
    with pytest.raises(AttributeTableError) as caught:
        read_folder(folder(tmp_path, columns, choices), "green", "绿色工厂", "green factories", "green")
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults], str(caught.value)


def test_a_table_knows_its_key_its_anchors_and_its_words(tmp_path):
    table = green(tmp_path)
    assert [item.name for item in table.keys] == ["credit_code", "level"]
    assert table.header_names == ("credit_code", "level")
    assert table.attribute("credit_code").required, "a key is always required"
    assert shown(table.attribute("level"), "national") == "国家级"
    assert shown(table.attribute("level"), "national", "en") == "national"
    assert shown(table.attribute("level"), "no longer there") == "no longer there"
    assert header(table.attribute("capacity")) == "产能(万吨)"
    assert header(table.attribute("digital")) == "是否已联网"


def test_a_table_saved_by_excel_on_a_chinese_desk_is_read(tmp_path):
    table = read_folder(folder(tmp_path, encoding="gb18030"), "green", "绿色工厂", "green factories")
    assert table.attribute("level").answer("city").zh == "市级"


def test_the_ledger_is_one_of_the_tables():
    table = ledger_table()
    assert table.row_names == ("name", "model", "code")
    assert table.header_names == ("name", "model")
    assert not any(item.required for item in table)


def test_a_subject_has_columns_of_its_own(tmp_path):
    columns = tmp_path / "figures.csv"
    columns.write_text("name,type,zh,en,jump\ncoal,number,煤,coal,3\noil,number,油,oil,\n", encoding="utf-8")
    table = read_attributes(columns, "figures", "数据", "figures", extra=("jump",))
    assert [item.extra for item in table] == [{"jump": "3"}, {"jump": ""}]
    with pytest.raises(AttributeTableError, match="jump"):
        read_attributes(columns, "figures", "数据", "figures")
    with pytest.raises(AttributeTableError, match="feeds"):
        read_attributes(columns, "figures", "数据", "figures", extra=("jump", "feeds"))
    assert not any(item.extra for item in green(tmp_path))


def test_all_faults_are_named_at_once(tmp_path):
    broken = COLUMNS.replace("year,year", "Year,yeer").replace("0,100000", "9,1").replace("level,choice", "level,text")
    broken += "level,choice,,再次,again,maybe,,x,,,,,,,\n"
    found, text = faults(tmp_path, broken)
    assert (5, "name", "name_wrong") in found
    assert (5, "type", "type_unknown") in found
    assert (7, "max", "min_above_max") in found
    assert (10, "name", "name_twice") in found
    assert (10, "required", "not_one_of") in found
    assert (10, "min", "not_a_number") in found
    assert (10, "choices", "choices_missing") in found
    assert "green/columns.csv 第5行 列“type”" in text
    assert "green/columns.csv, row 5, column type" in text


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (COLUMNS.replace(",definition,", ",meaning,"), [(1, "meaning", "header_unknown")]),
        (COLUMNS.replace("name,type", "nome,type"), [(1, None, "header_missing"), (1, "nome", "header_unknown")]),
        (COLUMNS.replace("yes,,2000,", "yes,,2000,,,,,,,,,,,,,"), [(5, None, "too_many_cells")]),
        (COLUMNS.splitlines()[0] + "\n", [(None, None, "no_rows")]),
        (COLUMNS.replace("national|provincial", "national|national"), [(4, "choices", "choice_twice")]),
        (COLUMNS.replace("企业名称,enterprise", ",enterprise"), [(3, "zh", "blank")]),
    ],
)
def test_each_fault_has_its_place(tmp_path, columns, expected):
    assert faults(tmp_path, columns, None)[0] == expected


def test_words_of_choices_that_are_not_there_are_named(tmp_path):
    found, text = faults(tmp_path, choices=CHOICES + "level,county,县级,county,\nlevel,city,,city,\n")
    assert found == [(5, "choice", "answer_stray"), (6, "zh", "blank")]
    assert "choices.csv" in text


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(AttributeTableError, match="打不开"):
        read_folder(tmp_path / "empty", "x", "x", "x")
    place = folder(tmp_path)
    (place / "columns.csv").write_bytes(b"\xff\xfe\x00\xd8\x81")
    with pytest.raises(AttributeTableError, match="GB18030"):
        read_folder(place, "x", "x", "x")


def test_tables_join_and_a_name_of_ones_own_wins(tmp_path):
    table = green(tmp_path)
    joined = table.joined(ledger_table())
    assert joined.by_name["enterprise_name"] is table.by_name["enterprise_name"]
    assert joined.attributes[0].name == "device_id"
    assert joined.key == "green"


@settings(deadline=None)
@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_the_check_sign_finds_every_single_wrong_sign(body, place):
    code = body + check_sign(body)
    assert is_credit_code(code)
    for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        changed = code[:place] + sign + code[place + 1 :]
        assert is_credit_code(changed) == (changed == code)


@settings(deadline=None)
@given(st.text())
def test_no_text_upsets_the_credit_code(text):
    assert is_credit_code(written(text)) in (True, False)


def test_codes_are_written_one_way():
    assert written(f" {GOOD[:8].lower()} {GOOD[8:]}　") == GOOD
    assert not is_credit_code(GOOD[:-1])
    assert not is_credit_code("I" + GOOD[1:])

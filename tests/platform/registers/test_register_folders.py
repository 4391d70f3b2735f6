"""A city adds a register by a folder; a fault in it is named with file, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.platform.registers.definition import RegisterProblemsError, read_register, read_registers

YAML = """
title: {zh: 产业工业博物馆, en: Industrial museums}
about: {zh: 利用退役设备的工业博物馆。, en: Museums of retired machines.}
group: other
keeper: register.edit
kept_by: {zh: 市文广旅局, en: culture bureau}
subject: site
name: [museum]
valid: {from: opened}
due: {column: review_on, title: {zh: 复核, en: review}, action: {zh: 办理, en: do}, unless: {state: [closed]}}
tones: {state: {open: ok, closed: idle}}
"""
COLUMNS = """name,type,unit,zh,en,required,key,choices,aliases
museum,text,,馆名,museum,,yes,,名称
opened,date,,开馆日期,opened,,,,
review_on,date,,复核日期,review on,,,,
state,choice,,状态,state,,,open|closed,
"""


def write(folder: Path, yaml: str = YAML, columns: str = COLUMNS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "register.yaml").write_text(yaml, encoding="utf-8")
    (folder / "columns.csv").write_text(columns, encoding="utf-8")
    return folder


def test_a_folder_is_a_register(tmp_path):
    register = read_register(write(tmp_path / "museums"))
    assert register.key == "museums"
    assert [item.name for item in register.table][:4] == ["enterprise_name", "credit_code", "site_name", "museum"]
    assert register.table.key == "registers.museums"
    assert not register.public


def test_folders_of_registers_and_single_ones_are_read(tmp_path):
    write(tmp_path / "all" / "museums")
    write(tmp_path / "all" / "_notes").joinpath("register.yaml").unlink()
    single = write(tmp_path / "archives")
    assert set(read_registers([tmp_path / "all", single])) == {"museums", "archives"}


@pytest.mark.parametrize(
    ("yaml", "columns", "said"),
    [
        (YAML.replace("keeper: register.edit", "keeper: nobody.knows"), COLUMNS, ["keeper“nobody.knows”"]),
        (YAML.replace("subject: site", "subject: planet"), COLUMNS, ["subject“planet”", "enterprise"]),
        (YAML.replace("from: opened", "from: museum"), COLUMNS, ["valid", "“museum”"]),
        (YAML.replace("closed: idle", "shut: idle"), COLUMNS, ["tones", "shut"]),
        (YAML.replace("name: [museum]", "name: [nothing]"), COLUMNS, ["name", "“nothing”"]),
        (YAML.replace("group: other", "group: blue"), COLUMNS, ["group“blue”"]),
        (YAML.replace("about:", "abuot:"), COLUMNS, ["缺少“about”", "没有“abuot”"]),
        (YAML.replace(", en: culture bureau", ""), COLUMNS, ["kept_by 要同时写 zh 和 en"]),
        (YAML.replace("valid: {from: opened}", "valid: 3"), COLUMNS, ["valid 请写成"]),
        ("title: [", COLUMNS, ["读不成 YAML"]),
        ("- 1", COLUMNS, ["键: 值"]),
        (YAML, COLUMNS.replace(",yes,", ",,"), []),
        (YAML, COLUMNS.replace("museum,text", "museum,tezt"), ["museums/columns.csv 第2行 列“type”"]),
    ],
)
def test_faults_are_named_with_their_place(tmp_path, yaml, columns, said):
    folder = write(tmp_path / "museums", yaml, columns)
    if not said:  # whom it is about is a key of its own
        assert read_register(folder).table.keys
        return
    with pytest.raises(RegisterProblemsError) as caught:
        read_register(folder)
    for words in said:
        assert words in str(caught.value)
    assert "museums/" in str(caught.value)


def test_all_faulty_folders_are_named_at_once(tmp_path):
    write(tmp_path / "a", YAML.replace("group: other", "group: x"))
    write(tmp_path / "b", YAML.replace("subject: site", "subject: y"))
    with pytest.raises(RegisterProblemsError) as caught:
        read_registers([tmp_path, tmp_path / "missing"])
    text = str(caught.value)
    assert "a/register.yaml" in text
    assert "b/register.yaml" in text
    assert "没有这个文件夹" in text

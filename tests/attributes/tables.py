"""Small attribute tables and workbooks for tests."""

from __future__ import annotations

import io
from pathlib import Path

import xlsxwriter

from jigai.attributes import AttributeTable, read_folder
from jigai.attributes.credit_code import check_sign

COLUMNS = """name,type,unit,zh,en,required,key,min,max,choices,aliases,definition,format,show,source
credit_code,text,,统一社会信用代码,credit code,,yes,,,,信用代码;社会信用代码,,credit_code,,
enterprise_name,text,,企业名称,enterprise,yes,,,,,单位名称;名称,,,,
level,choice,,级别,level,yes,yes,,,national|provincial|city,认定级别,国家、省或市级,,,
year,year,,认定年份,year,yes,,2000,,,批次年份,,,,
valid_to,date,,有效期至,valid to,,,,,,有效期,,,,
capacity,number,万吨,产能,capacity,,,0,100000,,年产能,,,,
staff,integer,人,职工人数,staff,,,1,,,,,,hidden,
digital,flag,,已联网,networked,,,,,,,,,,
"""
CHOICES = """attribute,choice,zh,en,aliases
level,national,国家级,national,国家;国级
level,provincial,省级,provincial,省
level,city,市级,city,市
"""
GOOD = "91510400MA6600018" + check_sign("91510400MA6600018")
OTHER = "91510400MA6600026" + check_sign("91510400MA6600026")


def folder(tmp_path: Path, columns: str = COLUMNS, choices: str | None = CHOICES, encoding: str = "utf-8") -> Path:
    """Write an attribute table into a folder."""
    place = tmp_path / "green"
    place.mkdir(exist_ok=True)
    (place / "columns.csv").write_bytes(columns.encode(encoding))
    if choices is not None:
        (place / "choices.csv").write_bytes(choices.encode(encoding))
    return place


def green(tmp_path: Path) -> AttributeTable:
    """Return the table of green factories of these tests."""
    return read_folder(folder(tmp_path), "green", "绿色工厂", "green factories", "green")


def book(rows: list[list[object]], *, sheet: str = "名单", merges: tuple[tuple[object, ...], ...] = ()) -> bytes:
    """Return a workbook with these cells on one sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as file:
        page = file.add_worksheet(sheet)
        for place, row in enumerate(rows):
            page.write_row(place, 0, ["" if cell is None else cell for cell in row])
        for first, left, last, right, text in merges:
            page.merge_range(first, left, last, right, text)
    return target.getvalue()

"""A real browser before a real server, with a worker at hand."""

from __future__ import annotations

import io
import os
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from tests.platform.chromium import chromium


@pytest.fixture(autouse=True)
def _chinese():
    """Every test begins in Chinese, whatever language the test before it asked for."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(name="chromium")
def _chromium():
    """The browser of the whole run."""
    with chromium() as lent:
        yield lent


@pytest.fixture
def context(chromium):
    """A browser profile of its own."""
    profile = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True)
    profile.set_default_timeout(10_000)
    yield profile
    profile.close()


@pytest.fixture
def page(context):
    """A page that fails the test when a script of ours does."""
    opened = context.new_page()
    wrong = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    assert wrong == []


@pytest.fixture
def shot(tmp_path):
    """Take a picture of the page at two widths; kept where JIGAI_TEST_SHOTS names a folder."""
    folder = Path(os.environ.get("JIGAI_TEST_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            assert wide <= 0, f"{name} scrolls sideways at {width}"
        page.set_viewport_size({"width": 1440, "height": 900})

    return take


def book(rows, sheet="名单"):
    """Return a workbook with these cells."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as file:
        file.set_properties({"created": datetime(2026, 1, 1)})  # equal cells give equal files
        page = file.add_worksheet(sheet)
        for place, row in enumerate(rows):
            page.write_row(place, 0, ["" if cell is None else cell for cell in row])
        file.add_worksheet("Sheet2")
    return target.getvalue()


MESSY = [
    ["示范市绿色工厂名单（2025年）"],
    ["填报单位：市经信局"],
    ["序号", "企业", "档次", "认定年份", "复核日期", "第三方评价得分", "文号", "联系电话"],
    [1, "东风轧钢有限公司", "国家级", "2023年", "2026/3/1", 92.5, "工信厅节〔2023〕1号", "0812-1"],
    [2, "西山水泥有限公司", "省级", "202Y", "2027-02-30", "九十", "", ""],
    [3, "不存在的公司", "市级", 2024, "", "", "", ""],
    ["合计", "3家"],
]

"""The sample ledgers, good and bad, through the wizard in a real browser, with a real worker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.platform.imports.test_journey import sign_in

from jigai.platform.imports.models import Upload
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device, DeviceState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SAMPLES = Path(__file__).parents[3] / "samples"
GOOD = {
    "01_rolling_mill.xlsx": 21,
    "02_substation.xls": 12,
    "03_chemical_plant_gbk.txt": 20,
    "04_mine_many_sheets.xlsx": 22,
}
BAD = {
    "bad_no_ledger.xlsx": "没有找到设备台账",
    "bad_not_excel.xlsx": "请",
    "bad_truncated.xlsx": "文件不完整",
    "bad_zip_bomb.xlsx": "超出安全上限",
}  # fmt: skip
PASTED = '设备名称\t规格型号\t数量\n"1号\n循环泵"\tIS80-65-160\t1\n变压器\tS7-200/10\t二或三\n'


@pytest.fixture
def keeper(transactional_db, city, live_server, page, context):
    """The browser of an enterprise's keeper of equipment."""
    sign_in(context, live_server, city.client("enterprise_equipment"))
    return page


def hand_in(page, live_server, name):
    page.goto(f"{live_server.url}/imports/new/ledger/")
    page.set_input_files("#id_file", str(SAMPLES / name))
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_load_state()


def work():
    worker.run(once=True)
    worker.run(once=True)


def test_a_ledger_is_put_right_taken_in_and_says_what_to_do_first(keeper, live_server, shot, tmp_path):
    page = keeper
    hand_in(page, live_server, "bad_cells.xlsx")
    assert page.locator(".dock .tot").inner_text().split()[0] == "0"
    shot(page, "ledger-bad")
    for cell, text in (("D2", "2"), ("D3", "1"), ("D4", "3"), ("A2", "水泵")):
        line = page.locator(
            ".pl:not(.put-right .pl) li", has=page.locator(".cell", has_text=re.compile(f"^{cell}$"))
        ).first
        line.locator("summary").click()
        line.get_by_role("textbox").fill(text)
        line.get_by_role("button", name="改正").click()
        page.wait_for_load_state()
    page.locator(".put-right summary").click()
    assert page.locator(".put-right li").count() == 4
    page.get_by_role("button", name="撤销 D4 的改正").click()
    assert page.get_by_text("D4 已恢复原样。").count() == 1
    assert page.locator(".dock .tot").inner_text().split()[0] == "2"
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载标注副本").click()
    copy = tmp_path / "bad_cells.xlsx"
    marked.value.save_as(copy)
    page.goto(f"{live_server.url}/imports/new/ledger/")
    page.set_input_files("#id_file", str(copy))
    page.get_by_role("button", name="上传并核对").click()
    assert page.get_by_text("改后的一稿").count() == 1
    assert page.locator(".put-right li").count() == 3, "corrections made on the page are carried over"
    shot(page, "ledger-draft")
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="接着核对").click()
    page.get_by_role("button", name="先收 2 行").click()
    work()
    page.get_by_role("heading", name="先办什么").wait_for(timeout=15_000)
    page.reload()
    assert "先改 1 行未入库的" in page.locator(".result").inner_text()
    shot(page, "ledger-done")
    assert DeviceState.unscoped.filter(upload=Upload.unscoped.get()).count() == 2
    page.locator(".result .stat a").first.click()
    assert page.locator(".dt tbody tr").count() == 2, "the figure opens its devices"


@pytest.mark.slow
def test_the_samples_come_in_and_bad_ones_say_why(keeper, live_server, shot):
    page = keeper
    for name, why in BAD.items():
        hand_in(page, live_server, name)
        assert page.get_by_role("heading", name="没读成", exact=True).count() == 1, name
        assert why in page.locator("#problems").inner_text(), name
    shot(page, "ledger-refused")
    for name, lines in GOOD.items():
        hand_in(page, live_server, name)
        page.locator("#about input[name=whole]").uncheck()
        page.locator("#about button").click()
        page.get_by_role("button", name=f"先收 {lines} 行").click()
        work()
        page.get_by_role("heading", name="先办什么").wait_for(timeout=15_000)
        if lines == 21:
            page.reload()
            shot(page, "ledger-mill")
    told = {one.file_name: one.result for one in Upload.unscoped.filter(state=Upload.State.DONE)}
    come = {name: sum(result[what] for what in ("new", "changed", "same", "asked")) for name, result in told.items()}
    assert come == GOOD, "every line has become a device, or is asked about"
    page.goto(f"{live_server.url}/imports/")
    shot(page, "ledger-list")


@pytest.mark.slow
def test_cells_are_pasted_and_one_device_is_typed_in(keeper, live_server, city, shot):
    page = keeper
    page.goto(f"{live_server.url}/imports/new/ledger/")
    page.locator(".paste summary").click()
    page.locator("#id_pasted").fill(PASTED)
    page.get_by_role("button", name="上传并核对").click()
    assert "1号 循环泵" in page.locator(".ss").inner_text().replace("\n", " ")
    shot(page, "ledger-pasted")
    page.goto(f"{live_server.url}/devices/add/")
    shot(page, "device-begin")
    page.get_by_role("button", name="变压器").click()
    page.locator("#id_name").fill("配电变压器")
    page.locator("#id_model").fill("S7-200/10")
    page.locator("#id_model").press("Tab")
    page.locator("#read", has_text="必须淘汰").wait_for()
    shot(page, "device-typed")
    page.locator("#id_made_year").fill("1990")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("已录入，正在筛查").wait_for()
    assert Device.unscoped.get().site_id == city.east_site.pk

"""A model corrected in a returned marked copy stays with its device; an ordinary ledger is matched as ever."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from tests.platform.ledger.test_bulk import fresh as fresh_bulk
from tests.platform.ledger.test_bulk import take_in
from tests.platform.ledger.test_wizard import accept, everything, fresh, hand_in, inside, ledger, preview

from jigai.platform.imports import drafts, services, storage
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import worker
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import slips
from jigai.platform.ledger.models import Device, DeviceState, ReturnSlip

pytestmark = pytest.mark.django_db(transaction=True)
KEEPER = "enterprise_equipment"
WRONG = ["电机", "Y112M-4", 2, "19X6", ""]
"""Its model is another size than the plate says, its year cannot be read: the marked copy asks for the year."""
PUMP = ["水泵", "IS80-65-160", 1, 2003, ""]
FAN = ["风机", "4-72-4A", 1, 2015, ""]


def typed(data, **cells):
    """Type into a workbook and save it, as a spreadsheet program does."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, text in cells.items():
        book["台账"][cell] = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def counts(shown):
    return {name: n for name, n in shown.counts.items() if n}


def marked(actor, upload):
    with inside(actor):
        return services.marked(*services.get_upload(actor, upload.pk))[0]


@pytest.fixture
def keeper(city):
    return city.actor(KEEPER)


@pytest.fixture
def known(keeper):
    """A ledger that was taken in with a model that is wrong."""
    return accept(keeper, hand_in(keeper, ledger(WRONG, PUMP, FAN)))


def test_the_corrected_line_is_the_same_device_changed(keeper, known):
    device = everything(Device)[0]
    upload = hand_in(keeper, typed(marked(keeper, known), B3="Y132M-4", D3=1976), "台账 改.xlsx")
    assert upload.pk != known.pk, "what is finished is not reopened"
    shown = preview(keeper, upload)
    assert counts(shown) == {"changed": 1, "same": 2}
    told = {label: (before, after) for label, before, after in shown.lines[0].changes}
    assert told["规格型号"] == ("Y112M-4", "Y132M-4")
    accept(keeper, upload)
    assert [(one.model, one.silent_since) for one in everything(Device)] == [
        ("Y132M-4", None), ("IS80-65-160", None), ("4-72-4A", None)
    ]  # fmt: skip
    former, now = everything(DeviceState, device=device)
    assert (former.values["model"], former.superseded_at) == ("Y112M-4", now.recorded_at)
    assert (now.values["model"], now.values["made_year"]) == ("Y132M-4", 1976)


def test_an_ordinary_ledger_with_another_model_is_another_machine(keeper, known):
    later = hand_in(keeper, ledger(["电机", "Y132M-4", 2, 1976, ""], PUMP, FAN), "明年.xlsx")
    assert counts(preview(keeper, later)) == {"new": 1, "same": 2, "silent": 1}


def test_a_machine_put_in_its_place_is_another_one(keeper, known):
    copy = marked(keeper, known)
    other_kind = hand_in(keeper, typed(copy, A3="空压机", B3="L-20/8", D3=2011), "一.xlsx")
    assert counts(preview(keeper, other_kind)) == {"new": 1, "same": 2, "silent": 1}
    other_year = hand_in(keeper, typed(copy, B5="4-72-5A", D5=2024), "二.xlsx")
    assert counts(preview(keeper, other_year)) == {"new": 1, "same": 2, "silent": 1}


def test_what_is_unchanged_in_its_place_keeps_its_device_when_another_is_made_like_it(keeper, known):
    """The motor of row 3 is now written like the one of row 4: the words alone would swap them."""
    first = accept(keeper, hand_in(keeper, ledger(WRONG, ["电机", "Y132M-4", 1, "", ""], PUMP), "两台.xlsx"))
    second = {one.model: one.pk for one in everything(Device)}["Y132M-4"]
    accept(keeper, hand_in(keeper, typed(marked(keeper, first), B3="Y132M-4"), "两台 改.xlsx"))
    assert [one.quantity for one in everything(Device, pk=second)] == [1]
    assert len(everything(DeviceState, device=second)) == 1, "it was not touched"
    assert [one.model for one in everything(Device, silent_since=None)] == ["Y132M-4", "IS80-65-160", "Y132M-4"]
    assert len(everything(Device)) == 4, "the first, which the second file named without saying anything new, is known"


def test_corrected_twice_it_is_still_the_same(keeper, known):
    once = typed(marked(keeper, known), B3="Y160M-4", D3=1976)
    accept(keeper, hand_in(keeper, once, "一.xlsx"))
    upload = accept(keeper, hand_in(keeper, typed(once, B3="Y132M-4"), "二.xlsx"))
    assert (upload.result["changed"], upload.result["new"], upload.result["silent"]) == (1, 0, 0)
    assert [one.values["model"] for one in everything(DeviceState, device=everything(Device)[0])] == [
        "Y112M-4", "Y160M-4", "Y132M-4"
    ]  # fmt: skip


def test_the_next_draft_of_an_upload_needs_no_mark(keeper):
    """The workbook itself, put right, in the place of one of which a line waits."""
    waits = ["变压器", "S7-200/10", "二或三", 1990, ""]
    more = [["水泵", f"IS80-65-16{n}", 1, 2003, ""] for n in range(5)]
    first = accept(keeper, hand_in(keeper, ledger(WRONG, waits, FAN, *more)))
    fixed = ledger(["电机", "Y132M-4", 2, "19X6", ""], [*waits[:2], 2, 1990, ""], FAN, *more)
    with inside(keeper):
        upload, what = drafts.hand_in(keeper, "ledger", "台账.xlsx", fixed)
    assert (what, upload.pk) == ("next", first.pk)
    assert counts(preview(keeper, upload)) == {"new": 1, "changed": 1, "same": 6}
    accept(keeper, upload)
    assert everything(Device)[0].model == "Y132M-4"
    assert everything(Device, silent_since__isnull=False) == []


def test_the_copy_of_a_return_slip_comes_back_to_the_devices_the_city_took_in(city, keeper):
    """The county handed a csv in; the slip's copy is a workbook made anew, with a sheet of ours before it."""
    head = "填报单位：东风轧钢有限公司\n设备名称,规格型号,数量,出厂年份\n"
    data = (head + "电机,Y112M-4,2,19X6\n水泵,IS80-65-160,1,2003\n").encode("gb18030")
    officer = city.actor("city_officer")
    with inside(officer):
        bulk = bulks.receive(officer, [("东风.csv", data)], sites={"东风.csv": city.east_site.pk})
    worker.run(once=True)
    bulk = take_in(city, fresh_bulk(bulk))
    with inside(officer):
        slips.order(officer, bulk, send=True)
    worker.run(once=True)
    (slip,) = everything(ReturnSlip)
    with zipfile.ZipFile(storage.path_of(slip.content_hash)) as archive:
        copy = archive.read(next(name for name in archive.namelist() if name.endswith(".标记.xlsx")))
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).sheetnames[1]
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book[sheet]["B3"].value == "Y112M-4"
    book[sheet]["B3"], book[sheet]["D3"] = "Y132M-4", 1976
    target = io.BytesIO()
    book.save(target)
    upload = hand_in(keeper, target.getvalue(), "东风.csv.标记.xlsx", site=city.east_site.pk, confirmed=True)
    assert counts(preview(keeper, upload)) == {"changed": 1, "same": 1}
    upload = accept(keeper, upload)
    assert fresh(upload).state == Upload.State.DONE
    assert [one.how for one in everything(DeviceState, device=everything(Device)[0])] == ["upload", "upload"]

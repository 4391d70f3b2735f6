"""Labels lead back to the device, fit their sheet and cut no word without saying so; the plate is read in pieces."""

from __future__ import annotations

import re
from datetime import date

import pytest
import qrcode
from tests.platform.ledger.test_act_pages import seen
from tests.platform.ledger.test_figures import fleet

from jigai.platform.ledger.identifiers import number_of
from jigai.platform.ledger.labels import SHEET, code_of, fitted, sheets, sizes
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.reading import nameplate_of
from jigai.reference import Reference
from jigai.screening import explain

__all__ = ["fleet"]

DEVICE = Device(pk=1417, name="除鳞泵电机", model="Y2-355L-4", code="P-01")


def squares(code):
    """Return the dark squares a path draws."""
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)}


def test_the_code_drawn_is_the_code_of_the_address():
    address = "http://10.0.0.1:8000/devices/id/SB00001C9Q/"
    made = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(address)
    rows = made.get_matrix()
    code = code_of(address)
    assert squares(code) == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}
    assert code.side == len(rows)
    assert code != code_of(address.replace("C9Q", "C9R"))


@pytest.mark.parametrize("key", list(sizes()))
def test_every_label_lies_on_the_sheet_and_its_writing_on_the_label(key):
    size = sizes()[key]
    count = size.per_sheet + 1
    pages = sheets([DEVICE] * count, ["http://x/"] * count, size)
    assert [len(page) for page in pages] == [size.per_sheet, 1]
    for label in pages[0]:
        assert -0.01 <= label.x <= SHEET[0] - size.width + 0.01
        assert -0.01 <= label.y <= SHEET[1] - size.height + 0.51
        assert label.qr_y >= 0
        assert all(0 < text.y < size.height for text in label.texts)
        assert label.texts[-1].text == DEVICE.identifier
    assert len({(label.x, label.y) for label in pages[0]}) == size.per_sheet


def test_used_labels_of_the_first_sheet_are_left_out():
    size = sizes()["70x37"]
    pages = sheets([DEVICE] * 2, ["http://x/"] * 2, size, skip=23)
    assert [len(page) for page in pages] == [1, 1]
    assert (pages[0][0].x, pages[1][0].x) == (140, 0)
    assert len(sheets([DEVICE], ["http://x/"], size, skip=99)) == 1


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("循环水泵", 16, "循环水泵"), ("循环水泵电动机", 16, "循环水…"), ("Y2-355L-4", 22, "Y2-355L-4"), ("", 5, "")],
)
def test_what_does_not_fit_ends_in_an_ellipsis(text, width, shown):
    assert fitted(text, width, 4) == shown


def test_the_identifier_on_the_label_is_read_back():
    assert number_of(DEVICE.identifier) == DEVICE.pk


@pytest.mark.parametrize(
    ("model", "name", "wanted"),
    [
        ("S9-1000/10", "变压器", {"1000": "额定容量", "S9": "系列"}),
        ("Y132M-4", "电机", {"4": "极数"}),
        ("看不懂", "设备", {}),
    ],
)
def test_the_pieces_of_a_designation_say_what_they_mean(model, name, wanted):
    day = date(2026, 11, 23)
    told = explain(Reference.load(day), day, {"name": name, "model": model})
    pieces = nameplate_of(Device(model=model), told)
    assert "".join(piece.text for piece in pieces) == model
    means = {piece.text: piece.means for piece in pieces if piece.means}
    for text, word in wanted.items():
        assert word in means[text]
    assert nameplate_of(Device(), told) == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_the_page_prints_the_ticked_devices_with_the_address_people_use(fleet, settings):
    one, two = seen(Device, gone_at=None, manager_code="510402")
    client = fleet.client("auditor")
    page = client.get(f"/devices/labels/?pick={one.pk}&pick={two.pk}&size=48x25").content.decode()
    assert one.identifier in page
    assert two.identifier in page
    assert code_of(f"http://testserver/devices/id/{one.identifier}/").path in page
    settings.SITE_URL = "https://jigai.example.gov.cn"
    page = client.get(f"/devices/labels/?pick={one.pk}").content.decode()
    assert code_of(f"https://jigai.example.gov.cn/devices/id/{one.identifier}/").path in page

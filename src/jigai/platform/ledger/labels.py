"""Labels for devices: a QR code that leads to the page of the device, on sheets of A4 laid out in millimetres.

One label's way: device 1417 → identifier SB00001C9… → address …/devices/id/SB…/ → squares of the code → its place on
the sheet. Everything is drawn as SVG attributes in millimetres, so that paper and screen show the same.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from jigai.platform.ledger.models import Device
from jigai.platform.ledger.words import language

SHEET: Final = (210.0, 297.0)
"""Width and height of A4 in millimetres."""
_PAD: Final = 2.5
_LATIN: Final = 0.56
"""Width of a Latin sign as a share of a Chinese one."""
_LEADING: Final = 1.45


@dataclass(frozen=True)
class Size:
    """A kind of label sheet; lengths in millimetres, ``text`` the height of the writing."""

    key: str
    zh: str
    en: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    gap_x: float
    gap_y: float
    qr: float
    text: float

    @property
    def word(self) -> str:
        """What it is called in the language of the page."""
        return self.en if language() == "en" else self.zh

    @property
    def per_sheet(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows


@dataclass(frozen=True)
class Code:
    """A QR code as one path over ``side`` × ``side`` squares."""

    side: int
    path: str


@dataclass(frozen=True)
class Text:
    """A line of writing: where its baseline begins, how high, how heavy; ``code`` for what is read sign by sign."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    code: bool = False


@dataclass(frozen=True)
class Label:
    """One label on its sheet."""

    x: float
    y: float
    scale: float
    qr: Code
    qr_y: float
    texts: tuple[Text, ...]


@lru_cache(maxsize=1)
def sizes() -> dict[str, Size]:
    """Return the label sheets known, the usual one first."""
    text = files("jigai.platform.ledger").joinpath("labels.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: float(row[name]) for name in list(row)[3:] if name not in ("columns", "rows")}
        found[row["key"]] = Size(
            row["key"], row["zh"], row["en"], columns=int(row["columns"]), rows=int(row["rows"]), **numbers
        )
    return found


@lru_cache(maxsize=2_000)
def code_of(address: str) -> Code:
    """Return the QR code of an address; a scratch over a seventh of it can still be read."""
    made = qrcode.QRCode(border=0, error_correction=ERROR_CORRECT_M)
    made.add_data(address)
    made.make(fit=True)
    rows = made.get_matrix()
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return Code(len(rows), "".join(squares))


def sheets(devices: Sequence[Device], addresses: Sequence[str], size: Size, skip: int = 0) -> list[list[Label]]:
    """Lay labels out on sheets, in the order of ``devices``.

    Args:
        devices: what they are for.
        addresses: where the code of each leads, whole with host.
        size: the sheet.
        skip: labels of the first sheet that are used up already.
    """
    pages: list[list[Label]] = []
    for place, (device, address) in enumerate(
        zip(devices, addresses, strict=True), start=min(skip, size.per_sheet - 1)
    ):
        page, slot = divmod(place, size.per_sheet)
        row, column = divmod(slot, size.columns)
        while len(pages) <= page:
            pages.append([])
        x = size.left + column * (size.width + size.gap_x)
        y = size.top + row * (size.height + size.gap_y)
        pages[page].append(_label(device, address, size, x, y))
    return pages


def _label(device: Device, address: str, size: Size, x: float, y: float) -> Label:
    code = code_of(address)
    inner = size.width - size.qr - 3 * _PAD
    left, step = size.qr + 2 * _PAD, size.text * _LEADING
    site = device.site.enterprise_name if device.site else ""
    lines = [
        (fitted(site, inner, size.text * 0.9), 0.9, False, False),
        (fitted(device.name or device.model, inner, size.text * 1.15), 1.15, True, False),
        (fitted(device.model if device.name else "", inner, size.text), 1.0, False, False),
        (fitted(device.code, inner, size.text), 1.0, False, False),
        (device.identifier, 1.05, True, True),
    ]
    told = [one for one in lines if one[0]]
    top = (size.height - step * len(told)) / 2
    texts = tuple(
        Text(left, round(top + step * (place + 0.75), 2), round(size.text * share, 2), text, bold, sign)
        for place, (text, share, bold, sign) in enumerate(told)
    )
    return Label(round(x, 2), round(y, 2), round(size.qr / code.side, 4), code, (size.height - size.qr) / 2, texts)


def fitted(text: str, width: float, height: float) -> str:
    """Return as much of a text as fits a width at a height of writing, with an ellipsis where it was cut."""
    room, kept = width / height, ""
    for sign in text:
        room -= _LATIN if sign.isascii() else 1
        if room < 1 and len(kept) < len(text) - 1:
            return f"{kept}…"
        kept += sign
    return kept

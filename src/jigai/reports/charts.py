"""Bar charts that survive grey print: black lines, hatching instead of colour, every bar with its figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from jigai.reports.fonts import Face

_WIDTH: Final = 1560
"""Width of the picture [px]: 156 mm at 254 dots an inch."""
_ROW: Final = 92
_BAR: Final = 52
_MARGIN: Final = 24
_TYPE: Final = 40
_STEP: Final = 14
"""Distance of hatching lines [px]; they still stand apart after copying."""
_BLACK, _WHITE = 0, 255


class NoFontError(Exception):
    """The machine has no typeface with Chinese signs, so that no chart can be labelled."""


@dataclass(frozen=True)
class Bar:
    """A bar: what it is of, how long (None: no figure, no bar), what is written at its end, whether it is hatched.

    Plain bars are reportable figures; hatched ones are not.
    """

    label: str
    value: Decimal | None
    text: str
    hatched: bool = False


def bars(found: Sequence[Bar], face: Face | None) -> bytes:
    """Return a PNG of horizontal bars from zero, in the order given.

    Raises:
        NoFontError: there is no typeface to label it with.
    """
    if face is None:
        raise NoFontError
    font = ImageFont.truetype(str(face.path), _TYPE, index=face.index)
    picture = Image.new("L", (_WIDTH, _ROW * max(len(found), 1) + 2 * _MARGIN), _WHITE)
    draw = ImageDraw.Draw(picture)
    left = _MARGIN + max((_wide(draw, one.label, font) for one in found), default=0) + _MARGIN
    ends = max((_wide(draw, one.text, font) for one in found), default=0) + 2 * _MARGIN
    room = max(_WIDTH - left - ends, 100)
    longest = max((one.value for one in found if one.value is not None), default=Decimal(0))
    for number, one in enumerate(found):
        middle = _MARGIN + _ROW * number + _ROW // 2
        draw.text((left - _MARGIN, middle), one.label, _BLACK, font, anchor="rm")
        length = int(room * one.value / longest) if one.value is not None and longest > 0 and one.value > 0 else 0
        if length:
            _bar(picture, (left, middle - _BAR // 2, left + length, middle + _BAR // 2), hatched=one.hatched)
        draw.text((left + length + _MARGIN // 2, middle), one.text, _BLACK, font, anchor="lm")
    draw.line((left, _MARGIN // 2, left, picture.height - _MARGIN // 2), _BLACK, 3)
    target = io.BytesIO()
    picture.save(target, "PNG", dpi=(254, 254))
    return target.getvalue()


@dataclass(frozen=True)
class Range:
    """A row of a chart of ranges from 0 to 100: what is possible (``low`` to ``high``), and the score if there is one.

    Without a score the range is hatched: unknown. Without a range nothing is drawn (it does not apply).
    """

    label: str
    low: float | None
    high: float | None
    score: float | None
    text: str


_THIN: Final = 41
_THIN_BAR: Final = 24
_THIN_TYPE: Final = 30


def ranges(found: Sequence[Range], face: Face | None) -> bytes:
    """Return a PNG of horizontal ranges from 0 to 100, the score a black mark on each; readable in grey.

    Raises:
        NoFontError: there is no typeface to label it with.
    """
    if face is None:
        raise NoFontError
    font = ImageFont.truetype(str(face.path), _THIN_TYPE, index=face.index)
    picture = Image.new("L", (_WIDTH, _THIN * max(len(found), 1) + 2 * _MARGIN), _WHITE)
    draw = ImageDraw.Draw(picture)
    left = _MARGIN + max((_wide(draw, one.label, font) for one in found), default=0) + _MARGIN
    ends = max((_wide(draw, one.text, font) for one in found), default=0) + 2 * _MARGIN
    room = max(_WIDTH - left - ends, 100)
    for tenth in range(0, 11, 5):
        place = left + room * tenth // 10
        draw.line((place, _MARGIN // 2, place, picture.height - _MARGIN // 2), 160, 2)
    for number, one in enumerate(found):
        middle = _MARGIN + _THIN * number + _THIN // 2
        draw.text((left - _MARGIN, middle), one.label, _BLACK, font, anchor="rm")
        draw.text((left + room + _MARGIN, middle), one.text, _BLACK, font, anchor="lm")
        top, bottom = middle - _THIN_BAR // 2, middle + _THIN_BAR // 2
        if one.low is not None and one.high is not None:
            first, last = left + int(room * one.low / 100), left + int(room * one.high / 100)
            if one.score is not None:
                _bar(picture, (left, top, max(first, left + 6), bottom), hatched=False)
            if last - first > 3:
                _bar(picture, (first, top, last, bottom), hatched=True)
        if one.score is not None:
            mark = left + int(room * one.score / 100)
            draw.line((mark, top - 6, mark, bottom + 6), _BLACK, 9)
    target = io.BytesIO()
    picture.save(target, "PNG", dpi=(254, 254))
    return target.getvalue()


def _bar(picture: Image.Image, box: tuple[int, int, int, int], *, hatched: bool) -> None:
    left, top, right, bottom = box
    bar = Image.new("L", (right - left + 1, bottom - top + 1), _WHITE if hatched else 96)
    inside = ImageDraw.Draw(bar)
    if hatched:
        for start in range(-bar.height, bar.width, _STEP):
            inside.line((start, bar.height, start + bar.height, 0), _BLACK, 3)
    inside.rectangle((0, 0, bar.width - 1, bar.height - 1), outline=_BLACK, width=3)
    picture.paste(bar, (left, top))


def _wide(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> int:
    return int(draw.textlength(text, font))

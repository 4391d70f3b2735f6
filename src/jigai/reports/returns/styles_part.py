"""``xl/styles.xml``: new fills and the cell formats that carry them, everything else left as it was."""

from __future__ import annotations

import re
from typing import Final

from jigai.reports.labels import tones
from jigai.reports.returns.package import NotPatchableError, prefixed

_XF: Final = re.compile(r"<((?:\w+:)?)xf\b[^>]*?(?:/>|>.*?</\1xf>)", re.DOTALL)


class Stylesheet:
    """The cell formats of a workbook, to which tinted twins are added."""

    def __init__(self, text: str) -> None:
        """Read the formats. Raises :class:`NotPatchableError` when fills or formats are not where they should be."""
        self._text = text
        formats = re.search(r"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</\1cellXfs>", text, re.DOTALL)
        fills = re.search(r"<((?:\w+:)?)fills\b[^>]*>(.*?)</\1fills>", text, re.DOTALL)
        if formats is None or fills is None:
            raise NotPatchableError("no cell formats")
        self._prefix = formats[1]
        self._formats = [found.group() for found in _XF.finditer(formats[2])]
        self._first_fill = len(re.findall(r"<(?:\w+:)?fill[\s>/]", fills[2]))
        self._fills: dict[str, int] = {}
        self._tinted: dict[tuple[int, str], int] = {}

    def tinted(self, base: int, tone: str) -> int:
        """Return the format that looks like ``base`` on the ground of ``tone``; borders and numbers stay."""
        key = (base, tone)
        if key not in self._tinted:
            fill = self._fills.setdefault(tone, self._first_fill + len(self._fills))
            original = self._formats[base] if 0 <= base < len(self._formats) else self._formats[0]
            self._tinted[key] = len(self._formats)
            self._formats.append(_with_fill(original, fill))
        return self._tinted[key]

    def save(self) -> str:
        """Return the part with the new fills and formats."""
        if not self._tinted:
            return self._text
        fills = "".join(
            '<fill><patternFill patternType="solid">'
            f'<fgColor rgb="FF{tones()[tone].fill}"/><bgColor indexed="64"/></patternFill></fill>'
            for tone in self._fills
        )
        formats = "".join(self._formats[-len(self._tinted) :])
        text = _grow(self._text, "fills", prefixed(fills, self._prefix), self._first_fill + len(self._fills))
        return _grow(text, "cellXfs", formats, len(self._formats))


def _with_fill(xf: str, fill: int) -> str:
    """Set fill and applyFill in the opening tag of a format."""
    end = xf.index(">")
    tag = re.sub(r"""\s(?:fillId|applyFill)\s*=\s*(?:"[^"]*"|'[^']*')""", "", xf[:end]).rstrip("/").rstrip()
    closing = "/" if xf[:end].endswith("/") else ""
    return f'{tag} fillId="{fill}" applyFill="1"{closing}{xf[end:]}'


def _grow(text: str, element: str, new: str, count: int) -> str:
    """Append to a counted list and set its count; ``new`` already carries the prefix."""
    start = re.search(rf"<(?:\w+:)?{element}\b[^>]*>", text)
    closing = re.search(rf"</(?:\w+:)?{element}\s*>", text)
    if start is None or closing is None:
        raise NotPatchableError(f"no element {element}")
    opening = re.sub(r"""\scount\s*=\s*(?:"[^"]*"|'[^']*')""", f' count="{count}"', start.group())
    return text[: start.start()] + opening + text[start.end() : closing.start()] + new + text[closing.start() :]

"""Word documents in official layout (GB/T 9704): A4, 小标宋 heading, 仿宋 text at fixed line spacing, plain tables.

Written as the few parts a document needs, with fixed order and times: equal content gives equal files (D25).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape

TITLE_FONT: Final = "方正小标宋简体"
TEXT_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
_WIDTH: Final = 8845
"""Width of the text [twentieths of a point]: 156 mm."""
_MADE: Final = (2000, 1, 1, 0, 0, 0)
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/footer1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>'
)
_RELS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
_FOOTER: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr {_W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
    '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve">— </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    '<w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
)
_SECTION: Final = (
    '<w:sectPr><w:footerReference xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1400" w:gutter="0"/>'
    "</w:sectPr>"
)


class Paper:
    """A Word document, written from top to bottom."""

    def __init__(self) -> None:
        self._body: list[str] = []

    def title(self, text: str) -> None:
        """Write the heading of the document, centred."""
        self._paragraph(text, font=TITLE_FONT, size=44, spacing=640, align="center", after=320)

    def mark(self, text: str) -> None:
        """Write what the reader must know before all else (draft, to be reviewed), in black type."""
        self._paragraph(text, font=HEAD_FONT, size=28, align="left", after=120)

    def heading(self, text: str) -> None:
        """Write a heading within the text."""
        self._paragraph(text, font=HEAD_FONT, size=32, indent=True)

    def text(self, text: str, *, indent: bool = True, align: str = "both") -> None:
        """Write running text; each line of it becomes a paragraph, indented by two characters unless told not to."""
        for line in text.replace("\r\n", "\n").split("\n"):
            self._paragraph(line, indent=indent, align=align)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """Write a table with a header that repeats on every page; ``widths`` are shares of the text's width."""
        whole = sum(widths)
        columns = [_WIDTH * width // whole for width in widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        head = self._row(heads, columns, head=True)
        body = "".join(self._row(row, columns) for row in rows)
        look = f'<w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders></w:tblPr>'
        self._body.append(f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>")
        self._paragraph("", spacing=240)

    def write(self, target: Path | IO[bytes]) -> None:
        """Write the document."""
        document = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {_W}><w:body>'
            f"{''.join(self._body)}{_SECTION}</w:body></w:document>"
        )
        parts = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS.format(kind="officeDocument", target="word/document.xml"),
            "word/document.xml": document,
            "word/_rels/document.xml.rels": _RELS.format(kind="footer", target="footer1.xml"),
            "word/footer1.xml": _FOOTER,
        }
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                part = zipfile.ZipInfo(name, _MADE)
                part.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(part, content)

    def _paragraph(
        self,
        text: str,
        *,
        font: str = TEXT_FONT,
        size: int = 32,
        spacing: int = 560,
        align: str = "both",
        indent: bool = False,
        after: int = 0,
    ) -> None:
        self._body.append(_paragraph(text, font, size, spacing, align, indent=indent, after=after))

    def _row(self, cells: Sequence[str], columns: Sequence[int], *, head: bool = False) -> str:
        font = HEAD_FONT if head else TEXT_FONT
        align = "center" if head else "left"
        inner = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f"{_paragraph(cell, font, 24, 360, align)}</w:tc>"
            for cell, width in zip(cells, columns, strict=True)
        )
        repeated = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
        return f"<w:tr>{repeated}{inner}</w:tr>"


def _paragraph(
    text: str, font: str, size: int, spacing: int, align: str, *, indent: bool = False, after: int = 0
) -> str:
    """Return one paragraph; nothing a text says can become mark-up."""
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}"/>'
    run = f'<w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    first = '<w:ind w:firstLineChars="200" w:firstLine="640"/>' if indent else ""
    space = f'<w:spacing w:line="{spacing}" w:lineRule="exact" w:after="{after}"/>'
    said = escape(_UNWRITABLE.sub("", text))
    return (
        f'<w:p><w:pPr>{space}{first}<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r>{run}<w:t xml:space="preserve">{said}</w:t></w:r></w:p>'
    )

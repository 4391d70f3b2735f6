"""Word documents in official layout (GB/T 9704-2012), written from top to bottom: letters, bulletins.

What is written comes out in styles of its own (``word_styles``), so that whoever gets the paper goes on with it in Word
or WPS as with one of their own. Equal content gives equal files (D25).
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.table import CT_Row
from docx.shared import Length, Mm, Pt
from docx.table import _Row
from docx.text.paragraph import Paragraph

from jigai.reports.word_styles import ALIGNMENTS, MADE, TEXT_WIDTH, Align, blank, element

_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RED_HEAD: Final = 42
"""Size of the red head where its name is short [pt]: 初号; the standard leaves it open (7.2.4)."""
_RED_RULE: Final = {"val": "single", "sz": "12", "space": "11", "color": "FF0000"}
"""The line that ends the head, as wide as the text and 4 mm below it (7.2.7): ``sz`` in [1/8 pt], ``space`` in [pt]."""
_TWO_LINES: Final = 56
"""What the standard calls 空二行 [pt]."""
_GRID: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_LEVELS: Final = 4


class Document:
    """A Word document, written from top to bottom. Widths are in [mm], sizes of type in [pt].

    Any text may be given: signs that a file cannot hold are left out, and nothing a text says becomes mark-up.
    """

    def __init__(self) -> None:
        self._docx = blank()

    def red_head(self, name: str, number: str = "", sides: tuple[str, str] = ("", "")) -> None:
        """Write the red head of a paper (版头): whose it is, its number, and a red line below.

        Args:
            name: 发文机关标志, or the name of a bulletin; on one line as large as it fits, 42 pt at most.
            number: 发文字号, or the issue of a bulletin.
            sides: what stands left and right above the line: who edits a bulletin, and its day.
        """
        fits = Mm(TEXT_WIDTH).pt // max(len(name), 1)
        last = self._write(name, "红头")
        for run in last.runs:
            run.font.size = Pt(min(_RED_HEAD, max(fits, 1)))
        if number:
            last = self._write(number, "红头编号")
        if any(sides):
            last = self._write("\t".join(sides), "Normal")
            last.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        last.paragraph_format.space_after = Pt(_TWO_LINES)
        border = element("w:pBdr")
        border.append(element("w:bottom", **_RED_RULE))
        last._p.get_or_add_pPr().insert_element_before(border, "w:tabs", "w:spacing")

    def title(self, text: str) -> None:
        """Write the heading of the document, centred; the first one is the title the file carries."""
        self._write(text, "Title")
        about = self._docx.core_properties
        about.title = about.title or _clean(text)[:255]

    def mark(self, text: str) -> None:
        """Write what the reader must know before all else (draft, to be reviewed), in black type."""
        self._write(text, "提示")

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """Write a heading within the text, with the number it carries.

        Args:
            text: the words with their number, by level ``一、``, ``（一）``, ``1.``, ``（1）`` (7.3.3).
            level: 1 (黑体), 2 (楷体), 3 or 4 (仿宋).
            new_page: begin a page with it, as an annex does.

        Raises:
            ValueError: another level.
        """
        if not 1 <= level <= _LEVELS:
            raise ValueError(f"level {level}: official papers have headings of level 1 to {_LEVELS}")
        line = self._write(text, f"Heading {level}")
        if new_page:
            line.paragraph_format.page_break_before = True

    def text(self, text: str, *, indent: bool = True, align: Align = "both") -> None:
        """Write running text; each line of it becomes a paragraph, indented by two signs unless told not to."""
        for line in _clean(text).split("\n"):
            self._write(line, "Normal Indent" if indent else "Normal").alignment = ALIGNMENTS[align]

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        aligns: Sequence[Align] = (),
    ) -> None:
        """Write a table as wide as the text; its header is repeated on every page, and no row breaks in two.

        Args:
            heads: the header, a word for each column.
            rows: what stands below it, as many cells each.
            widths: shares of the text's width, one for each column.
            aligns: how the cells of each column stand; left where none is given (figures stand right).

        Raises:
            ValueError: a row, the widths or the aligns have another number of columns than the header.
        """
        columns = [Length(Mm(TEXT_WIDTH) * one // sum(widths)) for one in widths]
        made = self._docx.add_table(2, len(heads))
        made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        borders = element("w:tblBorders")
        for side in _GRID:
            borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
        made._tblPr.insert_element_before(borders, "w:tblLayout", "w:tblLook")
        for column, width in zip(made.columns, columns, strict=True):
            column.width = width
        head, pattern = made.rows
        _form(head, columns, ["center"] * len(heads), head=True)
        _form(pattern, columns, aligns or ["left"] * len(heads))
        _fill(head._tr, heads)
        for cells in rows:
            # A copy of one row that is laid out: many times faster than laying out each.
            row = copy.deepcopy(pattern._tr)
            _fill(row, cells)
            made._tbl.append(row)
        made._tbl.remove(pattern._tr)
        self._write("", "表文")  # two tables that touch would become one

    def picture(self, png: bytes, says: str, *, width: float = TEXT_WIDTH) -> None:
        """Write a picture in the text, centred, as high as its own shape asks.

        Args:
            png: the picture, as a PNG or JPEG file.
            says: what it shows, for those who cannot see it.
            width: how wide [mm].

        Raises:
            UnrecognizedImageError: of ``docx.image.exceptions``: no picture, or of a kind Word does not know.
        """
        run = self._docx.add_paragraph(style="图").add_run()
        run.add_picture(io.BytesIO(png), Mm(width))._inline.docPr.set("descr", _clean(says))

    def small(self, text: str) -> None:
        """Write what engineers look up in the type of tables, left, each line a paragraph: evidence, notes."""
        for line in _clean(text).split("\n"):
            self._write(line, "表文")

    def caption(self, text: str) -> None:
        """Write what a table or chart shows, centred: above the table, below the chart."""
        self._write(text, "Caption")

    def write(self, target: Path | IO[bytes]) -> None:
        """Write the document; its parts all bear the same time."""
        draft = io.BytesIO()
        self._docx.save(draft)
        with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name in parts.namelist():
                part = zipfile.ZipInfo(name, MADE.timetuple()[:6])
                part.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(part, parts.read(name))

    def _write(self, text: str, style: str) -> Paragraph:
        return self._docx.add_paragraph(_clean(text), style)


def _form(row: _Row, columns: Sequence[Length], aligns: Sequence[Align], *, head: bool = False) -> None:
    """Lay an empty row of a table out."""
    rules = row._tr.get_or_add_trPr()
    rules.append(element("w:cantSplit"))
    if head:
        rules.append(element("w:tblHeader"))
    for cell, width, align in zip(row.cells, columns, aligns, strict=True):
        cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line = cell.paragraphs[0]
        line.style = "表头" if head else "表文"
        line.alignment = ALIGNMENTS[align]


def _fill(row: CT_Row, texts: Sequence[str]) -> None:
    for cell, text in zip(row.tc_lst, texts, strict=True):
        cell.p_lst[0].add_r().text = _clean(text)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n"))

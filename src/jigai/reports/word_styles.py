"""The page and the styles of official papers (GB/T 9704-2012), as an empty Word document that knows them.

Page: 5.2.1, a text area of 156 mm × 225 mm on A4. Type: 5.2.2 and 7.3, by the usual points (二号 22 pt, 三号 16,
四号 14, 小四 12). Lines: 5.2.3, 22 a page with 28 signs each. The styles are ``data/word_styles.csv``: size, between
(added to the width of a sign), line (0: as high as what stands in it), before and after, all in [pt]; indent of the
first line in signs. 28 signs of 16 pt are a little wider than the text, hence a quarter of a point less between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, cast

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from jigai.reports.labels import read_table

Align = Literal["left", "center", "right", "both"]

TEXT_WIDTH: Final = 156
"""Width of the text [mm]."""
ALIGNMENTS: Final[Mapping[Align, WD_ALIGN_PARAGRAPH]] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_PAGE: Final = {
    "page_width": 210,
    "page_height": 297,
    "top_margin": 37,
    "bottom_margin": 35,
    "left_margin": 28,
    "right_margin": 26,
    "footer_distance": 24.7,
}
"""The page [mm]; the footer so that the dashes beside its number stand 7 mm below the text (7.5)."""
_FOOT_SIZE: Final = 14
"""Size of the page number [pt]."""
MADE: Final = datetime(2000, 1, 1)
"""The day every document says it was made: equal content gives equal files (D25)."""


def blank() -> WordDocument:
    """Return an empty document with the page, page numbers and styles of official papers, and nothing else in it."""
    document = docx.Document()
    _take_out(document)
    for row in read_table("word_styles"):
        _add_style(document, row)
    normal = document.styles["Normal"].element
    normal.set(qn("w:default"), "1")
    normal.get_or_add_rPr().append(element("w:lang", val="en-US", eastAsia="zh-CN"))
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for grid in section._sectPr.findall(qn("w:docGrid")):  # lines have their own height
        section._sectPr.remove(grid)
    for name, length in _PAGE.items():
        setattr(section, name, Mm(length))
    _number_pages(section)
    about = document.core_properties
    about.author = about.comments = about.keywords = about.last_modified_by = about.title = ""
    about.created = about.modified = MADE
    about.language = "zh-CN"
    return document


def element(tag: str, **said: str) -> BaseOxmlElement:
    """Return an element of WordprocessingML for what the library has no call for."""
    return OxmlElement(tag, {qn(f"w:{name}"): value for name, value in said.items()})


def _take_out(document: WordDocument) -> None:
    """Take out what the library's own template brings: its styles, a picture of it, the fonts of another machine."""
    needed = (RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES, RT.STYLES, RT.SETTINGS)
    for part in (document.part.package, document.part):
        for relation in [one for one in part.rels.values() if one.reltype not in needed]:
            part.rels.pop(relation.rId)
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)


def _add_style(document: WordDocument, row: Mapping[str, str]) -> None:
    added = document.styles.add_style(row["style"], WD_STYLE_TYPE.PARAGRAPH, row["builtin"] == "yes")
    style, size = cast(ParagraphStyle, added), float(row["size"])
    if row["style"] != "Normal":
        style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.name, style.font.size = row["latin"], Pt(size)
    style.font.color.rgb = RGBColor.from_string(row["colour"])
    style.element.rPr.rFonts.set(qn("w:eastAsia"), row["font"])
    between = element("w:spacing", val=str(round(float(row["between"]) * 20)))
    style.element.rPr.insert_element_before(between, "w:sz")
    layout = style.paragraph_format
    layout.line_spacing = Pt(float(row["line"])) if row["line"] != "0" else 1.0
    layout.space_before, layout.space_after = Pt(float(row["before"])), Pt(float(row["after"]))
    layout.alignment = ALIGNMENTS[cast(Align, row["align"])]
    layout.keep_with_next = row["keep"] == "yes"
    if signs := int(row["indent"]):
        layout.first_line_indent = Pt(signs * size)
        style.element.pPr.ind.set(qn("w:firstLineChars"), str(signs * 100))
    if row["level"]:
        style.element.pPr.append(element("w:outlineLvl", val=str(int(row["level"]) - 1)))


def _number_pages(section: Section) -> None:
    """Write the page number between dashes, a sign away from the outer edge: right on odd pages, left on even (7.5)."""
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = ALIGNMENTS[cast(Align, align)]
        setattr(line.paragraph_format, f"{align}_indent", Pt(_FOOT_SIZE))
        line.add_run("— ")
        field = element("w:fldSimple", instr=" PAGE ")
        line._p.append(field)
        number = line.add_run("1")
        field.append(number._r)
        line.add_run(" —")

"""A Word document of ours holds what was written, whatever it says, laid out as official papers are."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest
from docx.image.exceptions import UnrecognizedImageError
from PIL import Image

from jigai.reports.word import Document

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{MAIN}}}"
NASTY = "<w:t>假标签</w:t> & \"引号\" \x00\x0b\ud800 控制符 =cmd|'/c calc'!A0"
TWIPS_A_MM = 1440 / 25.4
EMU_A_MM = 36000
ORDER = {
    "pPr": "pStyle keepNext keepLines pBdr tabs spacing ind jc outlineLvl",
    "rPr": "rFonts b i color spacing sz lang",
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblLook",
    "tcPr": "tcW vAlign",
    "trPr": "cantSplit tblHeader",
    "sectPr": "footerReference pgSz pgMar cols",
}
"""The order the schema asks for (ECMA-376, part 1, 17.3 to 17.6), of what we write; Word refuses another."""


class Written:
    """A document as a reader finds it: its parts, and of each paragraph style, words and font."""

    def __init__(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert package.testzip() is None
            self.times = {one.date_time for one in package.infolist()}
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = self.part("word/document.xml")
        self.styles = {one.get(f"{W}styleId"): one for one in self.part("word/styles.xml").iter(f"{W}style")}

    def part(self, name):
        return ElementTree.fromstring(self.parts[name])

    def paragraphs(self):
        return [(self.style_of(one), text) for one in self.root.iter(f"{W}p") if (text := said(one))]

    def style_of(self, paragraph):
        found = paragraph.find(f"{W}pPr/{W}pStyle")
        style = self.styles["Normal" if found is None else found.get(f"{W}val")]
        return style.find(f"{W}name").get(f"{W}val")

    def look(self, name):
        """Return font, size [pt] and indent [signs] of a style."""
        style = next(one for one in self.styles.values() if one.find(f"{W}name").get(f"{W}val") == name)
        indent = style.find(f"{W}pPr/{W}ind")
        return (
            style.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia"),
            int(style.find(f"{W}rPr/{W}sz").get(f"{W}val")) / 2,
            0 if indent is None else int(indent.get(f"{W}firstLineChars")) / 100,
        )


def said(paragraph):
    return "".join(one.text or "" for one in paragraph.iter(f"{W}t"))


def data(write):
    paper, target = Document(), io.BytesIO()
    write(paper)
    paper.write(target)
    return target.getvalue()


def written(write):
    return Written(data(write))


def png(colour="navy"):
    target = io.BytesIO()
    Image.new("RGB", (300, 100), colour).save(target, "PNG")
    return target.getvalue()


def everything(paper):
    paper.red_head("某市设备更新工作简报", "第3期", ("某市经济和信息化局", "2026年11月23日"))
    paper.mark("代拟稿")
    paper.title("题目")
    for level, number in enumerate(("一、", "（一）", "1. ", "（1）"), 1):
        paper.heading(f"{number}标题", level)
    paper.text("第一段\n第二段")
    paper.caption("表1")
    paper.table(("项目", "值"), [("型号", "YE3"), ("台数", "12")], (1, 3), ("left", "right"))
    paper.picture(png(), "柱状图")
    paper.caption("图1")
    paper.text("落款", indent=False, align="right")


def test_what_is_written_is_read_back_in_order():
    assert written(everything).paragraphs() == [
        ("红头", "某市设备更新工作简报"),
        ("红头编号", "第3期"),
        ("Normal", "某市经济和信息化局2026年11月23日"),
        ("提示", "代拟稿"),
        ("Title", "题目"),
        ("heading 1", "一、标题"),
        ("heading 2", "（一）标题"),
        ("heading 3", "1. 标题"),
        ("heading 4", "（1）标题"),
        ("Normal Indent", "第一段"),
        ("Normal Indent", "第二段"),
        ("caption", "表1"),
        *(("表头", "项目"), ("表头", "值")),
        *(("表文", "型号"), ("表文", "YE3"), ("表文", "台数"), ("表文", "12")),
        ("caption", "图1"),
        ("Normal", "落款"),
    ]


@pytest.mark.parametrize(
    ("style", "look"),
    [
        ("Title", ("方正小标宋简体", 22, 0)),
        ("Normal", ("仿宋_GB2312", 16, 0)),
        ("Normal Indent", ("仿宋_GB2312", 16, 2)),
        ("heading 1", ("黑体", 16, 2)),
        ("heading 2", ("楷体_GB2312", 16, 2)),
        ("heading 3", ("仿宋_GB2312", 16, 2)),
        ("heading 4", ("仿宋_GB2312", 16, 2)),
        ("footer", ("宋体", 14, 0)),
        ("红头", ("方正小标宋简体", 42, 0)),
    ],
)
def test_type_is_that_of_official_papers(style, look):
    assert written(everything).look(style) == look


def test_the_page_holds_twenty_two_lines_of_twenty_eight_signs():
    made = written(everything)
    size, margin = made.root.find(f".//{W}pgSz"), made.root.find(f".//{W}pgMar")
    page = {name: int(size.get(f"{W}{name}")) / TWIPS_A_MM for name in ("w", "h")}
    edge = {name: int(margin.get(f"{W}{name}")) / TWIPS_A_MM for name in ("top", "bottom", "left", "right")}
    assert page == pytest.approx({"w": 210, "h": 297}, abs=0.1)
    assert (edge["top"], edge["left"]) == pytest.approx((37, 28), abs=0.1)
    wide = (page["w"] - edge["left"] - edge["right"]) / 25.4 * 72
    high = (page["h"] - edge["top"] - edge["bottom"]) / 25.4 * 72
    assert (wide / 72 * 25.4, high / 72 * 25.4) == pytest.approx((156, 225), abs=0.1)
    text = made.styles["Normal"]
    between = int(text.find(f"{W}rPr/{W}spacing").get(f"{W}val")) / 20
    line = text.find(f"{W}pPr/{W}spacing")
    assert (line.get(f"{W}lineRule"), wide // (16 + between), high // (int(line.get(f"{W}line")) / 20)) == (
        *("exact", 28, 22),
    )


def test_pages_are_numbered_at_their_outer_edge():
    made = written(everything)
    kinds = {one.get(f"{W}type"): one for one in made.root.iter(f"{W}footerReference")}
    targets = {
        one.get("Id"): one.get("Target") for one in made.part("word/_rels/document.xml.rels")
    }  # the names of the parts by their relation
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    for kind, side in (("default", "right"), ("even", "left")):
        foot = made.part(f"word/{targets[kinds[kind].get(relation)]}")
        assert said(foot) == "— 1 —"
        assert foot.find(f".//{W}fldSimple").get(f"{W}instr").strip() == "PAGE"
        assert foot.find(f".//{W}jc").get(f"{W}val") == side
        assert int(foot.find(f".//{W}ind").get(f"{W}{side}")) == 14 * 20
    assert made.part("word/settings.xml").find(f"{W}evenAndOddHeaders") is not None


def test_headings_make_an_outline_of_four_levels():
    made = written(everything)
    levels = [one.find(f"{W}pPr/{W}outlineLvl") for one in made.styles.values()]
    assert [one.get(f"{W}val") for one in levels if one is not None] == ["0", "1", "2", "3"]
    for level in (0, 5):
        with pytest.raises(ValueError, match=f"level {level}"):
            Document().heading("标题", level)


def test_a_table_is_as_wide_as_the_text_and_its_header_is_repeated():
    root = written(everything).root
    rows = list(root.iter(f"{W}tr"))
    assert [one.find(f"{W}trPr/{W}tblHeader") is not None for one in rows] == [True, False, False]
    assert all(one.find(f"{W}trPr/{W}cantSplit") is not None for one in rows)
    widths = [int(one.get(f"{W}w")) for one in root.iter(f"{W}gridCol")]
    assert sum(widths) == pytest.approx(156 * TWIPS_A_MM, abs=3)
    assert widths[1] == pytest.approx(3 * widths[0], abs=3)
    for row in rows:
        assert [int(one.get(f"{W}w")) for one in row.iter(f"{W}tcW")] == widths
    sides = [[one.get(f"{W}val") for one in row.iter(f"{W}jc")] for row in rows]
    assert sides == [["center", "center"], ["left", "right"], ["left", "right"]]


@pytest.mark.parametrize(
    ("rows", "widths", "aligns"),
    [([("一",)], (1, 1), ()), ([("一", "二", "三")], (1, 1), ()), ([], (1, 1, 1), ()), ([], (1, 1), ("left",))],
)
def test_a_table_whose_columns_do_not_agree_is_refused(rows, widths, aligns):
    with pytest.raises(ValueError, match="zip"):
        Document().table(("甲", "乙"), rows, widths, aligns)


def test_a_long_table_keeps_every_row():
    rows = [(str(one), f"第{one}台") for one in range(500)]
    made = written(lambda paper: paper.table(("序号", "设备"), rows, (1, 4)))
    assert [text for style, text in made.paragraphs() if style == "表文"] == [cell for row in rows for cell in row]


@pytest.mark.parametrize(
    ("name", "size"), [("某市人民政府文件", 42), ("攀枝花市经济和信息化局文件", 34), ("长" * 40, 11), ("", 42)]
)
def test_the_red_head_fits_on_one_line(name, size):
    made = written(lambda paper: paper.red_head(name, "某经信〔2026〕3号"))
    first, last = made.root.findall(f"{W}body/{W}p")
    sizes = [int(one.get(f"{W}val")) / 2 for one in first.iter(f"{W}sz")]
    assert sizes == ([size] if name else [])
    assert size * len(name) <= 156 / 25.4 * 72
    assert made.styles[first.find(f".//{W}pStyle").get(f"{W}val")].find(f".//{W}color").get(f"{W}val") == "FF0000"
    assert first.find(f".//{W}pBdr") is None
    rule = last.find(f"{W}pPr/{W}pBdr/{W}bottom")
    assert (rule.get(f"{W}color"), rule.get(f"{W}sz"), rule.get(f"{W}space")) == ("FF0000", "12", "11")


def test_a_picture_stands_in_the_text_as_it_was_given():
    made = written(lambda paper: paper.picture(png(), '各县区<完成率> & "其他"', width=120))
    extent = next(one for one in made.root.iter() if one.tag.endswith("}extent"))
    assert (int(extent.get("cx")), int(extent.get("cy"))) == (120 * EMU_A_MM, 40 * EMU_A_MM)
    about = next(one for one in made.root.iter() if one.tag.endswith("}docPr"))
    assert about.get("descr") == '各县区<完成率> & "其他"'
    assert [one for name, one in made.parts.items() if name.endswith(".png")] == [png()]


def test_what_is_no_picture_is_refused():
    with pytest.raises(UnrecognizedImageError):
        Document().picture(b"<svg/>", "图")


def test_nothing_a_text_says_becomes_mark_up():
    def write(paper):
        paper.red_head(NASTY, NASTY)
        for one in (paper.title, paper.mark, paper.heading, paper.text, paper.caption):
            one(NASTY)
        paper.table((NASTY,), [(NASTY,)], (1,))
        paper.picture(png(), NASTY)

    made = written(write)
    clean = "<w:t>假标签</w:t> & \"引号\"  控制符 =cmd|'/c calc'!A0"
    assert [text for _, text in made.paragraphs()] == [clean] * 9
    assert clean in ElementTree.tostring(made.part("docProps/core.xml"), "unicode", "text")


def test_elements_stand_in_the_order_of_the_schema():
    made = written(everything)
    for name in ("word/document.xml", "word/styles.xml"):
        for holder, order in ORDER.items():
            known = order.split()
            for one in made.part(name).iter(f"{W}{holder}"):
                places = [known.index(child.tag.removeprefix(W)) for child in one]
                assert places == sorted(places), (holder, [child.tag for child in one])


def test_every_style_named_is_defined():
    made = written(everything)
    named = {one.get(f"{W}val") for one in made.root.iter(f"{W}pStyle")}
    named |= {one.get(f"{W}val") for style in made.styles.values() for one in style.iter(f"{W}basedOn")}
    assert named <= set(made.styles)


def test_the_same_content_is_the_same_file():
    assert data(everything) == data(everything)
    assert data(everything) != data(lambda paper: paper.text("不一样"))
    made = written(everything)
    assert made.times == {(2000, 1, 1, 0, 0, 0)}
    told = made.parts["docProps/core.xml"].decode()
    assert told.count("2000-01-01T00:00:00Z") == 2
    assert "题目" in told


def test_a_file_tells_of_nobody_but_its_writer():
    made = written(everything)
    assert set(made.parts) == {
        *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml", "word/media/image1.png"),
        *("word/_rels/document.xml.rels", "word/styles.xml", "word/settings.xml", "word/footer1.xml"),
        "word/footer2.xml",
    }
    for name, content in made.parts.items():
        assert b"python-docx" not in content, name

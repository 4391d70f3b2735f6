"""A Word document of ours holds what was written, whatever it says, and is the same each time."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from jigai.reports.word import HEAD_FONT, TEXT_FONT, TITLE_FONT, Paper

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NASTY = "<w:t>假标签</w:t> & \"引号\" \x00\x0b 控制符 =cmd|'/c calc'!A0"


def made(write):
    paper, target = Paper(), io.BytesIO()
    write(paper)
    paper.write(target)
    return target.getvalue()


def document(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        return ElementTree.fromstring(package.read("word/document.xml"))


def texts(root):
    return ["".join(one.text or "" for one in each.iter(f"{W}t")) for each in root.iter(f"{W}p")]


def test_what_is_written_is_read_back_in_order():
    def write(paper):
        paper.mark("代拟稿")
        paper.title("题目")
        paper.heading("一、事实")
        paper.text("第一段\n第二段")
        paper.table(("项目", "值"), [("型号", "YE3")], (1, 3))
        paper.text("落款", indent=False, align="right")

    root = document(made(write))
    assert [one for one in texts(root) if one] == [
        *("代拟稿", "题目", "一、事实", "第一段", "第二段", "项目", "值", "型号", "YE3", "落款")
    ]
    fonts = {one.get(f"{W}eastAsia") for one in root.iter(f"{W}rFonts")}
    assert fonts == {TITLE_FONT, TEXT_FONT, HEAD_FONT}
    assert len(list(root.iter(f"{W}tblHeader"))) == 1
    widths = [int(one.get(f"{W}w")) for one in root.iter(f"{W}gridCol")]
    assert widths[1] == 3 * widths[0] or abs(widths[1] - 3 * widths[0]) <= 3


def test_nothing_a_text_says_becomes_mark_up():
    root = document(made(lambda paper: (paper.text(NASTY), paper.table((NASTY,), [(NASTY,)], (1,)))))
    said = [one for one in texts(root) if one]
    assert said == ["<w:t>假标签</w:t> & \"引号\"  控制符 =cmd|'/c calc'!A0"] * 3


def test_the_same_content_is_the_same_file():
    first = made(lambda paper: paper.text("一样"))
    assert first == made(lambda paper: paper.text("一样"))
    assert first != made(lambda paper: paper.text("不一样"))

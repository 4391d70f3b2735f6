"""The bulletin: a Word document an office goes on with, whose figures are the board's and whose gaps are told."""

from __future__ import annotations

import dataclasses
import io
import shutil
from datetime import date
from decimal import Decimal

import docx
import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from tests.platform.campaigns.conftest import as_, whole
from tests.platform.people import EAST, WEST
from tests.platform.reporting.figures import city_of_two

from jigai.plan.period import Period
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.reporting import issuing, overdue, wording
from jigai.platform.reporting.bulletin import Issue, ranked, write
from jigai.platform.reporting.figures import Figure
from jigai.platform.reporting.overdue import Overdue
from jigai.reports import fonts, pdf
from jigai.reports.charts import Bar, NoFontError, bars

DAY = date(2026, 11, 3)
UNITS = {EAST: "东区", WEST: "西区"}


def issue(**more):
    said = {
        "city": "示范市", "period": Period(2026, 10), "known_on": DAY, "units": UNITS, "red_head": True,
        "number": "第 9 期", "office": "示范市经信局编", "next_steps": "督促西区补报。\n\n 核对投资数。",
        "overdue": None,
    }  # fmt: skip
    return Issue(**{**said, **more})


def read(data):
    return docx.Document(io.BytesIO(data))


def words(data):
    return [one.text for one in read(data).paragraphs if one.text]


def test_the_bulletin_says_what_the_figures_say():
    data = write(wording.read(wording.shipped()), issue(), city_of_two(), fonts.chinese())
    said = words(data)
    assert "示范市工业设备更新工作进展通报" in said and "第 9 期" in said
    assert "2026年10月末，重点企业关键工序数控化率为60.0%，填报覆盖率100%。" in said
    assert "方案实施以来，设备工器具购置投资累计完成3.60亿元。" in said
    assert "现将截至2026年10月末的工作进展情况通报如下（数据截至2026年11月3日）。" in said
    assert [one for one in said if one[1:2] == "、"] == [
        "一、总体进展",
        "二、各项目标",
        "三、各管理主体情况",
        "四、下一步工作",
    ]
    assert "2. 核对投资数。" in said and "数据说明" not in said
    stands, table = read(data).tables
    assert [cell.text for cell in stands.rows[1].cells] == [
        "O8 关键工序数控化率", "60.0%", "到 2027 年超 75%", "有风险", "100%",
    ]  # fmt: skip
    assert "O8 关键工序数控化率：示例：按现有进度差 5 个百分点。" in said
    assert [cell.text for cell in table.rows[1].cells] == ["1", "东区", "66.7", "100", ""]
    assert len(read(data).inline_shapes) == 1


def test_a_figure_of_another_year_names_it():
    """A yearly figure is not of the month of the issue, and must not read as if it were."""
    kept = city_of_two()
    own = kept.figure
    kept.figure = lambda *said: dataclasses.replace(own(*said), period="2025")
    text = words(write(wording.read(wording.shipped()), issue(), kept, None))
    assert "2025年，重点企业关键工序数控化率为60.0%，填报覆盖率100%。" in text
    assert "表：各管理主体关键工序数控化率（2025年）" in text


def test_without_a_plan_the_bulletin_says_there_are_no_objectives():
    kept = city_of_two()
    kept.standings = lambda period, known_on: ()
    assert "还没有启用规划文件，没有目标可说。" in words(write(wording.read(wording.shipped()), issue(), kept, None))


def test_equal_figures_make_an_equal_file():
    """D25."""
    text, kept = wording.read(wording.shipped()), city_of_two()
    assert write(text, issue(), kept, None) == write(text, issue(), kept, None)


def test_what_is_missing_is_said_to_be_missing_and_never_zero():
    kept = city_of_two()
    kept.rows = [one for one in kept.rows if one[0] == "nc_rate"]
    kept.add("nc_rate", "2026-10", WEST, "西二厂", 0, 0, reported=0)
    said = words(write(wording.read(wording.shipped()), issue(red_head=False, next_steps=""), kept, fonts.chinese()))
    assert "方案实施以来，设备工器具购置投资累计完成（暂缺）亿元。" in said
    assert "equipment_investment_cumulative" not in " ".join(said)
    assert "设备工器具购置投资：暂缺（来源中没有这个期间的数）。" in said
    assert "关键工序数控化率：覆盖率75%，仅供内部参考，不可上报。" in said
    assert "第 9 期" not in said and "四、下一步工作" not in said
    found = ranked("nc_rate", issue(), kept)
    assert [(one.name, one.rank) for one in found] == [("东区", 1), ("西区", None)]


def test_equal_figures_share_a_rank():
    kept = city_of_two()
    kept.add("firms", "2026-10", WEST, "西二厂", 1)
    found = ranked("firms", issue(units={**UNITS, "x": "北区"}), kept)
    assert [(one.name, one.rank) for one in found] == [("东区", 1), ("西区", 1), ("北区", None)]


def test_overdue_tasks_stand_in_a_table_where_somebody_keeps_tasks():
    text, kept = wording.read(wording.shipped()), city_of_two()
    late = [Overdue("西区摸排报送", "西区", date(2026, 10, 20))]
    tables = read(write(text, issue(overdue=late), kept, None)).tables
    assert [cell.text for cell in tables[2].rows[1].cells] == ["1", "西区摸排报送", "西区", "2026-10-20", "14"]
    assert "截至2026年11月3日，没有逾期事项。" in words(write(text, issue(overdue=[]), kept, None))


def test_who_keeps_tasks_is_asked():
    before = overdue.provide(None)
    try:
        assert overdue.overdue(DAY) is None
        assert overdue.provide(lambda day: [Overdue("事项", "东区", day)]) is None
        assert [one.due for one in overdue.overdue(DAY) or []] == [DAY]
    finally:
        overdue.provide(before)
    assert before is not None, "the task ledger does"


def test_bars_are_told_apart_without_colour():
    face = fonts.chinese()
    assert face is not None, "install fonts-noto-cjk to run this test"
    found = [
        Bar("东区", Decimal("66.7"), "66.7%"),
        Bar("西区", Decimal(50), "50.0%", hatched=True),
        Bar("北区", None, "—"),
    ]
    picture = Image.open(io.BytesIO(bars(found, face)))
    assert picture.mode == "L" and picture.width == 1560
    rows = [[picture.getpixel((x, 24 + 92 * at + 46)) for x in range(300, 900)] for at in range(3)]
    assert max(rows[0][:300]) < 128  # a plain bar is dark throughout
    assert 0 in rows[1] and 255 in rows[1]  # a hatched one is black on white
    assert min(rows[2][100:]) == 255  # no figure, no bar
    with pytest.raises(NoFontError):
        bars(found, None)


def test_without_a_typeface_there_is_no_chart_and_the_table_stands():
    data = write(wording.read(wording.shipped()), issue(), city_of_two(), None)
    assert len(read(data).inline_shapes) == 0 and len(read(data).tables) == 2


def test_fonts_name_what_stands_in():
    found = {one.family: one for one in fonts.wanted()}
    assert {"仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"} <= set(found)
    assert all(one.missing == (one.family != one.found) for one in found.values())


def test_a_machine_without_tools_says_so(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert fonts.chinese() is None and pdf.converter() is None and pdf.as_pdf(b"") is None
    assert all(one.missing for one in fonts.wanted())


def test_a_file_that_is_no_document_gives_no_pdf(monkeypatch):
    monkeypatch.setattr(pdf, "converter", lambda: shutil.which("false"))
    assert pdf.as_pdf(b"x") is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("title:", "title"), "行写法不对"),
        (("opening:", "foreword:"), "四项"),
        (("{nc_rate:percent1}", "{nc_rate:percent9}"), "nc_rate:percent9"),
        (("{city}工业设备更新工作通报", "{town}"), "town"),
        (("heading: 逾期事项", "headline: 逾期事项"), "heading"),
        (("format: percent1", "format: bold"), "bold"),
        (("unit: \"%\"", "units: \"%\""), "ranking"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_filled_is_refused_with_the_place(change, says):
    with pytest.raises(ValidationError, match=says):
        wording.read(wording.shipped().replace(*change))


def test_figures_are_written_in_the_unit_of_the_text():
    value = Decimal("123456789.5")
    assert [wording.written(value, one) for one in ("plain0", "wan1", "yi2", "percent1")] == [
        "123456790", "12345.7", "1.23", "12345678950.0%",
    ]  # fmt: skip
    assert wording.written(None, "plain0") == "（暂缺）"
    assert wording.filled(
        "{city}{x:plain0}{x.coverage:percent0}{other}", {"city": "市"}, lambda key: Figure(Decimal(3))
    ) == ("市3（暂缺）{other}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_an_issue_is_made_by_a_job_with_the_text_of_the_city(city, kept, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client = city.client("city_officer")
    page = client.get("/reporting/bulletin/text/")
    text = page.context["form"].initial["source"].replace("总体进展", "总体情况")
    assert (
        client.post("/reporting/bulletin/text/", {"once": page.context["once"], "source": "title: x"}).status_code
        == 422
    )
    assert client.post("/reporting/bulletin/text/", {"once": page.context["once"], "source": text}).status_code == 302
    page = client.get("/reporting/bulletin/")
    wrong = client.post("/reporting/bulletin/", {"once": page.context["once"], "period": "2026"})
    assert wrong.status_code == 422
    answer = client.post("/reporting/bulletin/", {"once": page.context["once"], "period": "2026-10", "red_head": "on"})
    worker.run(once=True)
    with whole():
        job = Job.objects.get(kind="reporting.bulletin")
    assert (answer.url, job.state) == (f"/jobs/{job.pk}/", "done")
    names = [one["name"] for one in job.result["files"]]
    assert names[0] == "工作进展通报_2026-10.docx"
    data = b"".join(client.get(f"/jobs/{job.pk}/files/{names[0]}").streaming_content)
    assert "一、总体情况" in words(data)
    if pdf.converter():
        assert names[1].endswith(".pdf") and "字体" in job.result["text"]
    else:
        assert "LibreOffice" in job.result["text"]
    with as_(city, "auditor") as actor, pytest.raises(Exception, match=r"report\.fill"):
        issuing.change_text(actor, wording.shipped())

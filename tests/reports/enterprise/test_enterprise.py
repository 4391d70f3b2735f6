"""How the report of an enterprise writes figures, deadlines and names, and what its chart and tables say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
import yaml
from PIL import Image
from tests.diagnosis.worth.made import costed, measure, worth

from jigai.diagnosis.editing import Rejected
from jigai.diagnosis.worth import Returns, Spread
from jigai.diagnosis.worth.model import Words
from jigai.reports.charts import NoFontError, Range, ranges
from jigai.reports.enterprise import words, write_diagnosis
from jigai.reports.enterprise.boss import MOST_STEPS, payback, steps
from jigai.reports.enterprise.naming import Names
from jigai.reports.fonts import chinese

CASES = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 23)
NONE = pl.DataFrame({"device_id": []}, schema={"device_id": pl.String})
WRONG = pl.DataFrame({"message_zh": ["“年运行小时”应填数字。"]})


@pytest.mark.parametrize(
    ("name", "given", "says"), [(name, case["given"], case["says"]) for name, cases in CASES.items() for case in cases]
)
def test_figures_are_written_as_people_write_them(name: str, given: Any, says: str) -> None:
    more = (DAY,) if name == "until" else ()
    assert getattr(words, name)(given, *more) == says


def test_a_range_is_told_with_its_unit_once() -> None:
    amount = Spread(20900.0, 71800.0, 94800.0)
    assert words.money(amount) == "7.18（2.09～9.48）万元"
    assert words.spread(amount, 10000.0) == "7.18（2.09～9.48）"
    assert words.brief(amount, 10000.0) == "7.18\n2.1~9.5"
    assert words.money(Spread(5.0, 5.0, 5.0)) == "5元"
    assert words.money(None) == words.spread(None) == words.brief(None) == "—"


def test_a_list_says_how_many_it_left_out() -> None:
    assert words.listed(["甲", "", "甲", "乙"]) == "甲、乙"
    assert words.listed(["甲", "乙", "丙"], 2) == "甲、乙等3项"


def test_a_word_that_no_table_has_stands_as_it_is() -> None:
    assert words.word("origin", "quotation") == "报价"
    assert words.word("verdict", "keep") == "暂可保留"
    assert words.word("origin", "rumour") == "rumour"
    assert words.word("origin", None) == ""


def returns(**more: Any) -> Returns:
    said: dict[str, Any] = dict.fromkeys(Returns.__dataclass_fields__)
    known = {"machines": 1, "capital": 1.0, "saving": Spread(1.0, 1.0, 1.0), "reasons": ()}
    return Returns(**{**said, **known, **more})


@pytest.mark.parametrize(
    ("pays", "says"),
    [
        (None, "—"),
        (returns(payback=5.79, payback_low=4.39, payback_high=19.9), "5.79（4.4～20）"),
        (returns(payback=0.5, payback_low=0.35), "0.5（0.35～收不回）"),
        (returns(reasons=(("payback", Words("no_saving", "没有", "none")),)), "收不回"),
    ],
)
def test_a_payback_that_never_comes_is_said(pays: Returns | None, says: str) -> None:
    assert payback(worth("m", returns=pays)) == says


def test_machines_go_by_their_names() -> None:
    rows = {"device_id": ["x", "y"], "name": ["泵", None], "model": ["IS80", None], "sheet": ["台账", None]}
    names = Names(pl.DataFrame({**rows, "row": [7, None], "code": ["P-1", None], "quantity": [2, None]}))
    assert (names.what("x"), names.where("x"), names.machines("x")) == ("泵 IS80", "P-1，台账!7", "2")
    assert (names.what("y"), names.where("y"), names.machines("y")) == ("y", "y", "1")
    assert names.what("nowhere") == "nowhere"


def test_the_chart_shows_scores_dark_and_the_unknown_hatched() -> None:
    known, unknown = Range("甲", 50, 50, 50, "50分"), Range("乙", 0, 100, None, "未知")
    nothing = Range("丙", None, None, None, "")
    face = chinese()
    pictures = [Image.open(io.BytesIO(ranges([one], face))) for one in (known, unknown, nothing)]
    assert all(picture.mode == "L" for picture in pictures)
    dark, hatched, empty = (sum(picture.histogram()[:120]) for picture in pictures)
    assert dark > empty and hatched > empty
    with pytest.raises(NoFontError):
        ranges([known], None)


def text_of(document: bytes) -> str:
    paper = docx.Document(io.BytesIO(document))
    cells = (cell.text for table in paper.tables for line in table.rows for cell in line.cells)
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@pytest.mark.parametrize("place", range(len(costed())))
def test_every_case_makes_a_report_that_is_whole(place: int) -> None:
    one = costed()[place]
    said = text_of(write_diagnosis(one, NONE, WRONG.clear(), None))
    assert all(m.zh in said for m in one.diagnosis.measures)
    assert ("测算示例：含示例假设" in said) == (one.total.sample or any(w.sample for w in one.worths))
    assert "None" not in said and "nan" not in said


def test_what_was_rejected_or_could_not_be_used_is_told() -> None:
    gone = Rejected(measure(zh="更换空压机"), "已拆除", "王工", DAY)
    said = text_of(write_diagnosis(costed()[0], NONE, WRONG, None, [gone]))
    assert "专家没有采用的措施：更换空压机。理由：已拆除（王工，2026年11月23日）" in said
    assert "没有采用的答案：“年运行小时”应填数字。" in said


def test_next_steps_begin_with_the_law() -> None:
    found = steps(costed()[0], Names(NONE))
    assert found[0].startswith("按第一部分安排依法必须办的1件事，涉及3台设备")
    assert 1 < len(found) <= MOST_STEPS


def test_an_order_the_table_has_no_room_for_is_still_named_with_its_size() -> None:
    orders = [measure(f"o{n}", zh=f"依法淘汰{n}号设备，换新", standing="order", machines=n) for n in range(1, 6)]
    one = costed()[0]
    many = replace(
        one, diagnosis=replace(one.diagnosis, measures=tuple(orders)), worths=tuple(worth(one.id) for one in orders)
    )
    before, _, _ = text_of(write_diagnosis(many, NONE, WRONG.clear(), None)).partition("附件1")
    assert "另有2件（依法淘汰4号设备4台、依法淘汰5号设备5台）见附件" in before

"""The plan's text beside a task, and everything that happened with it in order."""

from __future__ import annotations

from datetime import date

import pytest
from tests.platform.duties.conftest import BEGUN, at, changed, plan_of, whole

from jigai.platform.duties import reminding, telling
from jigai.platform.duties.models import Adoption

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def marked(duty):
    with whole():
        found = telling.excerpt(duty)
    return ["".join(piece.text for piece in pieces if piece.marked) for pieces in found.paragraphs]


def test_every_sentence_of_every_task_is_marked_whole(stage):
    for one in plan_of().all_tasks():
        said = "".join(marked(stage.duty(one.id)))
        for quote in one.quotes:
            assert "".join(quote.words.split()) in "".join(said.split()), one.id


def test_nothing_else_is_marked_and_a_little_stands_around(stage):
    duty = stage.duty("K11.4")
    with whole():
        found = telling.excerpt(duty)
    said = "".join("".join(marked(duty)).split())
    assert said == "到2024年底，2个化工园区安全风险等级全部升到D级（较低安全风险）。"
    assert len(found.paragraphs) > 1
    whole_text = "".join(piece.text for pieces in found.paragraphs for piece in pieces)
    assert "11.推广应用先进适用安全装备" in "".join(whole_text.split())


TEXT = """标题

一、目标
到2027年完成设备更新，淘汰落后设备，提高能效水平，推动绿
色转型。第二句。
二、任务
做事。
三、保障
四、附则
"""


def test_a_sentence_broken_over_two_lines_is_one_paragraph():
    start = TEXT.index("推动绿")
    rows = telling._paragraphs(TEXT, [(start, TEXT.index("第二句"))])
    texts = ["".join(piece.text for piece in row) for row in rows]
    assert texts == ["标题", "一、目标", TEXT[TEXT.index("到2027") : TEXT.index("\n二、")], "二、任务", "做事。"]
    assert [piece.text for piece in rows[2] if piece.marked] == ["推动绿\n色转型。"]


def test_two_marks_in_one_paragraph_and_none():
    first, second = TEXT.index("淘汰"), TEXT.index("第二句")
    rows = telling._paragraphs(TEXT, [(first, first + 6), (second, second + 4)])
    assert [piece.text for row in rows for piece in row if piece.marked] == ["淘汰落后设备", "第二句。"]
    assert telling._paragraphs(TEXT, []) == []


def test_a_task_is_shown_with_the_version_it_was_taken_from(stage):
    before = stage.duty("M5.3").version_hash
    later = changed(("en: Over-age and backward equipment out}", "en: Out}"))
    stage.adopt(later)
    with whole():
        assert telling.excerpt(stage.duty("M5.3")).adoption.version_hash == later.content_hash != before
        Adoption.objects.all().delete()
        assert telling.excerpt(stage.duty("M5.3")) is None


def test_what_happened_is_told_the_newest_first(stage):
    stage.assign("K8.1")
    stage.pass_(1)
    stage.report("K8.1", BEGUN, 10)
    stage.pass_(1)
    stage.report("K8.1", BEGUN, 12, reason="补一项")
    for day in (date(2026, 9, 4), date(2026, 9, 14)):
        reminding.by_schedule(day, at(day))
    with whole():
        told = telling.timeline(stage.duty("K8.1"))
    titles = [one.title for one in told]
    assert titles[:3] == ["提醒（已经逾期）", "提醒（报市级负责人）", "提醒（已经逾期）"], (
        "the report, and that it stands still"
    )
    assert titles[3:] == ["提醒（3天内到期）", "2026-07 进展", "2026-07 进展", "指定承担"]
    assert [one.former for one in told[4:6]] == [False, True]
    assert told[4].reason == "补一项" and told[0].who == "市财政局"


def test_the_names_of_sub_tasks_and_their_leads(stage):
    stage.assign("K7.5")
    with whole():
        found = telling.children(stage.duty("K7"))
        assert telling.children(stage.duty("K7.5")) == []
    assert [(one.key, said.key, [str(share.organisation) for share in leads]) for one, said, leads in found][-1] == (
        "K7.5", "claimed", ["市财政局"]
    )  # fmt: skip


def test_sectors_in_both_languages(stage):
    from django.utils import translation

    duty = stage.duty("K10.3")
    assert telling.sectors(duty) == ["钢铁", "化工"]
    with translation.override("en"):
        assert all(word.isascii() for word in telling.sectors(duty))
        assert duty.title == "Old installations out or upgraded"

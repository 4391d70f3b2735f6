"""The expert's hand: every edit has a reason, no version is lost, nobody makes an order by hand."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.diagnosis.worth.made import costed, measure, worth

from jigai.diagnosis import Diagnosis
from jigai.diagnosis.editing import ADD, CHANGE, REJECT, Edit, EditError, History, begun, edited
from jigai.diagnosis.measures import with_appraisals
from jigai.diagnosis.worth import Costed
from jigai.diagnosis.worth.totals import total
from jigai.diagnosis.writing import read_as, to_json

ON = date(2026, 11, 30)


def anew(diagnosis: Diagnosis) -> Costed:
    """Costs nothing: what an edited diagnosis is worth is another test's matter."""
    worths = tuple(worth(one.id) for one in diagnosis.measures)
    joined = with_appraisals(diagnosis, {one.measure: one for one in worths})
    ordered = {one.measure: one for one in worths}
    return Costed(joined, tuple(ordered[one.id] for one in joined.measures), (), total(worths), None)


@pytest.fixture
def history() -> History:
    return begun(costed()[0])


def made(history: History, *edits: Edit) -> History:
    return edited(history, edits, "王工", ON, anew)


def first(history: History) -> Any:
    return history.latest.costed.diagnosis.measures[0]


def test_a_rejected_measure_is_gone_and_remembered(history: History) -> None:
    gone = first(history)
    after = made(history, Edit(REJECT, gone.id, "现场已拆除"))
    assert gone.id not in {one.id for one in after.latest.costed.diagnosis.measures}
    (kept,) = after.latest.rejected
    assert (kept.measure, kept.reason, kept.by, kept.on) == (gone, "现场已拆除", "王工", ON)
    later = made(after, Edit(ADD, "x", "现场看到", added=measure("x")))
    assert later.latest.rejected == (kept,)


def test_all_versions_stay_as_they_were(history: History) -> None:
    text = to_json(history.versions[0])
    after = made(history, Edit(CHANGE, first(history).id, "改了说法", (("zh", "换成 YE4 电机"),)))
    again = made(after, Edit(REJECT, first(after).id, "不做"))
    assert [one.number for one in again.versions] == [1, 2, 3]
    assert to_json(again.versions[0]) == text
    assert again.versions[1] == after.latest
    assert first(after).zh == "换成 YE4 电机" and first(after).why == first(history).why


def test_a_history_is_canonical_json(history: History) -> None:
    after = made(
        history,
        Edit(CHANGE, first(history).id, "只换一台", (("devices", ("d1",)), ("machines", 1), ("deadline", None))),
        Edit(ADD, "x", "现场看到", added=measure("x")),
    )
    text = to_json(after)
    assert read_as(History, json.loads(text)) == after
    assert to_json(read_as(History, json.loads(text))) == text


def test_an_added_measure_takes_its_place_in_the_order(history: History) -> None:
    after = made(history, Edit(ADD, "x", "现场看到", added=measure("x")))
    ids = [one.id for one in after.latest.costed.diagnosis.measures]
    assert "x" in ids and ids.index("x") > ids.index(first(history).id), "the law comes first"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(REJECT, "first", "  "), "give the reason"),
        (Edit(REJECT, "nowhere", "理由"), "no such measure"),
        (Edit("lose", "first", "理由"), "write one of add, change, reject"),
        (Edit(CHANGE, "first", "理由"), "nothing to change"),
        (Edit(CHANGE, "first", "理由", (("certainty", "transcribed"),)), "may not be changed"),
        (Edit(CHANGE, "first", "理由", (("machines", "many"),)), "no value for it"),
        (Edit(CHANGE, "first", "理由", (("zh", ""),)), "no value for it"),
        (Edit(CHANGE, "last", "理由", (("standing", "order"),)), "comes from rules alone"),
        (Edit(ADD, "x", "理由"), "give the whole measure"),
        (Edit(ADD, "x", "理由", added=measure("y")), "give the whole measure"),
        (Edit(ADD, "x", "理由", added=measure("x", standing="order")), "comes from rules alone"),
        (Edit(ADD, "x", "理由", added=measure("x", law=True)), "comes from rules alone"),
    ],
)
def test_what_may_not_be_done_is_refused_and_nothing_changes(history: History, edit: Edit, words: str) -> None:
    ids = {"first": first(history).id}
    known = made(history, Edit(ADD, "advice", "现场看到", added=measure("advice")))
    ids["last"] = "advice"
    asked = Edit(edit.act, ids.get(edit.measure, edit.measure), edit.reason, edit.changes, edit.added)
    with pytest.raises(EditError, match=words):
        made(known, asked)
    assert len(known.versions) == 2


def test_all_faults_are_told_at_once(history: History) -> None:
    with pytest.raises(EditError) as caught:
        edited(history, [Edit(REJECT, "a", "理由"), Edit(REJECT, "b", "")], " ", ON, anew)
    assert str(caught.value).count("\n") == 2
    with pytest.raises(EditError, match="nothing to do"):
        made(history)


def test_a_taken_id_is_refused(history: History) -> None:
    mine = first(history)
    with pytest.raises(EditError, match="taken"):
        made(history, Edit(ADD, mine.id, "理由", added=measure(mine.id)))

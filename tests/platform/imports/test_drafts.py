"""A workbook that comes back put right is the next draft of the same upload; corrections are carried and undone."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import transaction
from tests.platform.imports.conftest import book

from jigai.platform.audit.models import Event
from jigai.platform.imports import drafts, services
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

GREEN = "registers.green-factories"
ROWS = [
    ["企业名称", "级别", "认定年份", "复核日期", "第三方评价得分"],
    ["东风轧钢有限公司", "国家级", "202X", "2027-02-30", 90],
    ["西山水泥有限公司", "省级", 2024, "2027-03-01", 91],
    ["北山焦化有限公司", "省级", 2023, "2027-03-01", 92],
]


def inside(actor):
    stack = ExitStack()
    stack.enter_context(transaction.atomic())
    stack.enter_context(use_scope(actor.scope))
    return stack


def changed(**cells):
    rows = [list(row) for row in ROWS]
    for cell, text in cells.items():
        rows[int(cell[1:]) - 1]["ABCDE".index(cell[0])] = text
    return book(rows)


def hand_in(actor, data, name="名单.xlsx"):
    with inside(actor):
        return drafts.hand_in(actor, GREEN, name, data)


def correct(actor, upload, *cells):
    with inside(actor):
        fresh = Upload.objects.get(pk=upload.pk)
        return services.correct(actor, fresh, fresh.version, [("名单", *cell) for cell in cells])


def test_a_file_put_right_goes_on_where_the_former_stood(city):
    actor = city.actor("city_officer")
    first, what = hand_in(actor, book(ROWS))
    assert what == "new"
    correct(actor, first, ("C2", "2022"), ("E3", "95"))
    second, what = hand_in(actor, changed(D2="2027-02-28", E3=94), "名单 (1).xlsx")
    assert (what, second.pk, second.file_name) == ("next", first.pk, "名单 (1).xlsx")
    assert second.corrections == {"名单": {"C2": "2022"}}, "what the workbook still says is corrected, E3 is its own"
    (former,) = second.drafts
    assert former["corrections"] == {"名单": {"C2": "2022", "E3": "95"}}
    told = {(one["cell"], one["before"], one["after"]) for one in former["differences"]}
    assert told == {("D2", "2027-02-30", "2027-02-28"), ("E3", "95", "94")}
    assert (second.summary["good"], second.summary["questions"]) == (3, 0)


def test_the_same_file_again_is_the_one_that_waits(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    again, what = hand_in(actor, book(ROWS), "别的名字.xlsx")
    assert (what, again.pk) == ("same", first.pk)
    other, what = hand_in(city.actor("county_officer"), book(ROWS))
    assert (what, other.pk != first.pk) == ("new", True), "somebody else's is their own"


def test_another_file_of_the_same_form_is_a_new_one(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    other = [ROWS[0], ["南山化工有限公司", "市级", 2025, "2028-01-01", 70], ["东山电厂", "市级", 2025, "", 71]]
    second, what = hand_in(actor, book(other))
    assert (what, second.pk != first.pk) == ("new", True)


def test_what_is_finished_is_not_reopened_by_a_later_file(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, changed(C2=2022, D2="2027-02-28"))
    Upload.unscoped.filter(pk=first.pk).update(state=Upload.State.DONE)
    _second, what = hand_in(actor, changed(C2=2023, D2="2027-02-28"))
    assert what == "new"


def test_what_was_taken_for_a_draft_can_be_set_apart(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    correct(actor, first, ("C2", "2022"))
    second, _what = hand_in(actor, changed(D2="2027-02-28"))
    with inside(actor):
        made = drafts.split(actor, second, second.version)
        first = Upload.objects.get(pk=first.pk)
    assert made.pk != first.pk
    assert (first.drafts, first.corrections, first.file_name) == ([], {"名单": {"C2": "2022"}}, "名单.xlsx")
    assert made.content_hash == second.content_hash != first.content_hash
    with inside(actor), pytest.raises(ImportRefusedError, match="没有上一稿"):
        drafts.split(actor, first, first.version)


def test_a_draft_that_cannot_be_read_leaves_everything_as_it_is(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    with inside(actor), pytest.raises(ImportRefusedError, match="没读成"):
        drafts.replace(actor, first, first.version, "x.xlsx", b"nothing")
    with inside(actor), pytest.raises(ImportRefusedError, match="一模一样"):
        drafts.replace(actor, first, first.version, "x.xlsx", book(ROWS))
    with inside(actor):
        now = Upload.objects.get(pk=first.pk)
    assert (now.content_hash, now.version, now.drafts) == (first.content_hash, first.version, [])


def test_the_marked_copy_that_comes_back_is_known(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    with inside(actor):
        data, name = services.marked(first, services.subject_of(first))
    assert data != book(ROWS)
    second, what = hand_in(actor, data, name)
    assert (what, second.pk, second.drafts[0]["differing"]) == ("next", first.pk, 0)


def test_corrections_are_taken_back_one_by_one_and_all(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    assert first.summary["questions"] == 2
    upload = correct(actor, first, ("C2", "2022"), ("D2", "2027-02-28"), ("E3", "95"))
    assert upload.summary["questions"] == 0
    with inside(actor):
        upload = services.take_back(actor, upload, upload.version, [("名单", "C2")])
        assert upload.corrections == {"名单": {"D2": "2027-02-28", "E3": "95"}}
        assert upload.summary["questions"] == 1
        with pytest.raises(ImportRefusedError, match="没有改过"):
            services.take_back(actor, upload, upload.version, [("名单", "C2")])
        upload = services.take_back(actor, upload, upload.version)
        assert (upload.corrections, upload.summary["questions"]) == ({}, 2)
        with pytest.raises(ImportRefusedError, match="没有改过"):
            services.take_back(actor, upload, upload.version)
        told = Event.objects.filter(action="import.taken_back").order_by("pk")
        assert next(one.before for one in told) == {"cells": [["名单", "C2", "2022"]]}


def test_a_file_put_aside_comes_back(city):
    actor = city.actor("city_officer")
    first, _what = hand_in(actor, book(ROWS))
    with inside(actor):
        aside = services.withdraw(actor, first, first.version)
        assert services.reopen(actor, aside).state == Upload.State.OPEN

"""A line answered "not ours" is remembered for its site: the next file with it asks nothing, until it is taken back."""

from __future__ import annotations

import re

import polars as pl
import pytest
from django.db import transaction
from tests.platform.ledger.test_act_pages import KEEPER, undo, words
from tests.platform.ledger.test_wizard import MOTOR, PUMP, accept, everything, hand_in, inside, ledger, preview

from jigai.platform.jobs import worker
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger import claiming
from jigai.platform.ledger.answered import answered_before, signature
from jigai.platform.ledger.models import Act, Device, OpenLine
from jigai.platform.ledger.undoing import get_act, take_back
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = pytest.mark.django_db(transaction=True)
RENTED = ["空压机", "L-20/8", 1, 2011, "A1"]
"""It bears the number of the motor."""


@pytest.fixture
def answered(city):
    """The ledger of the east, then one in which a rented machine bears a number of its own: it is disowned."""
    actor = city.actor(KEEPER)
    accept(actor, hand_in(actor, ledger(MOTOR, PUMP)))
    upload = accept(actor, hand_in(actor, ledger(RENTED, PUMP), whole=False))
    assert (upload.result["asked"], upload.result["not_ours"]) == (1, 0)
    with inside(actor):
        claiming.disown(actor, [everything(OpenLine)[0].pk], "租赁设备")
    return actor


def later(actor, *rows, **context):
    """Hand in a later ledger, which is another file."""
    return hand_in(actor, ledger(*rows, ["风机", "4-72-4A", 1, 2015, "A4"]), **context)


def test_the_same_line_of_the_next_file_is_left_out_and_told_with_the_way_back(city, answered):
    upload = later(answered, RENTED, PUMP, whole=False)
    shown = preview(answered, upload)
    assert (shown.counts["asked"], shown.counts["not_ours"]) == (0, 1)
    assert [one.title for one in shown.lines if one.state == "not_ours"] == ["空压机 L-20/8"]
    client = city.client(KEEPER)
    assert "1 行以前答过“不是本厂的设备”" in words(client.get(f"/imports/{upload.pk}/"))
    upload = accept(answered, upload)
    assert {name: upload.result[name] for name in ("new", "same", "asked", "not_ours")} == {
        "new": 1, "same": 1, "asked": 0, "not_ours": 1
    }  # fmt: skip
    assert len(everything(OpenLine)) == 1
    assert "L-20/8" not in [one.model for one in everything(Device)]
    page = client.get(f"/imports/{upload.pk}/")
    assert "1 行以前答过“不是本厂的设备”" in words(page)
    assert "1 行没有再问" in words(client.get(f"/jobs/{upload.job_id}/"))
    url = re.search(r'href="(/devices/claims/\?state=not_ours[^"]+)"', page.content.decode())[1].replace("&amp;", "&")
    assert "租赁设备" in words(client.get(url))
    assert "共 1 条" in words(client.get(url))


def test_taken_back_it_is_asked_again_once(city, answered):
    with inside(answered):
        take_back(answered, get_act(answered, Act.objects.get().pk))
    upload = later(answered, RENTED, PUMP, whole=False)
    assert (preview(answered, upload).counts["asked"], preview(answered, upload).counts["not_ours"]) == (1, 0)
    accept(answered, upload)
    assert [one.settled_at for one in everything(OpenLine)] == [None], "the same words wait already"


def test_what_says_something_else_is_asked_about(answered):
    upload = later(answered, [*RENTED[:3], 2012, "A1"], PUMP, whole=False)
    assert (preview(answered, upload).counts["asked"], preview(answered, upload).counts["not_ours"]) == (1, 0)


def test_the_device_whose_number_it_bore_is_no_longer_named(answered):
    upload = later(answered, RENTED, PUMP)
    assert preview(answered, upload).counts["silent"] == 1
    accept(answered, upload)
    assert [one.model for one in everything(Device, silent_since__isnull=False)] == ["Y132M-4"]


def test_another_site_is_asked_for_itself(city, answered):
    actor = city.actor(KEEPER, west=True)
    accept(actor, hand_in(actor, ledger(MOTOR, title="西山水泥有限公司设备台账")))
    upload = hand_in(actor, ledger(RENTED, title="西山水泥有限公司设备台账"), whole=False)
    assert preview(actor, upload).counts["asked"] == 1


def test_of_three_alike_of_which_one_is_not_ours_two_are_the_devices(city):
    """What hangs on a machine must not be mixed up: three lines for two are asked about, until one is answered."""
    pump = ["水泵", "IS80-65-160", 1, 2003, None]
    actor = city.actor(KEEPER)
    accept(actor, hand_in(actor, ledger(MOTOR, pump, pump)))
    with transaction.atomic(), use_scope(command_scope("test")):
        Device.objects.filter(kind="pump").update(held=True)
    upload = accept(actor, hand_in(actor, ledger(MOTOR, pump, pump, pump)))
    assert upload.result["asked"] == 3
    lines = everything(OpenLine)
    with inside(actor):
        claiming.disown(actor, [lines[0].pk], "租赁设备")
        claiming.claim(actor, {lines[1].pk: lines[1].candidates[0], lines[2].pk: lines[2].candidates[1]})
    shown = preview(actor, later(actor, MOTOR, pump, pump, pump)).counts
    assert {name: shown[name] for name in ("new", "same", "asked", "not_ours", "silent")} == {
        "new": 1, "same": 3, "asked": 0, "not_ours": 1, "silent": 0
    }  # fmt: skip
    shown = preview(actor, later(actor, MOTOR, pump, pump, pump, pump)).counts
    assert (shown["asked"], shown["not_ours"]) == (3, 1), "one more than was answered is not left out with it"
    shown = preview(actor, later(actor, MOTOR, pump, pump)).counts
    assert (shown["same"], shown["not_ours"], shown["silent"]) == (3, 0, 0), "as many as there are: nothing to ask"


def test_a_bulk_remembers_it_too(city, answered):
    data = ledger(RENTED, PUMP, ["风机", "4-72-4A", 1, 2015, "A4"])
    actor = city.actor("city_officer")
    with inside(actor):
        bulk = bulks.receive(actor, [("东风.xlsx", data)], sites={"东风.xlsx": city.east_site.pk}, at_once=True)
    worker.run(once=True)
    page = city.client("city_officer").get(f"/devices/bulk/{bulk.pk}/")
    assert "1 行以前答过“不是本厂的设备”" in words(page)
    assert "/devices/claims/?state=not_ours" in page.content.decode()


def test_the_answer_says_that_it_holds_for_later_files(city, answered):
    client = city.client(KEEPER)
    page = client.get(f"/devices/claims/{everything(OpenLine)[0].pk}/")
    assert "以后的台账里同样的行不再问" in words(page)
    undo(client, page)
    assert everything(OpenLine)[0].settled_at is None


def test_spelling_and_money_make_no_other_line():
    said = {"name": "空压机", "model": "L－20/8", "quantity": 1, "net_value": 3.0}
    assert signature(said) == signature({"model": "l-20/8", "name": "空 压机", "quantity": 1.0, "net_value": 2.5})
    assert signature(said) != signature(said | {"remark": "已买下"})
    assert signature({"sealed": True}) != signature({"sealed": 1})


def test_nothing_asked_costs_no_look(city, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert answered_before(pl.DataFrame(), [city.east_site.pk]) == []

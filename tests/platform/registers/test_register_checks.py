"""What rows of a register must not say is refused everywhere; what looks wrong beside others is told, not refused."""

from __future__ import annotations

import pytest
from django.db import transaction

from jigai.platform.imports.subjects import Row
from jigai.platform.registers import importing, services
from jigai.platform.registers.checks import ImpossibleError, doubts
from jigai.platform.registers.definition import RegisterProblemsError, read_register, register
from jigai.platform.registers.models import RegisterEntry
from jigai.platform.registers.subjects import SubjectUnknownError
from jigai.platform.walls.scope import use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
KEY = "investment-statistics"


def row(unit, month, total, equipment, **more):
    said = {"manager_name": unit, "year": 2026, "month": month, "document": "示例月报"}
    return said | {"industrial_investment": total, "equipment_investment": equipment} | more


@pytest.fixture
def doing(city):
    def _doing(act, role="city_officer"):
        actor = city.actor(role)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def put(doing):
    def _put(*rows):
        return [doing(lambda actor, one=one: services.add(actor, register(KEY), one)) for one in rows]

    return _put


def told(doing):
    return doing(lambda actor: list(doubts(register(KEY))))


def test_more_equipment_than_investment_is_refused_by_services_and_in_the_preview(put, doing):
    with pytest.raises(ImpossibleError, match="大于工业投资 100") as refused:
        put(row("东区", 3, 100.0, 101.0))
    assert refused.value.column == "equipment_investment"
    put(row("东区", 3, 100.0, 90.0))
    rows = [Row("表", 3, row("东区", 3, 80.0, 90.0)), Row("表", 4, row("东区", 4, 180.0, 90.0))]
    found = doing(lambda actor: importing.match(register(KEY), actor, rows, {}))
    assert [one.state for one in found] == ["refused", "new"]
    assert "请核对" in found[0].why


def test_a_blank_cell_keeps_what_was_said_and_is_checked_with_it(put, doing):
    put(row("东区", 3, 100.0, 90.0))
    values = row("东区", 3, 80.0, None)
    del values["equipment_investment"]
    (found,) = doing(lambda actor: importing.match(register(KEY), actor, [Row("表", 3, values)], {}))
    assert found.state == "refused"


def test_cumulative_figures_that_fall_are_told_with_both_months(put, doing):
    put(row("东区", 2, 100.0, 50.0), row("东区", 3, 90.0, 60.0), row("东区", 5, 95.0, 60.0))
    put(row("东区", 2, 1.0, 1.0, year=2027), row("西区", 3, 1.0, 1.0))
    (said,) = told(doing)
    assert "东区" in said
    assert "工业投资 90" in said
    assert "小于 2 时的 100" in said


def test_units_that_do_not_add_up_to_the_city_are_told(put, doing):
    put(row("东区", 3, 100.0, 50.0), row("西区", 3, 50.0, 10.0), row("全市", 3, 150.5, 66.0))
    (said,) = told(doing)
    assert "设备工器具购置投资 66，各县区合计 60" in said  # 0.5 is within the rounding
    steps = doing(lambda actor: [one.text for one in importing.after(register(KEY), actor, {})])
    assert said in steps


def test_one_row_for_the_city_whatever_it_is_called_and_only_by_the_city(put, doing, city):
    (made,) = put(row("全市合计", 3, 150.0, 66.0))
    entry = doing(lambda actor: RegisterEntry.objects.get(pk=made.entry_id))
    assert (entry.identity.split("|")[0], entry.manager_code, entry.title) == ("city", "", "全市 2026 3")
    with pytest.raises(services.AlreadyThereError):
        put(row("全市", 3, 1.0, 1.0))
    assert doing(lambda actor: RegisterEntry.objects.filter(register=KEY).count(), "county_officer") == 0
    find = importing.finder
    with pytest.raises(SubjectUnknownError, match="市级"):
        doing(lambda actor: find(actor, register(KEY), [])({"manager_name": "全市"}), "county_officer")


def test_the_page_offers_the_city_to_the_city(city):
    page = city.client("city_officer").get(f"/registers/{KEY}/add/").content.decode()
    assert '<option value="全市">' in page
    other = city.client("city_officer").get("/registers/base-stations-5g/add/").content.decode()
    assert '<option value="全市">' not in other
    said = {"manager_name": "全市", "year": "2026", "month": "3", "industrial_investment": "5", "document": "月报"}
    done = city.client("city_officer").post(f"/registers/{KEY}/add/", said | {"equipment_investment": "4"})
    assert done.status_code == 302


def test_a_county_does_not_keep_the_statistics(doing):
    with pytest.raises(Exception, match=r"plan\.manage"):
        doing(lambda actor: services.add(actor, register(KEY), row("东区", 3, 1.0, 1.0)), "county_officer")


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("{kind: highest, column: a}", "kind“highest”不行"),
        ("{kind: at_most, column: a}", "缺少“limit”"),
        ("{kind: at_most, column: a, limit: z}", "没有列“z”"),
        ("{kind: rising, columns: [a, y], along: x, within: [a]}", "没有列“x、y”"),
        ("nothing", "kind“None”不行"),
    ],
)
def test_checks_that_cannot_be_are_named_when_the_folder_is_read(tmp_path, check, sentence):
    folder = tmp_path / "made-up"
    folder.mkdir()
    (folder / "columns.csv").write_text("name,type,zh,en,key\na,number,甲,a,yes\n", encoding="utf-8")
    said = "title: {zh: 甲, en: a}\nabout: {zh: 甲, en: a}\nkeeper: register.edit\nsubject: none\nchecks: [%s]\n"
    (folder / "register.yaml").write_text(said % check, encoding="utf-8")
    with pytest.raises(RegisterProblemsError, match=sentence):
        read_register(folder)

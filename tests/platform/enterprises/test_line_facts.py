"""Annual figures of production lines: who gives which, one current row, doubts in the units of the line, the sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tests.platform.enterprises.helpers import YEAR, acting, fill

from jigai.platform.enterprises import entry, reporting, sheets
from jigai.platform.enterprises.completeness import completeness, lacking, submission_faults
from jigai.platform.enterprises.facts import DoubtfulError, facts_of, history, set_fact
from jigai.platform.enterprises.line_asking import asked_of, lines_of, needed_of
from jigai.platform.enterprises.models import Fact, Line, SheetStep
from jigai.platform.enterprises.services import create_line, edit_enterprise, edit_line

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 4, 1)
FURNACE = {
    "name": "1#高炉",
    "product": "铁水",
    "process": "高炉工序",
    "capacity": Decimal(100),
    "capacity_unit": "万吨",
}
FURNACE |= {"unit_energy_unit": "kgce/t"}
BASE = ["line_output", "line_energy", "line_unit_energy", "line_months"]
FIGURES = {"line_output": "90", "line_energy": "370000", "line_unit_energy": "400", "line_months": "12"}


@pytest.fixture
def furnace(city):
    with acting(city, "city_officer") as actor:
        return create_line(actor, city.east_site, FURNACE)


def enter(actor, line, **figures):
    return [set_fact(actor, line.site.legal_person, YEAR, name, value, line=line) for name, value in figures.items()]


@pytest.mark.parametrize(
    ("product", "process", "names"),
    [
        ("铁水", "高炉工序", [*BASE, "vanadium_titanium_pct", "charge_grade_pct"]),
        ("粗钢", "电弧炉冶炼", [*BASE, "capacity_t"]),
        ("粗钢", "转炉工序", BASE),
        ("粗钢", "", [*BASE, "capacity_t"]),
        ("陶瓷砖", "", [*BASE, "water_absorption_pct"]),
        ("烧结矿", "烧结", [*BASE, "vanadium_titanium_pct"]),
        ("钢材", "热轧", []),
    ],
)
def test_a_line_is_asked_for_what_its_product_needs(product, process, names):
    assert [one.name for one in asked_of(Line(product=product, process=process), DAY)] == names


def test_only_lines_of_the_benchmark_fields_hold_up_the_sheet():
    assert [one.name for one in needed_of(Line(product="铁水", process="高炉工序"), DAY)] == BASE
    assert needed_of(Line(product="烧结矿", process="烧结"), DAY) == [], "a standard alone: shown, not required"


def test_lines_of_a_year_were_there_in_it(city, furnace):
    with acting(city, "city_officer") as actor:
        create_line(actor, city.east_site, FURNACE | {"name": "旧线", "retired": YEAR - 1})
        create_line(actor, city.east_site, FURNACE | {"name": "停线", "retired": YEAR})
        create_line(actor, city.east_site, FURNACE | {"name": "新线", "commissioned": YEAR + 1})
        assert {line.name for line in lines_of([city.east_site.pk], YEAR)} == {"1#高炉", "停线"}


def test_a_figure_of_a_line_stands_in_the_scope_of_its_site(city, furnace):
    with acting(city, "enterprise_equipment") as actor:
        (fact,) = enter(actor, furnace, line_output="90")
        assert (fact.subject, fact.line, fact.site) == ("line", furnace, city.east_site)
        assert fact.scope_columns() == city.east_site.scope_columns()
        key = (city.east_site.pk, furnace.pk, "line_output")
        assert facts_of(actor, city.east_enterprise, YEAR)[key] == fact
    with acting(city, "county_officer", west=True):
        assert not Fact.objects.exists()


def test_a_figure_entered_again_keeps_the_former_one_and_there_is_one_current(city, furnace):
    with acting(city, "enterprise_equipment") as actor:
        (first,) = enter(actor, furnace, line_output="90")
        (second,) = enter(actor, furnace, line_output="92")
        first.refresh_from_db()
        assert first.superseded_at == second.recorded_at
        rows = history(actor, city.east_enterprise, YEAR, "line_output", None, furnace.pk)
        assert [row.value for row in rows] == ["92", "90"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.unscoped.filter(pk=first.pk).update(superseded_at=None)


def test_two_lines_of_a_site_have_each_their_figure(city, furnace):
    with acting(city, "city_officer") as actor:
        second = create_line(actor, city.east_site, FURNACE | {"name": "2#高炉"})
        enter(actor, furnace, line_output="90")
        enter(actor, second, line_output="80")
        assert Fact.objects.filter(superseded_at=None, attribute="line_output").count() == 2


@pytest.mark.parametrize(
    ("attribute", "site", "line", "says"),
    [
        ("line_output", True, False, "按产线填报"),
        ("energy_total", False, True, "按厂区填报"),
        ("employees", False, True, "按企业填报"),
    ],
)
def test_a_figure_is_given_where_it_belongs(city, furnace, attribute, site, line, says):
    with acting(city, "enterprise_equipment") as actor, pytest.raises(ValidationError, match=says):
        where = {"site": city.east_site} if site else {"line": furnace} if line else {}
        set_fact(actor, city.east_enterprise, YEAR, attribute, "5", **where)


def test_a_line_of_another_enterprise_is_refused(city, furnace):
    with acting(city, "city_officer") as actor, pytest.raises(ValidationError, match="不是这家企业的"):
        set_fact(actor, city.west_enterprise, YEAR, "line_output", "5", line=furnace)


@pytest.mark.parametrize(
    ("unit", "capacity_unit", "figures", "check"),
    [
        # 370000 tce over 900000 t is 411.1 kgce/t; 0.7 of it 287.8, 1.1 of it 452.2
        ("kgce/t", "万吨", {}, None),
        ("kgce/t", "万吨", {"line_unit_energy": "452"}, None),
        ("kgce/t", "万吨", {"line_unit_energy": "453"}, "line_unit_energy_balance"),
        ("kgce/t", "万吨", {"line_unit_energy": "287"}, "line_unit_energy_balance"),
        ("tce/t", "万吨", {"line_unit_energy": "0.4"}, None),
        ("tce/t", "万吨", {"line_unit_energy": "400"}, "line_unit_energy_balance"),
        ("kgce/t", "万吨", {"line_unit_energy": "-20"}, None),
        ("kWh/t", "万吨", {"line_unit_energy": "13000"}, None),
        ("kgce/t", "台", {"line_unit_energy": "9"}, None),
        ("kgce/t", "吨", {"line_output": "90", "line_unit_energy": "400"}, "line_unit_energy_balance"),
        ("kgce/t", "万吨", {"line_output": "131", "line_unit_energy": "270"}, "line_output_over_capacity"),
    ],
)
def test_energy_per_unit_hangs_together_with_energy_and_output(city, unit, capacity_unit, figures, check):
    values = FURNACE | {"unit_energy_unit": unit, "capacity_unit": capacity_unit}
    given = FIGURES | figures
    with acting(city, "city_officer") as actor:
        line = create_line(actor, city.east_site, values)
        try:
            enter(actor, line, **given)
            found = None
        except DoubtfulError as error:
            found = error.doubts[0].check
    assert found == check


def test_a_slip_against_last_year_is_asked_about(city, furnace):
    with acting(city, "enterprise_equipment") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "line_output", "0.009", line=furnace)
        with pytest.raises(DoubtfulError) as caught:
            enter(actor, furnace, line_output="90")
    assert [one.check for one in caught.value.doubts] == ["slip_10000"]


def test_the_sheet_shows_each_line_with_its_units_and_last_year(city, furnace):
    with acting(city, "enterprise_equipment") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "line_output", "88", line=furnace)
        found = entry.sections(actor, city.east_enterprise, YEAR)
    section = next(one for one in found if one.line)
    rows = {row.attribute.name: row for _group, rows in section.groups for row in rows}
    assert section.title.endswith("· 1#高炉")
    assert list(rows) == [*BASE, "vanadium_titanium_pct", "charge_grade_pct"]
    assert (rows["line_output"].unit, rows["line_unit_energy"].unit) == ("万吨", "kgce/t")
    assert (rows["line_energy"].unit, rows["line_months"].unit) == ("吨标准煤", "个月")
    assert (rows["line_output"].outcome, rows["line_output"].typed) == ("prefilled", "88")
    assert (rows["line_output"].needed, rows["charge_grade_pct"].needed) == (True, False)
    assert not [one for other in found if not other.line for _g, own in other.groups for one in own if one.line]


def test_figures_of_lines_are_entered_on_the_sheet_and_their_history_is_read(city, furnace):
    client = city.client("enterprise_equipment")
    page = f"/enterprises/{city.east_enterprise.pk}/facts/{YEAR}/"
    key = f"line_output@L{furnace.pk}"
    answer = client.post(f"{page}enter/{key}/", {key: "90", f"seen-{key}": "0"})
    assert answer.status_code == 200
    assert Fact.unscoped.get().line == furnace
    assert "1#高炉" in client.get(page).content.decode()
    told = client.get(f"{page}history/{key}/").content.decode()
    assert "产线产量 · 1#高炉" in told
    assert client.get(f"{page}history/line_output@Lx/").status_code == 404
    assert client.get(f"{page}history/line_output@L/").status_code == 404
    assert client.post(f"{page}enter/line_output@L999999/", {}).status_code == 404


def test_what_lines_lack_holds_up_the_sheet_and_lowers_completeness(city, furnace):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site)
        lacks = lacking(city.east_enterprise, YEAR)
        assert [str(one) for one in lacks] == [
            f"1#高炉 · {name}" for name in ("产线产量", "产线综合能耗", "单位产品能耗", "数据完整月数")
        ]
        assert {one.key for one in lacks} == {f"{name}@L{furnace.pk}" for name in BASE}
        assert "还有 4 项没有填" in submission_faults(city.east_enterprise, YEAR, DAY)[0]
        before = completeness(city.east_enterprise, YEAR).percent
        enter(actor, furnace, **FIGURES)
        assert lacking(city.east_enterprise, YEAR) == []
        assert submission_faults(city.east_enterprise, YEAR, DAY) == []
        assert completeness(city.east_enterprise, YEAR).percent > before
    with acting(city, "county_officer") as actor:
        one = next(row for row in reporting.overview(actor, YEAR).rows if row.person == city.east_enterprise)
        assert one.given == one.required


def test_an_odd_figure_of_a_line_is_named_with_the_line(city, furnace):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site)
        for name, value in (FIGURES | {"line_unit_energy": "600"}).items():
            set_fact(actor, city.east_enterprise, YEAR, name, value, line=furnace, explain_later=True)
        faults = submission_faults(city.east_enterprise, YEAR, DAY)
    assert len(faults) == 1
    assert faults[0].startswith("1#高炉 · 单位产品能耗：按产线综合能耗和产量折算约 411.1 kgce/t")


def test_a_confirmed_sheet_asks_why_for_lines_too(city, furnace):
    with acting(city, "city_officer") as actor:
        sheets.add_step(actor, city.east_enterprise, YEAR, "confirm", "")
        with pytest.raises(ValidationError, match="更正要写明原因"):
            enter(actor, furnace, line_output="90")
        set_fact(actor, city.east_enterprise, YEAR, "line_output", "90", line=furnace, reason="重新核对")
        assert SheetStep.objects.last().step == "correct"


def test_figures_of_lines_move_with_the_enterprise(city, furnace):
    with acting(city, "city_officer") as actor:
        enter(actor, furnace, line_output="90")
        person = city.east_enterprise
        edit_enterprise(actor, person, {"manager_code": city.west_site.manager_code}, person.version, reason="划转")
        assert Fact.objects.get().manager_code == city.west_site.manager_code


def test_a_planned_exit_wants_its_paper_and_is_audited(city, furnace):
    with acting(city, "city_officer") as actor:
        with pytest.raises(ValidationError, match="写明方案或文件"):
            edit_line(actor, furnace, {"planned_exit": date(2027, 6, 30)}, furnace.version)
        changes = {"planned_exit": date(2027, 6, 30), "planned_exit_note": "高炉产能置换方案"}
        edited = edit_line(actor, furnace, changes, furnace.version)
    assert (edited.planned_exit, edited.planned_exit_note) == (date(2027, 6, 30), "高炉产能置换方案")
    page = city.client("city_officer").get(f"/enterprises/sites/{city.east_site.pk}/").content.decode()
    assert "2027-06-30" in page
    assert "高炉产能置换方案" in page


def test_a_unit_stays_while_figures_are_given_in_it(city, furnace):
    with acting(city, "city_officer") as actor:
        enter(actor, furnace, line_output="90")
        with pytest.raises(ValidationError, match="按“万吨”填报"):
            edit_line(actor, furnace, {"capacity_unit": "吨"}, furnace.version)
        edited = edit_line(actor, furnace, {"unit_energy_unit": "tce/t"}, furnace.version)
        enter(actor, furnace, line_output="")
        assert edit_line(actor, edited, {"capacity_unit": "吨"}, edited.version).capacity_unit == "吨"


def test_a_converter_may_give_more_back_than_it_takes(city, furnace):
    with acting(city, "city_officer") as actor:
        changes = {"product": "粗钢", "process": "转炉工序", "unit_energy": Decimal("-15.3")}
        assert edit_line(actor, furnace, changes, furnace.version).unit_energy == Decimal("-15.3")

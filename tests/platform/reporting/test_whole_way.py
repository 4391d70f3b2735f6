"""The whole way of a province's workbook over the real board: bound, filled, warned of, signed, frozen, corrected."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from tests.platform.campaigns.conftest import as_, whole
from tests.platform.people import EAST, WEST
from tests.platform.reporting import towns
from tests.platform.reporting.hard_blanks import COVER, FIGURES, HIDDEN, LIST, TOTALS, hard_workbook

from jigai.platform.reporting import filling, freezing, services, workflow
from jigai.platform.reporting.models import Report, ReportValue

pytestmark = [pytest.mark.django_db, pytest.mark.postgres("official reports are frozen on the server only")]
INVESTMENT = {
    "kind": "figure", "indicator": "equipment_investment_cumulative", "part": "value", "span": "this",
    "factor": "0.00000001", "places": 2,
}  # fmt: skip
TOOLS = {
    "kind": "figure", "indicator": "design_tool_rate", "part": "value", "span": "this", "factor": "100", "places": 1,
}  # fmt: skip
PROJECTS = {**INVESTMENT, "indicator": "equipment_investment_dispatch", "beside": INVESTMENT["indicator"]}
DIVISION = {**INVESTMENT, "indicator": "equipment_investment_by_division", "key": "division:31"}
CELLS = {
    (COVER, "B12"): {"kind": "dimension", "field": "unit"},
    (COVER, "B13"): {"kind": "dimension", "field": "period"},
    (FIGURES, "B5"): INVESTMENT,
    (FIGURES, "C5"): {**INVESTMENT, "key": EAST},
    (FIGURES, "D5"): {**INVESTMENT, "key": WEST},
    (FIGURES, "B6"): TOOLS,
    (FIGURES, "C6"): {**TOOLS, "key": EAST},
    (FIGURES, "D6"): {**TOOLS, "key": WEST},
    (FIGURES, "B7"): PROJECTS,
    (FIGURES, "C7"): DIVISION,
    (FIGURES, "B8"): {**INVESTMENT, "key": f"place:{EAST}"},
    (FIGURES, "C8"): {**TOOLS, "span": "last"},
    (FIGURES, "B10"): {"kind": "typed"},
    (FIGURES, "B12"): {"kind": "dimension", "field": "filler"},
    (FIGURES, "D12"): {"kind": "dimension", "field": "reviewer"},
    (FIGURES, "F12"): {"kind": "dimension", "field": "signer"},
    (LIST, "A3"): {
        "kind": "list", "indicator": "green_factories", "span": "this",
        "columns": [{"letter": letter, "field": field}
                    for letter, field in zip("ABCD", ("number", "label", "manager_name", "standing"), strict=True)],
    },
}  # fmt: skip


class Office:
    """The form, bound to real indicators, and short ways to act."""

    def __init__(self, city):
        self.city = city
        self.blank = hard_workbook()
        with as_(city, "city_officer") as actor:
            said = {"name": "月报（示例）", "every": "month", "issuer": "示例省厅（虚构）", "due_day": 5}
            self.form = services.create(actor, {**said, "file": ("月报.xlsx", self.blank)})
            for (sheet, address), values in CELLS.items():
                services.bind(actor, self.form, sheet, address, {"label": address, **values})

    def start(self, last=None):
        with as_(self.city, "city_officer") as actor:
            return filling.start(actor, self.form, towns.period().key, last)

    def fill(self, report):
        towns.compute()
        with as_(self.city, "city_officer") as actor:
            return filling.fill(actor, report, towns.today())

    def value(self, report, address, sheet=FIGURES):
        with whole():
            return ReportValue.objects.get(report=report, binding=self.key(report, address, sheet))

    def key(self, report, address, sheet=FIGURES):
        return next(one["key"] for one in report.bindings if (one["sheet"], one["address"]) == (sheet, address))

    def warned(self, report, address):
        return {one["key"]: one["said"] for one in self.value(report, address).warnings}

    def type(self, report):
        with as_(self.city, "city_officer") as actor:
            report.refresh_from_db()
            filling.type_in(actor, report, report.version, self.key(report, "B10"), "示例：进展正常。")
            report.refresh_from_db()

    def explain(self, report, address):
        with as_(self.city, "city_officer") as actor:
            report.refresh_from_db()
            filling.force(actor, report, report.version, self.key(report, address), "西山年报在补，省里要求先报")
            report.refresh_from_db()

    def step(self, report, key, role="city_officer", *, west=False):
        with as_(self.city, role, west=west) as actor:
            held = Report.objects.get(pk=report.pk)
            return workflow.take_step(actor, held, held.version, key)

    def to_the_end(self, report):
        self.step(report, "ask")
        for west in (False, True):
            with as_(self.city, "county_officer", west=west) as actor:
                workflow.confirm(actor, report, WEST if west else EAST, agreed=True)
        self.step(report, "submit")
        self.step(report, "review", west=True)
        return self.step(report, "sign", "city_head")

    def frozen(self):
        report = self.fill(self.start())
        self.type(report)
        for address in ("B6", "D6", "B7", "C8"):
            self.explain(report, address)
        return self.to_the_end(report)


@pytest.fixture
def office(city, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    towns.few(monkeypatch)
    towns.settle(city)
    return Office(city)


def wanted(unit_month, rest=0):
    """What must be in a cell of the investment [亿元]: the last table of every year, added up."""
    total = sum(unit_month * month for _year, month in towns.tables()) + rest
    return ["n", f"{round(total / 10_000, 2):.2f}".rstrip("0").rstrip(".")]


def test_cells_have_what_the_board_has(office):
    report = office.fill(office.start())
    assert office.value(report, "B5").held == wanted(towns.EAST_MONTH + towns.WEST_MONTH, towns.REST)
    assert office.value(report, "C5").held == office.value(report, "B8").held == wanted(towns.EAST_MONTH)
    assert office.value(report, "D5").held == wanted(towns.WEST_MONTH)
    assert office.value(report, "C6").held == ["n", "100"]
    last = towns.period().last_month
    assert office.value(report, "C7").held == ["n", f"{0.6 * last:.2f}".rstrip("0").rstrip(".")]
    rows = office.value(report, "A3", LIST).held
    assert sorted(row[1][1] for row in rows) == ["东风轧钢有限公司 市级 2024", "西山水泥有限公司 市级 2024"]
    assert {row[3][1] for row in rows} == {"已计入"} and {row[2][1] for row in rows} == {"东区", "西区"}


def test_the_county_confirms_the_figures_of_its_managing_unit_alone(office):
    report = office.fill(office.start())
    assert office.value(report, "C5").manager_code == EAST
    assert office.value(report, "B8").manager_code == office.value(report, "C7").manager_code == ""
    with whole():
        assert workflow.units_of(report) == [EAST, WEST]


def test_a_figure_below_the_share_of_the_plan_is_warned_of_and_holds_the_report_up(office):
    report = office.fill(office.start())
    office.type(report)
    assert office.warned(report, "B6")["not_reportable"] == {"coverage": "50", "least": "80"}
    assert set(office.warned(report, "D6")) == {"missing"}
    # Last year's figure of a yearly indicator is that of the year before the one shown, and not the same again.
    assert office.value(report, "C8").about["period"] == str(int(office.value(report, "B6").about["period"]) - 1)
    assert "older" in office.warned(report, "B6")
    with pytest.raises(ValidationError, match="4 格"):
        office.step(report, "ask")
    for address in ("B6", "D6", "B7", "C8"):
        office.explain(report, address)
    assert set(office.warned(report, "B6")) == {"older"}
    assert office.step(report, "ask").state == "confirming"


def test_figures_are_held_against_last_month_the_counties_and_the_bureau(office):
    last = hard_workbook({"B5": 1.0, "C5": 1_000.0, "D5": 0})
    report = office.fill(office.start(last))
    city, rest = office.warned(report, "B5"), towns.REST / 10_000
    assert city["jump"]["last"] == "1" and city["jump"]["way"] == "升"
    both = sum((towns.EAST_MONTH + towns.WEST_MONTH) * month for _year, month in towns.tables()) * 10_000
    assert city["sum"] == {"units": str(both), "city": str(int(both + rest * 10**8))}
    assert office.warned(report, "C5")["jump"]["way"] == "降"
    assert "new" in office.warned(report, "D5")
    projects = office.warned(report, "B7")  # the library of projects is not there yet: a nought that is told of
    assert (projects["bureau"]["name"], projects["bureau"]["percent"]) == ("工业新增设备投资（累计）", "100")
    assert projects["not_reportable"] == {"coverage": "0", "least": "80"}


def test_the_file_is_the_provinces_own_with_its_cells_filled_and_nothing_else_touched(office):
    report = office.frozen()
    with whole():
        data = freezing.kept_workbook(report)
    with zipfile.ZipFile(io.BytesIO(office.blank)) as old, zipfile.ZipFile(io.BytesIO(data)) as new:
        assert old.namelist() == new.namelist()
        touched = {name for name in old.namelist() if old.read(name) != new.read(name)}
    # The sheets that were filled, and the one whose formulas rest on them; not the picture, chart or hidden sheet.
    assert touched == {f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3, 4)}
    assert {"xl/media/image1.png", "xl/charts/chart1.xml", "xl/worksheets/sheet5.xml"} <= set(old.namelist())
    book = openpyxl.load_workbook(io.BytesIO(data))
    table = book[FIGURES]
    assert (book.sheetnames, book[HIDDEN].sheet_state) == ([COVER, FIGURES, LIST, TOTALS, HIDDEN], "hidden")
    assert float(wanted(towns.EAST_MONTH)[1]) == table["C5"].value and table["E5"].value == "=C5+D5"
    assert (table["B10"].value, str(table.merged_cells)) == ("示例：进展正常。", str(_merged(office.blank)))
    names = [table[one].value for one in ("B12", "D12", "F12")]
    people = office.city.people
    assert names == [people["city_officer"].name, office.city.west["city_officer"].name, people["city_head"].name]
    assert book[COVER]["B13"].value == towns.period().words and len(book[COVER]._images) == 1
    assert book[TOTALS]["B1"].value == f"='{FIGURES}'!C5+'{FIGURES}'!D5" and len(book[TOTALS]._charts) == 1


def _merged(data):
    return openpyxl.load_workbook(io.BytesIO(data))[FIGURES].merged_cells


def test_a_late_correction_makes_a_difference_table_with_reasons_and_both_are_kept(office):
    first = office.frozen()
    with whole():
        assert not freezing.changes_since(first, towns.today())
    month = towns.period().last_month
    towns.revise(office.city, "东区", towns.EAST_MONTH * month + 5_000)
    with whole():
        towns.report(office.city.west_enterprise)
    towns.compute()
    with whole():
        changes = {one.bound.address: one for one in freezing.changes_since(first, towns.today())}
    # The bureau's total stands, so that of the city does not move; what the counties leave is less.
    assert set(changes) == {"C5", "B8", "D6"}
    assert float(changes["C5"].now[1]) == pytest.approx(float(changes["C5"].then[1]) + 0.5)
    client = office.city.client("city_officer")
    page = client.get(f"/reporting/{first.pk}/correct/")
    sent = {"once": page.context["once"], "reason": "统计局修订，西山补报年报"}
    whys = {f"why{at}": f"示例原因{at}" for at in range(len(changes))}
    assert client.post(f"/reporting/{first.pk}/correct/", sent).status_code == 422  # a change without a reason
    page = client.get(f"/reporting/{first.pk}/correct/")
    answer = client.post(f"/reporting/{first.pk}/correct/", {**sent, **whys, "once": page.context["once"]})
    with whole():
        second = Report.objects.get(form=office.form, number=2)
    assert answer.url == f"/reporting/{second.pk}/"
    second = office.fill(second)
    office.type(second)
    for address in ("B7", "C8"):  # no reason is taken over from the version before
        office.explain(second, address)
    second = office.to_the_end(second)
    shown = client.get(f"/reporting/{second.pk}/difference/").content.decode()
    assert all(f"示例原因{at}" in shown for at in range(len(changes))) and f"{FIGURES}!C5" in shown
    with whole():
        was, now = (
            openpyxl.load_workbook(io.BytesIO(freezing.kept_workbook(one)))[FIGURES]["C5"].value
            for one in (first, second)
        )
    assert now == pytest.approx(was + 0.5)


def test_what_is_typed_or_explained_on_a_later_day_leaves_every_figure_as_it_was_drawn(office):
    report = office.fill(office.start())
    with whole():
        before = dict(ReportValue.objects.filter(report=report).values_list("binding", "held"))
        Report.objects.filter(pk=report.pk).update(known_on=towns.yesterday())  # drawn yesterday, typed into today
    office.type(report)
    office.explain(report, "B6")
    with whole():
        after = dict(ReportValue.objects.filter(report=report).values_list("binding", "held"))
    typed = office.key(report, "B10")
    assert {key: held for key, held in after.items() if key != typed} == {
        key: held for key, held in before.items() if key != typed
    }
    with as_(office.city, "city_officer") as actor:
        report.refresh_from_db()
        filling.force(actor, report, report.version, office.key(report, "B6"), "")
    assert "not_reportable" in office.warned(report, "B6")

"""Lists as workbooks: what was seen, in the scope of who asked, and nothing that runs as a formula."""

from __future__ import annotations

import multiprocessing
import re
import resource
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.test.utils import override_settings
from django.urls import path
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jigai.platform.accounts.models import Membership
from jigai.platform.audit.models import Event
from jigai.platform.enterprises.models import LegalPerson, Line
from jigai.platform.jobs import services, worker
from jigai.platform.jobs.models import Job
from jigai.platform.urls import urlpatterns as pages
from jigai.platform.walls.guards import needs, open_to_all
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web import workbook
from jigai.platform.web.exports import SALT
from jigai.platform.web.listing import Cell, Column, Filter, Listing, find

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LINES = Listing(
    key="tests.lines",
    title="产线",
    rows=lambda request: Line.objects.select_related("site"),
    order="name",
    columns=(
        Column("name", "产线名称", lambda line: Cell(line.name, url="/x/", sub=line.site.name), sort="name"),
        Column("capacity", "年产能", lambda line: line.capacity, unit="万吨", numeric=True, sums="capacity"),
        Column("written", "单位产品能耗", lambda line: f"{line.capacity:,.2f}", unit="kgce/t", numeric=True),
        Column("year", "投产年份", lambda line: line.commissioned, numeric=True),
        Column("day", "登记日期", lambda line: date(2026, 11, 23)),
        Column("note", "备注", lambda line: line.process),
        Column("secret", "内部", lambda line: "x", hidden=True),
    ),
    filters=(
        Filter("product", "产品", lambda rows, value: rows.filter(product=value), lambda _: [("steel", "钢材")]),
        Filter("q", "查找", lambda rows, value: rows.filter(name__icontains=value)),
    ),
)
FORK = multiprocessing.get_context("fork")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.example","x")', "\tx", "普通"]


@needs("enterprise.view")
def lines(request):
    return render(request, "web/list.html", {"listing": LINES.answer(request)})


@open_to_all("a page of a test without any guard of its own")
def unguarded(request):
    return HttpResponse("")


def bare(request):
    return HttpResponse("")


urlpatterns = [path("lines/", lines), path("open/", unguarded), path("bare/", bare), *pages]


@pytest.fixture
def works(city):
    """Lines in both counties, one for each nasty text."""
    with override_settings(ROOT_URLCONF=__name__), transaction.atomic(), use_scope(command_scope("test")):
        for site, product in ((city.east_site, "steel"), (city.west_site, "cement")):
            columns = {"org": site.org, "site": site, "manager_code": site.manager_code, "place_code": site.place_code}
            for number, note in enumerate(FORMULAS):
                capacity = Decimal("1200.5") + number
                name = f"{product}{number}号线"
                Line.objects.create(
                    name=name, product=product, process=note, capacity=capacity, commissioned=1998, **columns
                )
    with override_settings(ROOT_URLCONF=__name__):
        yield city


def button(client, query=""):
    page = client.get(f"/lines/{query}").content.decode()
    found = re.search(r'name="list" value="([^"]+)"', page)
    return found.group(1) if found else None


def export(city, role, query="", west=False, token=""):
    """Press the button, let the worker work, fetch the file; return the job as well."""
    client = city.client(role, west=west)
    answer = client.post("/jobs/export/", {"list": token or button(client, query)})
    assert answer.status_code == 302
    worker.run(once=True)
    job = services.find(city.actor(role, west=west), int(answer["Location"].strip("/").split("/")[-1]))
    assert job.state == "done", job.error
    got = client.get(f"/jobs/{job.pk}/files/{job.result['files'][0]['name']}")
    assert got.status_code == 200
    data = b"".join(got.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(data)), data, job


def table(book):
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return rows[2], rows[3:]


def test_the_workbook_shows_what_the_list_showed(works, settings):
    book, _, job = export(works, "county_officer", "?product=steel&sort=-name")
    head, rows = table(book)
    assert head == [
        "产线名称",
        "产线名称（附）",
        "年产能（万吨）",
        "单位产品能耗（kgce/t）",
        "投产年份",
        "登记日期",
        "备注",
    ]
    assert [row[0] for row in rows[:-1]] == [f"steel{number}号线" for number in reversed(range(7))]
    assert rows[0][1] == "东风轧钢有限公司主厂区"
    assert (rows[0][2], rows[0][3], rows[0][4], rows[0][5]) == (1206.5, 1206.5, 1998, date(2026, 11, 23))
    assert rows[-1][:3] == ["合计", "", sum(1200.5 + number for number in range(7))]
    above = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert above[0][0] == "产线"
    for words in (settings.CITY_NAME, "数据时间：20", "产品：钢材", "条数：7"):
        assert words in above[1][0]
    notes = "\n".join(" ".join(map(str, row)) for row in book.get_sheet_by_name("说明").to_python())
    for words in ("产品：钢材", "产线名称（降序）", "东区管辖范围", "县区经办", "jigai "):
        assert words in notes
    assert job.result["text"] == "共导出 7 条"


def test_it_holds_the_rows_in_the_scope_of_who_asked(works):
    for role, west, prefixes in (
        ("county_officer", False, {"steel"}),
        ("county_officer", True, {"cement"}),
        ("enterprise_head", False, {"steel"}),
        ("city_officer", False, {"cement", "steel"}),
    ):
        _, rows = table(export(works, role, west=west)[0])
        assert {re.match("[a-z]+", row[0]).group() for row in rows[:-1]} == prefixes


def test_nothing_runs_as_a_formula(works):
    book, data, _ = export(works, "county_officer")
    _, rows = table(book)
    assert sorted(row[6] for row in rows[:-1]) == sorted(FORMULAS)
    parts = zipfile.ZipFile(BytesIO(data))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


def test_the_sheet_is_frozen_filtered_and_prints_its_head(works):
    _, data, _ = export(works, "county_officer")
    parts = zipfile.ZipFile(BytesIO(data))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<pane xSplit="1" ySplit="3"' in sheet
    assert '<autoFilter ref="A3:G10"/>' in sheet
    assert "_xlnm.Print_Titles" in parts.read("xl/workbook.xml").decode()


def test_chosen_columns_are_kept(works):
    head, rows = table(export(works, "county_officer", "?columns=name,secret&q=steel3")[0])
    assert head == ["产线名称", "产线名称（附）", "内部"]
    assert len(rows) == 1


def test_an_empty_list_is_a_workbook_too(works):
    assert button(works.client("county_officer"), "?q=nothing") is None
    token = signing.dumps({"key": "tests.lines", "path": "/lines/", "query": "q=nothing"}, salt=SALT)
    head, rows = table(export(works, "county_officer", token=token)[0])
    assert head[0] == "产线名称"
    assert [row[0] for row in rows] == ["合计"]


def test_the_export_is_in_the_trail(works):
    export(works, "county_officer", "?product=steel")
    with transaction.atomic(), use_scope(command_scope("test")):
        event = Event.objects.get(action="list.exported")
    assert event.after == {"list": "tests.lines", "filters": {"产品": "钢材"}, "rows": 7}
    assert event.actor == "county_officer_510402"


# What is refused ------------------------------------------------------------------------------------------------


def test_without_the_capability_there_is_no_button_and_no_export(works):
    client = works.client("system_admin")
    assert client.get("/lines/").status_code == 403
    token = button(works.client("county_officer"))
    assert client.post("/jobs/export/", {"list": token}).status_code == 403


def test_a_list_whose_page_does_not_open_is_not_exported(works):
    token = button(works.client("county_officer"))
    with override_settings(ROOT_URLCONF=__name__):
        client = works.client("enterprise_head")
        forged = signing.dumps({"key": "audit", "path": "/audit/", "query": ""}, salt=SALT)
        assert client.post("/jobs/export/", {"list": forged}).status_code == 403
        for where in ("/open/", "/bare/", "/no/such/page/"):
            forged = signing.dumps({"key": "audit", "path": where, "query": ""}, salt=SALT)
            assert client.post("/jobs/export/", {"list": forged}).status_code == 403
    assert token


@pytest.mark.parametrize("list_", ["", "x", "a:b:c"])
def test_a_forged_button_does_nothing(works, list_):
    client = works.client("county_officer")
    answer = client.post("/jobs/export/", {"list": list_})
    assert answer["Location"] == "/jobs/"
    assert "已经过期" in client.get("/jobs/").content.decode()


def test_a_list_that_is_gone_is_said(works):
    gone = signing.dumps({"key": "no.such", "path": "/lines/", "query": ""}, salt=SALT)
    client = works.client("county_officer")
    assert client.post("/jobs/export/", {"list": gone})["Location"] == "/lines/"
    assert "没有这个清单" in client.get("/lines/").content.decode()


def test_a_right_lost_while_the_job_waits_stops_it(works):
    client = works.client("county_officer")
    client.post("/jobs/export/", {"list": button(client)})
    Membership.objects.filter(user=works.people["county_officer"]).update(role_key="security_admin")
    worker.run(once=True)
    with transaction.atomic(), use_scope(command_scope("test")):
        assert Job.objects.get(kind="list.export").state == "failed"


def test_lists_are_found_by_key():
    assert find("jobs").title
    assert find("audit").title
    assert find("tests.lines") is LINES
    assert find("no.such") is None


def test_the_number_of_rows_does_not_matter_for_memory(city, tmp_path):
    """A hundred thousand rows take hardly more than a thousand."""

    class Rows:
        """As many rows as a test wants, made as they are asked for."""

        def __init__(self, count):
            self.count = count

        def iterator(self, chunk_size):
            numbers = range(self.count)
            return (LegalPerson(pk=number, name=f"企业{number}", credit_code=str(number)) for number in numbers)

    class Chosen:
        def __init__(self, count):
            self.columns = list(NAMES.columns)
            self.rows = Rows(count)

        def ordered(self):
            return self.rows

    def peak(count, answer):
        about = workbook.About("企业", (), "默认", "某某", "", "全市", timezone.localtime(), count, {})
        assert workbook.write(tmp_path / f"{count}.xlsx", NAMES, Chosen(count), about) == count
        answer.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    peaks = []
    for count in (2_000, 100_000):
        answer = FORK.SimpleQueue()
        process = FORK.Process(target=peak, args=(count, answer))
        process.start()
        process.join()
        peaks.append(answer.get())
    assert peaks[1] < peaks[0] + 20_000, "kilobytes"
    head, rows = table(CalamineWorkbook.from_path(str(tmp_path / "100000.xlsx")))
    assert head == ["企业名称", "代码"]
    assert len(rows) == 100_000


NAMES = Listing(
    key="tests.names",
    title="企业",
    rows=lambda request: LegalPerson.objects.all(),
    columns=(
        Column("name", "企业名称", lambda one: one.name),
        Column("code", "代码", lambda one: one.credit_code),
    ),
)


def test_more_rows_than_a_sheet_holds_go_on_the_next(city, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    with transaction.atomic(), use_scope(command_scope("test")):
        for number in range(3):
            LegalPerson.objects.create(name=f"企业{number}", credit_code=str(number), org=city.east_enterprise.org)
        chosen = NAMES.select(HttpRequest(), QueryDict(""))
        about = workbook.About("企业", (), "默认", "某某", "", "全市", timezone.localtime(), 5, {})
        assert workbook.write(tmp_path / "a.xlsx", NAMES, chosen, about) == 5
    book = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert book.sheet_names == ["企业", "企业（2）", "企业（3）", "说明"]
    sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names[:3]]
    assert [len(rows) - 3 for rows in sheets] == [2, 2, 1]


def test_a_text_longer_than_a_cell_is_cut_and_says_so(city, tmp_path):
    long = Listing(
        key="tests.long",
        title="长",
        rows=lambda request: LegalPerson.objects.all(),
        columns=(Column("a", "长文", lambda one: "长" * 40_000),),
    )
    with transaction.atomic(), use_scope(city.actor("county_officer").scope):
        about = workbook.About("长", (), "默认", "某某", "", "全市", timezone.localtime(), 1, {})
        workbook.write(tmp_path / "a.xlsx", long, long.select(HttpRequest(), QueryDict("")), about)
    _, rows = table(CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")))
    assert rows[0][0].endswith("长……")
    assert len(rows[0][0]) <= 32_767


# What stands in the cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1,234.50", 1234.5),
        ("12", 12),
        (Decimal("0.10"), 0.1),
        (0, 0),
        ("—", None),
        ("", None),
        ("12 台", "12 台"),
        ("1e5000", "1e5000"),
        ("NaN", "NaN"),
        ("-3", -3),
        ("1,23", "1,23"),
        ("91510400MA00000018", "91510400MA00000018"),
        ("915104000000000181", "915104000000000181"),
        (Decimal("1E+3"), 1000),
        (Decimal("123456789012.34560"), 123456789012.3456),
        (915104000000000181, "915104000000000181"),
    ],
)
def test_numbers_are_numbers_and_the_rest_is_text(city, tmp_path, given, expected):
    listing = Listing(
        key="tests.cells",
        title="格",
        rows=lambda request: LegalPerson.objects.all(),
        columns=(Column("a", "名", lambda one: one.name), Column("b", "数", lambda one: given, numeric=True)),
    )
    with transaction.atomic(), use_scope(city.actor("county_officer").scope):
        about = workbook.About("格", (), "默认", "某某", "", "全市", timezone.localtime(), 1, {})
        workbook.write(tmp_path / "a.xlsx", listing, listing.select(HttpRequest(), QueryDict("")), about)
    _, rows = table(CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")))
    assert rows[0][1] == ("" if expected is None else expected)


def test_a_list_cut_short_leaves_no_temporary_files(city, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(workbook, "CHUNK", 1)

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic(), use_scope(city.actor("city_officer").scope):
        about = workbook.About("企业", (), "默认", "某某", "", "全市", timezone.localtime(), 2, {})
        workbook.write(tmp_path / "a.xlsx", NAMES, NAMES.select(HttpRequest(), QueryDict("")), about, stop)
    assert [one.name for one in tmp_path.iterdir() if one.name != "a.xlsx"] == []


def test_the_selection_is_what_the_page_shows(works):
    client = works.client("county_officer")
    with transaction.atomic(), use_scope(works.actor("county_officer").scope):
        for query in ("", "sort=-name", "sort=nonsense", "columns=nonsense", "product=steel&q=3", "unknown=1"):
            chosen = LINES.select(HttpRequest(), QueryDict(query))
            page = client.get(f"/lines/?{query}").content.decode()
            names = [line.name for line in chosen.ordered()]
            shown = [name for name in re.findall(r'<a href="/x/">([^<]+)</a>', page)]
            assert names == shown, query

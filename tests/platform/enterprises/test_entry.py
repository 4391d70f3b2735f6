"""The yearly sheet without script, its rows, and posts to what is not one's own."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.platform.enterprises.helpers import YEAR, acting, fill

from jigai.platform.enterprises import entry, services, titles
from jigai.platform.enterprises.facts import set_fact
from jigai.platform.enterprises.models import Fact, Line, SheetStep
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def current(city):
    with use_scope(command_scope("test")):
        rows = Fact.objects.filter(year=YEAR, superseded_at__isnull=True)
        return {row.attribute: row.value for row in rows}


def url(city):
    return reverse("enterprises:facts", args=[city.east_enterprise.pk, YEAR])


def test_rows_say_how_they_stand(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "640")
        set_fact(actor, city.east_enterprise, YEAR, "main_product", "线材")
        rows = {row.key: row for row in entry.rows_of(entry.sections(actor, city.east_enterprise, YEAR))}
    assert (rows["employees"].outcome, rows["employees"].typed) == ("prefilled", "640")
    assert (rows["main_product"].outcome, rows["main_product"].typed) == ("saved", "线材")
    assert rows[f"coal@{city.east_site.pk}"].outcome == "empty"


def test_the_whole_sheet_is_saved_without_script(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR - 1, "employees", "640")
        set_fact(actor, city.east_enterprise, YEAR - 1, "main_product", "线材")
    client = city.client("enterprise_head")
    coal = f"coal@{city.east_site.pk}"
    answer = client.post(
        url(city),
        {
            "employees": "640",
            "main_product": "线材",
            "same-main_product": "1",
            coal: "很多",
            "output_value": "86,000",
            "rd_tools": ["CAD", "EDA"],
        },
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "已保存 3 项，还有 1 项需要处理" in page
    assert "“很多”不是数字" in page
    assert current(city) == {"main_product": "线材", "output_value": "86000", "rd_tools": "CAD;EDA"}
    assert "employees" not in current(city), "last year's value that nobody confirmed is not saved"
    assert client.post(url(city), {"employees": "641"}, follow=True).status_code == 200
    assert current(city)["employees"] == "641"


def test_one_row_is_answered_with_what_became_of_it(city):
    client = city.client("enterprise_equipment")
    row = reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "employees"])
    answer = client.post(row, {"employees": "640", "seen-employees": "0"}).content.decode()
    assert "is-saved" in answer
    assert "还有 14 项必填未填" in answer, "what is still missing comes along"
    assert 'hx-swap-oob="true"' in answer
    clash = client.post(row, {"employees": "650", "seen-employees": "0"}).content.decode()
    assert "填了 640，您填的是 650" in clash
    assert "is-wrong" in client.post(row, {"employees": "x"}).content.decode()
    assert (
        client.post(reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "output_value"])).status_code
        == 404
    )
    assert (
        client.post(reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, 1999, "employees"])).status_code
        == 404
    )
    assert client.get(row).status_code == 405


def test_the_county_reads_and_does_not_write(city):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site)
    client = city.client("county_officer")
    assert 'name="employees"' not in client.get(url(city)).content.decode()
    assert client.post(url(city), {"employees": "1"}).status_code == 403
    row = reverse("enterprises:fact_enter", args=[city.east_enterprise.pk, YEAR, "employees"])
    assert client.post(row, {"employees": "1"}).status_code == 403
    assert current(city)["employees"] == "640"


def test_the_sheet_of_a_day_is_read_only(city):
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "employees", "640")
    client = city.client("enterprise_head")
    page = client.get(url(city) + "?on=2024-01-01").content.decode()
    assert "截至 2024-01-01 已知的数据，只读" in page
    assert "640" not in page
    assert client.get(url(city) + "?on=nonsense").status_code == 200


def test_steps_on_the_page(city):
    client = city.client("enterprise_head")
    submit = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "submit"])
    assert "还有 20 项没有填" in client.get(submit).content.decode()
    assert client.post(submit, {"comment": "", "once": "a"}).status_code == 422
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site)
    assert client.post(submit, {"comment": "", "once": "a"}).status_code == 302
    assert client.post(submit, {"comment": "", "once": "a"}).status_code == 302, "sent twice, done once"
    with use_scope(command_scope("test")):
        assert SheetStep.objects.count() == 1
    confirm = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "confirm"])
    assert client.get(confirm).status_code == 403
    assert city.client("county_officer", west=True).post(confirm, {"once": "b"}).status_code == 404
    hidden = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "correct"])
    assert client.get(hidden).status_code == 404
    unknown = reverse("enterprises:sheet_step", args=[city.east_enterprise.pk, YEAR, "dance"])
    assert client.get(unknown).status_code == 404


def test_posts_to_what_is_of_another_do_not_exist(city):
    with acting(city, "county_officer") as actor:
        line = services.create_line(actor, city.east_site, {"name": "1 号线", "product": "线材"})
        title = titles.add_title(actor, city.east_enterprise, "high_tech", "国家级", 2023)
    person, site = city.east_enterprise.pk, city.east_site.pk
    targets = [
        ("enterprises:edit", [person], "county_officer"),
        ("enterprises:archive", [person], "county_officer"),
        ("enterprises:title_new", [person], "county_officer"),
        ("enterprises:title_withdraw", [title.pk], "county_officer"),
        ("enterprises:site_new", [person], "enterprise_head"),
        ("enterprises:site_edit", [site], "enterprise_head"),
        ("enterprises:site_close", [site], "enterprise_head"),
        ("enterprises:line_new", [site], "enterprise_head"),
        ("enterprises:line_edit", [line.pk], "enterprise_head"),
        ("enterprises:line_retire", [line.pk], "enterprise_head"),
        ("enterprises:fact_enter", [person, YEAR, "employees"], "enterprise_head"),
        ("enterprises:facts", [person, YEAR], "enterprise_head"),
    ]
    for name, args, role in targets:
        answer = city.client(role, west=True).post(reverse(name, args=args), {"reason": "x", "name": "x", "once": "k"})
        assert answer.status_code == 404, name
    with use_scope(command_scope("test")):
        assert Line.objects.get().version == 1

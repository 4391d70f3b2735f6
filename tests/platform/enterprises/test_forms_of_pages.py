"""Each form page of enterprises, driven as a browser without script would: what it makes, what it refuses."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import services
from jigai.platform.enterprises.completeness import lacking
from jigai.platform.enterprises.models import LegalPerson, Line, Site, Title
from jigai.platform.walls.scope import command_scope, use_scope

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def get(model, **query):
    with use_scope(command_scope("test")):
        return model.objects.get(**query)


def test_an_enterprise_is_registered_and_edited(city):
    client = city.client("county_officer")
    form = {
        "name": "江北轧钢有限公司",
        "credit_code": code(1).lower(),
        "predecessors": f"{code(2)}\n\n{code(3)}",
        "status": "operating",
        "manager_code": "510402",
        "place_code": "510402",
        "industry_code": "钢压延加工",
        "registered_on": "2001-02-03",
        "address": "炳草岗 18 号",
        "once": "k",
    }
    page = client.post(reverse("enterprises:new"), form, follow=True).content.decode()
    assert "请接着登记厂区和产线" in page
    person = get(LegalPerson, credit_code=code(1))
    assert person.predecessors == [code(2), code(3)]
    assert person.industry_code == "3130"
    url = reverse("enterprises:edit", args=[person.pk])
    assert f"{code(2)}\n{code(3)}" in client.get(url).content.decode()
    changed = form | {"version": "1", "address": "", "industry_code": "3120", "status": "stopped"}
    assert client.post(url, changed).status_code == 302
    person = get(LegalPerson, pk=person.pk)
    assert (person.address, person.industry_code, person.status, person.version) == ("", "3120", "stopped", 2)


def test_the_form_says_every_fault_and_keeps_what_was_typed(city):
    client = city.client("county_officer")
    answer = client.post(
        reverse("enterprises:new"),
        {
            "name": "某企业",
            "credit_code": "123",
            "status": "operating",
            "manager_code": "510403",
            "place_code": "",
            "industry_code": "不存在",
            "registered_on": "昨天",
            "once": "k",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for word in ("某企业", "从列表中选一项", "没有填写：请填“属地”", "有 4 处需要改"):
        assert word in page, word


def test_a_county_is_offered_its_own_managing_unit_only(city):
    page = city.client("county_officer").get(reverse("enterprises:new")).content.decode()
    assert '<option value="510402" selected>东区</option>' in page
    assert page.count('value="510403"') == 1, "as a location, not as a managing unit"
    page = city.client("city_officer").get(reverse("enterprises:new")).content.decode()
    assert page.count('value="510403"') == 2


def test_the_enterprise_edits_what_is_its_own(city):
    client = city.client("enterprise_head")
    url = reverse("enterprises:edit", args=[city.east_enterprise.pk])
    page = client.get(url).content.decode()
    assert 'name="credit_code"' not in page
    assert 'name="manager_code"' not in page
    form = {"status": "operating", "address": "新址", "name": "偷偷改名", "version": "1"}
    assert client.post(url, form).status_code == 302
    person = get(LegalPerson, pk=city.east_enterprise.pk)
    assert (person.address, person.name) == ("新址", "东风轧钢有限公司")


def test_a_site_is_registered_edited_and_closed(city):
    client = city.client("county_officer")
    new = reverse("enterprises:site_new", args=[city.east_enterprise.pk])
    form = {"name": "二厂", "manager_code": "510402", "place_code": "510403", "once": "k"}
    page = client.post(new, form, follow=True).content.decode()
    assert "已新增厂区“二厂”" in page
    assert "管理主体 东区，属地 西区" in page
    site = get(Site, name="二厂")
    edit = reverse("enterprises:site_edit", args=[site.pk])
    assert client.post(edit, form | {"version": "1", "name": "二分厂"}).status_code == 302
    close = reverse("enterprises:site_close", args=[site.pk])
    assert client.post(close, {"reason": "", "once": "c"}).status_code == 422
    with acting(city, "county_officer"):
        before = len(lacking(city.east_enterprise, 2025))
    page = client.post(close, {"reason": "搬迁", "once": "c"}, follow=True).content.decode()
    assert "“二分厂”已停用" in page and "撤销" in page
    assert get(Site, pk=site.pk).active is False
    with acting(city, "county_officer"):
        assert len(lacking(city.east_enterprise, 2025)) == before - 11, "a closed site is asked for nothing"


def test_an_enterprise_cannot_move_its_site(city):
    client = city.client("enterprise_head")
    url = reverse("enterprises:site_edit", args=[city.east_site.pk])
    form = {"name": "主厂区", "manager_code": "510403", "place_code": "510402", "version": "1"}
    assert client.post(url, form).status_code == 302
    assert get(Site, pk=city.east_site.pk).manager_code == "510402", "the field is not open to the enterprise"
    with acting(city, "enterprise_head") as actor, pytest.raises(Exception, match="不能自行修改"):
        services.edit_site(actor, city.east_site, {"manager_code": "510403"}, 2)


def test_a_line_is_registered_edited_and_retired(city):
    client = city.client("enterprise_equipment")
    new = reverse("enterprises:line_new", args=[city.east_site.pk])
    form = {
        "name": "1 号线",
        "product": "焦炭",
        "process": "顶装焦炉",
        "capacity": "1,200",
        "capacity_unit": "万吨",
        "unit_energy": "118.5",
        "unit_energy_unit": "kgce/t",
        "environmental_grade": "B",
        "commissioned": "2009",
        "once": "k",
    }
    assert client.post(new, form).status_code == 302
    line = get(Line, name="1 号线")
    assert (line.capacity, line.unit_energy_unit, line.manager_code) == (1200, "kgce/t", "510402")
    edit = reverse("enterprises:line_edit", args=[line.pk])
    page = client.get(edit).content.decode()
    assert 'value="1200"' in page and 'value="118.5"' in page
    assert client.post(edit, form | {"version": "1", "capacity_unit": ""}).status_code == 422
    assert client.post(edit, form | {"version": "1", "capacity": "1300"}).status_code == 302
    retire = reverse("enterprises:line_retire", args=[line.pk])
    wrong = client.post(retire, {"year": "1999", "reason": "退出", "once": "r"})
    assert wrong.status_code == 422
    page = client.post(retire, {"year": "2024", "reason": "按标杆退出", "once": "r"}, follow=True).content.decode()
    assert "2024 年退出" in page
    assert get(Line, pk=line.pk).retired == 2024
    with use_scope(command_scope("test")):
        assert Event.objects.get(action="line.retired").reason == "按标杆退出"


def test_a_title_is_registered_and_withdrawn(city):
    client = city.client("county_officer")
    url = reverse("enterprises:title_new", args=[city.east_enterprise.pk])
    form = {"kind": "specialised_sme", "level": "国家级", "year": "2023", "once": "t"}
    wrong = client.post(url, form)
    assert wrong.status_code == 422
    assert "级别填：省级、市级" in wrong.content.decode()
    page = client.post(url, form | {"level": "省级"}, follow=True).content.decode()
    assert "已登记“专精特新中小企业”" in page
    title = get(Title)
    withdraw = reverse("enterprises:title_withdraw", args=[title.pk])
    page = client.post(withdraw, {"reason": "复核未通过", "once": "w"}, follow=True).content.decode()
    assert "没有登记称号" in page
    assert client.get(withdraw).status_code == 404
    assert city.client("enterprise_head").get(url).status_code == 403


def test_the_page_of_an_enterprise_shows_what_there_is(city):
    with acting(city, "county_officer") as actor:
        services.create_line(
            actor, city.east_site, {"name": "棒材线", "product": "热轧钢筋", "capacity": 120, "capacity_unit": "万吨"}
        )
        services.edit_enterprise(actor, city.east_enterprise, {"address": "炳草岗 18 号"}, 1, reason="换证")
    page = (
        city.client("county_officer").get(reverse("enterprises:page", args=[city.east_enterprise.pk])).content.decode()
    )
    for word in ("棒材线", "120", "万吨", "3130 钢压延加工", "炳草岗 18 号", "换证", "资料完整度", "年度数据"):
        assert word in page, word
    history = city.client("county_officer").get(reverse("enterprises:history", args=[city.east_enterprise.pk]))
    assert "原因：换证" in history.content.decode()


def test_a_county_sees_a_site_whose_legal_person_is_elsewhere(city):
    with acting(city, "city_officer") as actor:
        site = services.create_site(
            actor, city.west_enterprise, {"name": "东区分厂", "manager_code": "510402", "place_code": "510402"}
        )
    client = city.client("county_officer")
    page = client.get(reverse("enterprises:site", args=[site.pk])).content.decode()
    assert "西山水泥有限公司" in page
    assert client.get(reverse("enterprises:page", args=[city.west_enterprise.pk])).status_code == 404


def test_the_pages_speak_english(city):
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    for name, args, words in (
        ("enterprises:page", [city.east_enterprise.pk], ("Sites and lines", "Record", "Annual figures")),
        ("enterprises:facts", [city.east_enterprise.pk, 2025], ("being filled", "electricity", "required figures")),
        ("enterprises:reporting", [2025], ("Managing units", "coverage")),
        ("enterprises:new", [], ("Unified social credit code", "Save")),
        ("places:list", [], ("Managing unit", "Park")),
    ):
        page = client.get(reverse(name, args=args)).content.decode()
        for word in words:
            assert word in page, (name, word)

"""Enterprises, sites, lines and titles: what is accepted, what is refused and with which remedy, what is audited."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.audit.models import Event
from jigai.platform.enterprises import services, titles
from jigai.platform.enterprises.models import Fact, LegalPerson, Line, Site
from jigai.platform.enterprises.search import find
from jigai.platform.walls.scope import use_scope
from jigai.platform.web.editing import EditedMeanwhileError

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def values(**changes):
    given = {
        "name": "江北轧钢有限公司",
        "credit_code": code(1),
        "manager_code": "510402",
        "place_code": "510402",
        "industry_code": "3130",
    }
    return given | changes


def faults(error):
    return {name: " ".join(texts) for name, texts in error.value.message_dict.items()}


def test_a_county_registers_an_enterprise(city):
    with acting(city, "county_officer") as actor:
        person = services.create_enterprise(actor, values())
        assert person.initials == "jbzgyxgs"
        assert person.org.credit_code == code(1)
        assert person.org.manager_code == "510402"
        event = Event.objects.get(action="enterprise.created", object_id=str(person.pk))
        assert event.after["name"] == "江北轧钢有限公司"
        assert event.manager_code == "510402"


def test_everything_wrong_is_said_at_once(city):
    with acting(city, "county_officer") as actor, pytest.raises(ValidationError) as error:
        services.create_enterprise(
            actor,
            values(
                name="",
                credit_code="91510402MA70000019",
                industry_code="9999",
                place_code="999999",
                predecessors=["12"],
            ),
        )
    said = faults(error)
    assert set(said) == {"name", "credit_code", "industry_code", "place_code", "predecessors"}
    assert "校验不通过" in said["credit_code"]
    assert "9999" in said["industry_code"]


def test_a_county_cannot_register_elsewhere(city):
    with acting(city, "county_officer") as actor, pytest.raises(ValidationError) as error:
        services.create_enterprise(actor, values(manager_code="510403"))
    assert "不在您的管辖范围" in faults(error)["manager_code"]


def test_an_enterprise_registers_none_and_does_not_move_itself(city):
    with acting(city, "enterprise_head") as actor:
        with pytest.raises(PermissionDenied):
            services.create_enterprise(actor, values())
        person = city.east_enterprise
        with pytest.raises(ValidationError) as error:
            services.edit_enterprise(actor, person, {"name": "别的名字", "manager_code": "510403"}, person.version)
        assert set(faults(error)) == {"name", "manager_code"}
        edited = services.edit_enterprise(actor, person, {"address": "炳草岗 1 号"}, person.version)
        assert edited.address == "炳草岗 1 号"


def test_a_code_that_is_taken_is_told_without_saying_by_whom(city):
    with acting(city, "county_officer") as actor:
        services.create_enterprise(actor, values())
    with acting(city, "county_officer", west=True) as actor, pytest.raises(ValidationError) as error:
        services.create_enterprise(actor, values(name="西山另一家", manager_code="510403", place_code="510403"))
    assert "已有企业登记了这个代码" in faults(error)["credit_code"]
    assert "江北" not in str(error.value)


def test_an_older_version_is_refused_and_nothing_is_overwritten(city):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        services.edit_enterprise(actor, person, {"address": "甲"}, person.version)
        with pytest.raises(EditedMeanwhileError) as error:
            services.edit_enterprise(actor, person, {"address": "乙"}, person.version)
        (clash,) = error.value.clashes
        assert (clash.theirs, clash.mine, clash.base) == ("甲", "乙", "—")
        assert LegalPerson.objects.get(pk=person.pk).address == "甲"


def test_a_site_points_to_itself_and_keeps_the_names(city):
    with acting(city, "county_officer") as actor:
        site = services.create_site(
            actor, city.east_enterprise, {"name": "二厂", "manager_code": "510402", "place_code": "510403"}
        )
        assert site.site_id == site.pk
        assert (site.enterprise_name, site.credit_code) == (
            city.east_enterprise.name,
            city.east_enterprise.credit_code,
        )
        services.edit_enterprise(actor, city.east_enterprise, {"name": "东风特钢有限公司"}, 1)
        assert Site.objects.get(pk=site.pk).enterprise_name == "东风特钢有限公司"
        city.east_enterprise.org.refresh_from_db()
        assert city.east_enterprise.org.name == "东风特钢有限公司"


def test_someone_of_one_site_founds_no_other(city):
    from dataclasses import replace

    actor = city.actor("enterprise_equipment")
    narrowed = replace(actor, scope=replace(actor.scope, sites=frozenset({city.east_site.pk})))
    from django.db import transaction

    with transaction.atomic(), use_scope(narrowed.scope), pytest.raises(ValidationError, match="部分厂区"):
        services.create_site(
            narrowed, city.east_enterprise, {"name": "三厂", "manager_code": "510402", "place_code": "510402"}
        )


def test_an_enterprise_that_moves_takes_everything_along(city):
    with acting(city, "city_officer") as actor:
        line = services.create_line(actor, city.east_site, {"name": "1 号线", "product": "线材"})
        Fact.objects.create(
            legal_person=city.east_enterprise,
            site=city.east_site,
            org=city.east_enterprise.org,
            manager_code="510402",
            subject="site",
            attribute="coal",
            year=2025,
            value="1",
            recorded_at="2026-01-01T00:00Z",
            recorded_by="x",
        )
        title = titles.add_title(actor, city.east_enterprise, "high_tech", "国家级", 2023)
        services.edit_enterprise(actor, city.east_enterprise, {"manager_code": "510403"}, 1, reason="划转")
    with acting(city, "county_officer", west=True):
        assert LegalPerson.objects.filter(pk=city.east_enterprise.pk).exists()
        assert Site.objects.get(pk=city.east_site.pk).manager_code == "510403"
        assert Line.objects.filter(pk=line.pk).exists()
        assert Fact.objects.filter(attribute="coal").exists()
        assert title.__class__.objects.filter(pk=title.pk).exists()
    with acting(city, "county_officer"):
        assert not Site.objects.filter(pk=city.east_site.pk).exists()
        assert not Line.objects.filter(pk=line.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "没有填写"),
        ({"capacity": 5, "capacity_unit": ""}, "capacity_unit", "请选择单位"),
        ({"capacity": -1, "capacity_unit": "吨"}, "capacity", "不能小于 0"),
        ({"commissioned": 2200}, "commissioned", "今年之后"),
        ({"commissioned": 2010, "retired": 2001}, "retired", "早于投产"),
        ({"environmental_grade": "E"}, "environmental_grade", "其中之一"),
    ],
)
def test_a_line_that_cannot_be_is_refused(city, changes, field, said):
    with acting(city, "enterprise_equipment") as actor, pytest.raises(ValidationError) as error:
        services.create_line(actor, city.east_site, {"name": "1 号线", "product": "线材"} | changes)
    assert said in faults(error)[field]


def test_a_line_is_edited_against_what_it_holds(city):
    with acting(city, "enterprise_equipment") as actor:
        line = services.create_line(actor, city.east_site, {"name": "1 号线", "product": "线材", "commissioned": 2015})
        with pytest.raises(ValidationError):
            services.edit_line(actor, line, {"retired": 2010}, line.version)
        edited = services.edit_line(actor, line, {"capacity": 60, "capacity_unit": "万吨"}, line.version)
        assert edited.version == 2
        event = Event.objects.get(action="line.edited")
        assert event.before["capacity"] is None
        assert event.after["capacity_unit"] == "万吨"


def test_archive_and_closing_ask_for_a_reason(city):
    with acting(city, "county_officer") as actor:
        for act in (services.archive_enterprise, lambda a, p, r: services.close_site(a, city.east_site, r)):
            with pytest.raises(ValidationError, match="请写明原因"):
                act(actor, city.east_enterprise, " ")
        services.archive_enterprise(actor, city.east_enterprise, "已注销")
        assert LegalPerson.objects.get(pk=city.east_enterprise.pk).status == "archived"


def test_titles_are_registered_once_and_withdrawn_with_a_reason(city):
    with acting(city, "county_officer") as actor:
        person = city.east_enterprise
        title = titles.add_title(actor, person, "champion", "省级", 2022, 2025)
        assert str(title) == "制造业单项冠军"
        for wrong, field in (
            (("champion", "省级", 2022, None), "kind"),
            (("champion", "县级", 2021, None), "level"),
            (("champion", "省级", 2023, 2020), "until"),
            (("champion", "省级", 2200, None), "year"),
            (("knight", "省级", 2023, None), "kind"),
        ):
            with pytest.raises(ValidationError) as error:
                titles.add_title(actor, person, *wrong)
            assert field in error.value.message_dict
        titles.withdraw_title(actor, title, "登记有误")
        title.refresh_from_db()
        assert title.withdrawn_at is not None
        titles.add_title(actor, person, "champion", "省级", 2022)


def test_titles_are_known_by_the_words_people_use():
    assert titles.title_key("小巨人") == "little_giant"
    assert titles.title_key("专精特新中小企业") == "specialised_sme"
    with pytest.raises(ValueError, match="制造业单项冠军"):
        titles.title_key("骑士")


def test_the_search_finds_by_name_code_former_code_and_initials(city):
    with acting(city, "county_officer") as actor:
        person = services.create_enterprise(actor, values(predecessors=[code(7)]))
        for words in ("江北", "jbzg", "JBZG", code(1)[4:12], code(7)):
            assert person.name in [hit.title for hit in find(actor, words, 5)], words
        (hit,) = find(actor, "东风轧钢有限公司主", 5)
        assert hit.kind == "厂区"
        assert find(actor, "西山", 5) == []
        assert find(actor, "  ", 5) == []
    with acting(city, "bank") as actor:
        assert find(actor, "江北", 5) == []

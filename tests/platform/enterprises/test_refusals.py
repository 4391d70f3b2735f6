"""What the services refuse, in both languages, what lies just inside, and that a refusal leaves nothing behind."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from tests.platform.enterprises.helpers import acting, code

from jigai.platform.accounts.models import Organisation
from jigai.platform.audit.models import Event
from jigai.platform.enterprises import reference, services
from jigai.platform.enterprises.models import LegalPerson, Line, Site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CASES = yaml.safe_load((Path(__file__).parent / "refusals.yaml").read_text(encoding="utf-8"))
PLACED = {"manager_code": "510402", "place_code": "510402"}
GOOD = {
    "person": {"name": "江北轧钢有限公司", "credit_code": code(1), "industry_code": "3130"} | PLACED,
    "site": {"name": "二厂"} | PLACED,
    "line": {"name": "1 号线", "product": "线材"},
}


def make(city, actor, act, **changes):
    given = GOOD[act] | changes
    if act == "person":
        return services.create_enterprise(actor, given)
    if act == "site":
        return services.create_site(actor, city.east_enterprise, given)
    return services.create_line(actor, city.east_site, given)


def real(changes):
    words = {"tomorrow": timezone.localdate() + timedelta(days=1), "next_year": timezone.localdate().year + 1}
    return {name: words.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_refusal_names_field_and_remedy_and_leaves_nothing(city, language):
    with acting(city, "county_officer") as actor, translation.override(language):
        for case in CASES:
            with pytest.raises(ValidationError) as error:
                make(city, actor, case["act"], **real(case["changes"]))
            said = error.value.message_dict
            assert set(said) == {case["field"]}, case
            assert case["zh" if language == "zh-hans" else "en"] in said[case["field"]][0], (case, said)
        assert not Event.objects.exists()
        assert (LegalPerson.objects.count(), Site.objects.count(), Line.objects.count()) == (1, 1, 0)
        assert not Organisation.objects.filter(credit_code=code(1)).exists()


def test_what_lies_just_inside_is_taken(city):
    today = timezone.localdate()
    with acting(city, "county_officer") as actor:
        assert make(city, actor, "person", registered_on=today).registered_on == today
        line = make(city, actor, "line", capacity=0, capacity_unit="吨", commissioned=today.year, retired=today.year)
        assert (line.capacity, line.commissioned, line.retired) == (0, today.year, today.year)


@pytest.mark.parametrize(
    ("role", "act"),
    [("enterprise_finance", "line"), ("city_head", "site"), ("county_head", "person"), ("dept_officer", "line")],
)
def test_who_may_only_look_makes_nothing(city, role, act):
    with acting(city, role) as actor, pytest.raises(PermissionDenied):
        make(city, actor, act)


def test_an_enterprise_archives_itself_not(city):
    with acting(city, "enterprise_head") as actor, pytest.raises(PermissionDenied):
        services.archive_enterprise(actor, city.east_enterprise, "不想填")


def test_a_county_gives_nothing_away(city):
    with acting(city, "county_officer") as actor:
        for act, record in ((services.edit_enterprise, city.east_enterprise), (services.edit_site, city.east_site)):
            with pytest.raises(ValidationError, match="请市级办理"):
                act(actor, record, {"manager_code": "510403"}, 1)
            record.refresh_from_db()
            assert (record.manager_code, record.version) == ("510402", 1)


def test_what_is_edited_is_audited_before_and_after_with_the_reason(city):
    with acting(city, "county_officer") as actor:
        line = make(city, actor, "line")
        services.edit_site(actor, city.east_site, {"address": "炳草岗", "active": True}, 1, reason="更正")
        services.edit_line(actor, line, {"product": "棒材"}, 1)
        services.retire_line(actor, line, 2024, "按标杆退出")
        services.close_site(actor, city.east_site, "搬迁")
        services.archive_enterprise(actor, city.east_enterprise, "注销")
        told = {one.action: (one.before, one.after, one.reason) for one in Event.objects.all()}
    assert told["line.created"][1] == {"name": "1 号线", "product": "线材"}
    assert told["site.edited"] == ({"address": "", "version": 1}, {"address": "炳草岗", "version": 2}, "更正")
    assert told["line.edited"][:2] == ({"product": "线材", "version": 1}, {"product": "棒材", "version": 2})
    assert told["line.retired"] == ({"retired": None, "version": 2}, {"retired": 2024, "version": 3}, "按标杆退出")
    assert told["site.closed"] == ({"active": True, "version": 2}, {"active": False, "version": 3}, "搬迁")
    assert told["enterprise.archived"][0]["status"] == "operating"
    assert told["enterprise.archived"][1]["status"] == "archived"


def test_a_code_of_another_enterprise_is_refused_in_an_edit_and_nothing_moves(city):
    with acting(city, "city_officer") as actor:
        taken = make(city, actor, "person").credit_code
        with pytest.raises(ValidationError, match="另一家企业已登记了这个代码"):
            services.edit_enterprise(actor, city.east_enterprise, {"credit_code": taken, "address": "新址"}, 1)
        assert LegalPerson.objects.get(pk=city.east_enterprise.pk).address == ""
        assert Site.objects.get(pk=city.east_site.pk).credit_code == city.east_enterprise.credit_code


def test_an_enterprise_that_moves_leaves_sites_of_other_units_where_they_are(city):
    with acting(city, "city_officer") as actor:
        other = services.create_site(
            actor, city.west_enterprise, {"name": "东区分厂", "manager_code": "510402", "place_code": "510402"}
        )
        services.edit_enterprise(actor, city.west_enterprise, {"manager_code": "510402"}, 1)
        services.edit_enterprise(actor, city.west_enterprise, {"place_code": "510402"}, 2)
        assert Site.objects.get(pk=city.west_site.pk).manager_code == "510402"
        assert Site.objects.get(pk=city.west_site.pk).place_code == "510403", "a site lies where it lies"
        assert Site.objects.get(pk=other.pk).version == 1
        assert Event.objects.filter(action="site.moved").count() == 1


@pytest.mark.parametrize("text", ["31301", "3130123 某行业", "99", "31", "Ａ"])
def test_a_class_that_was_mistyped_is_not_taken_for_another(text):
    with pytest.raises(ValueError, match="从列表中选一项"):
        reference.settle_class(text, date(2026, 11, 23))

"""A site that was closed is asked for nothing: not in the count, not before submission, not in the to-dos."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.platform.enterprises.helpers import GOOD, acting, fill

from jigai.platform.enterprises import entry, reporting, services, sheets
from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.completeness import completeness, submission_faults
from jigai.platform.enterprises.facts import facts_as_known, set_fact
from jigai.platform.enterprises.todos import todos

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

YEAR = sheets.reporting_year(timezone.localdate())
OF_SITE = [name for name in GOOD if attributes()[name].subject == "site"]


@pytest.fixture
def second(city):
    """Give the enterprise a second site, with all figures of both."""
    with acting(city, "county_officer") as actor:
        site = services.create_site(
            actor, city.east_enterprise, {"name": "二厂", "manager_code": "510402", "place_code": "510402"}
        )
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site, YEAR)
        for name in OF_SITE:
            set_fact(actor, city.east_enterprise, YEAR, name, GOOD[name], site=site)
    return site


def close(city, site):
    with acting(city, "county_officer") as actor:
        services.close_site(actor, site, "搬迁")


def row(city):
    with acting(city, "county_officer") as actor:
        (found,) = reporting.overview(actor, YEAR).rows
    return found.given, found.required, found.percent


def test_a_closed_site_leaves_both_sides_of_the_share(city, second):
    assert row(city) == (len(GOOD) + len(OF_SITE), len(GOOD) + len(OF_SITE), 100)
    close(city, second)
    assert row(city) == (len(GOOD), len(GOOD), 100)


def test_what_a_closed_site_reported_does_not_hide_what_another_lacks(city, second):
    close(city, second)
    with acting(city, "enterprise_head") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "coal", "", site=city.east_site)
    assert row(city) == (len(GOOD) - 1, len(GOOD), 95)


def test_an_oddity_nobody_can_see_any_more_does_not_keep_the_sheet_back(city, second):
    with acting(city, "county_officer") as actor:
        set_fact(actor, city.east_enterprise, YEAR, "energy_total", "9000000", site=second, explain_later=True)
        assert len(submission_faults(city.east_enterprise, YEAR, timezone.localdate())) == 1
    close(city, second)
    with acting(city, "enterprise_head") as actor:
        shown = {one.key for one in entry.rows_of(entry.sections(actor, city.east_enterprise, YEAR))}
        assert f"energy_total@{second.pk}" not in shown
        assert submission_faults(city.east_enterprise, YEAR, timezone.localdate()) == []
        sheets.take_step(actor, city.east_enterprise, YEAR, "submit")


def test_what_was_reported_of_it_stays_known(city, second):
    close(city, second)
    with acting(city, "county_officer") as actor:
        assert facts_as_known(actor, YEAR).filter(site=second).count() == len(OF_SITE)


def test_completeness_asks_for_lines_of_sites_in_use_only(city, second):
    with acting(city, "county_officer") as actor:
        services.create_line(actor, second, {"name": "1 号线", "product": "线材"})
        assert "产线" not in [what for what, _page in completeness(city.east_enterprise, YEAR).missing]
        services.close_site(actor, second, "搬迁")
        services.close_site(actor, city.east_site, "搬迁")
        missing = dict(completeness(city.east_enterprise, YEAR).missing)
    assert missing["厂区"] == "site_new"
    assert missing["产线"] == "site_new", "without a site the way to a line leads over a site"


def test_an_enterprise_that_stopped_or_has_no_site_left_is_told_what_is_so(city, second):
    close(city, second)
    close(city, city.east_site)
    with acting(city, "enterprise_head") as actor:
        (todo,) = todos(actor)
        assert todo.title == f"报送 {YEAR} 年年度数据"
    with acting(city, "county_officer") as actor:
        services.edit_enterprise(actor, city.east_enterprise, {"status": "stopped"}, 1)
    with acting(city, "enterprise_head") as actor:
        assert list(todos(actor)) == [], "one that does not produce is not asked"


def test_a_new_site_makes_a_full_sheet_lack_figures_again(city):
    with acting(city, "enterprise_head") as actor:
        fill(actor, city.east_enterprise, city.east_site, YEAR)
        services.create_site(
            actor, city.east_enterprise, {"name": "三厂", "manager_code": "510402", "place_code": "510402"}
        )
        with pytest.raises(ValidationError, match=f"还有 {len(OF_SITE)} 项没有填：三厂 · 综合能源消费量.* 等"):
            sheets.take_step(actor, city.east_enterprise, YEAR, "submit")


def test_a_figure_goes_to_a_site_of_the_enterprise_and_to_no_other(city):
    with acting(city, "city_officer") as actor, pytest.raises(ValidationError):
        set_fact(actor, city.east_enterprise, YEAR, "coal", "1", site=city.west_site)

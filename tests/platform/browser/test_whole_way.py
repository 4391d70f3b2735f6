"""One ledger through the whole house: the enterprise hands it in, contests a finding and reports, the county answers
and verifies, the city sees its survey covered and the verdict changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from tests.platform.chromium import chromium
from tests.platform.enterprises.helpers import acting
from tests.platform.imports.test_ledger_journey import SAMPLES
from tests.platform.replies.test_journeys import PLATE
from tests.platform.web_forms.chromium import page_of

from jigai.platform.campaigns import services as surveys
from jigai.platform.campaigns.models import Entry
from jigai.platform.enterprises import above_scale
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device
from jigai.platform.screening.models import Finding

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=20_000)


@pytest.fixture
def survey(city):
    """A running survey of all of this year's list, which has the enterprise of the east."""
    today = timezone.localdate()
    with acting(city, "city_officer") as actor:
        above_scale.add_to_list(actor, city.east_enterprise, today.year, "")
        said = {"name": "全市设备摸排", "year": today.year, "instructions": "原样上传", "contact": "陈立 13900000001"}
        made = surveys.create(actor, said | {"counts_from": today, "deadline": today + timedelta(days=12)})
        return surveys.start(actor, made, made.version)


def test_one_ledger_goes_through_enterprise_county_and_city(city, live_server, survey):
    errors = []
    with chromium() as browser:
        keeper = page_of(browser, live_server, city.client("enterprise_equipment"), errors)
        keeper.goto(reverse("imports:new", args=["ledger"]))
        keeper.set_input_files("#id_file", str(SAMPLES / "01_rolling_mill.xlsx"))
        keeper.get_by_role("button", name="上传并核对").click()
        keeper.locator("#about button").click()  # the workbook names another enterprise: a person says it is ours
        keeper.get_by_role("button", name="先收 21 行").click()
        worker.run(once=True)
        worker.run(once=True)
        listed = Finding.unscoped.filter(outcome="eliminate", mandatory=True).order_by("pk").first()
        keeper.goto(reverse("ledger:device", args=[listed.device_id]))
        expect(keeper.locator(".dh")).to_contain_text("必须淘汰")
        row = keeper.locator("#replies tr", has_text="淘汰目录")
        row.get_by_role("link", name="提出异议").click()
        keeper.get_by_label("型号读错或填错").check()
        keeper.fill("#id_words", "铭牌为 YE4-280S-4，2023 年更换。")
        keeper.fill("#id_v_model", "YE4-280S-4")
        keeper.set_input_files("#id_photos", PLATE)
        keeper.get_by_role("button", name="提出异议").click()
        expect(keeper.locator("h1")).to_contain_text("答复中")

        head = page_of(browser, live_server, city.client("enterprise_head"), errors)
        head.goto("/")
        head.get_by_role("link", name="报送", exact=True).click()
        head.get_by_role("link", name="报送", exact=True).click()
        head.get_by_role("button", name="报送").click()
        expect(head.get_by_text("已报送，等县区核对。", exact=True)).to_be_visible()

        county = page_of(browser, live_server, city.client("county_officer"), errors)
        county.goto("/")
        county.get_by_role("link", name="答复", exact=True).first.click()
        county.get_by_role("link", name="异议成立", exact=True).click()
        county.fill("#id_words", "经核对铭牌照片，型号属实。")
        county.get_by_role("button", name="异议成立").click()
        expect(county.get_by_text("异议成立，已按答复更正，正在重新筛查。")).to_be_visible()
        worker.run(once=True)
        worker.run(once=True)
        entry = Entry.unscoped.get(campaign=survey)
        county.goto(reverse("campaigns:entry", args=[entry.pk]))
        county.get_by_role("link", name="核对通过").click()
        county.get_by_role("button", name="核对通过").click()

        chief = page_of(browser, live_server, city.client("city_officer"), errors)
        chief.goto(reverse("campaigns:page", args=[survey.pk]))
        expect(chief.locator("main")).to_contain_text("100")
        chief.goto(reverse("ledger:device", args=[listed.device_id]))
        expect(chief.locator(".dh")).not_to_contain_text("必须淘汰")
        expect(chief.locator("main")).to_contain_text("按答复更正")
    assert errors == []
    assert Device.unscoped.get(pk=listed.device_id).model == "YE4-280S-4"

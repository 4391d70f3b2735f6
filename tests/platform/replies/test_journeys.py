"""From the enterprise to the county and back to another verdict; and through a site with a phone, off the net too."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.platform.chromium import chromium
from tests.platform.replies.conftest import ENTRY, LISTED, TODAY, picture
from tests.platform.web_forms.chromium import page_of

from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.stating import add
from jigai.platform.replies import checks
from jigai.platform.replies.models import CheckAnswer, Photo
from jigai.platform.screening import services as screening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
expect.set_options(timeout=20_000)
PLATE = {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": picture(taken="2026:11:20 09:30:00", place=True)}


def test_an_enterprise_objects_the_county_upholds_and_the_verdict_changes(listed, city, live_server, doing):
    errors = []
    with chromium() as browser:
        firm = page_of(browser, live_server, city.client("enterprise_equipment"), errors)
        firm.goto(reverse("ledger:device", args=[listed.pk]))
        expect(firm.locator(".dh")).to_contain_text("必须淘汰")
        row = firm.locator("#replies tr", has_text="淘汰目录")
        expect(row).to_contain_text("还有")
        row.get_by_role("link", name="提出异议").click()
        firm.get_by_label("型号读错或填错").check()
        firm.fill("#id_words", "铭牌为 YE3-90S-4，2021 年更换，台账没有改。")
        firm.fill("#id_v_model", "YE3-90S-4")
        firm.fill("#id_v_made_year", "去年")
        firm.set_input_files("#id_photos", PLATE)
        firm.get_by_role("button", name="提出异议").click()
        expect(firm.locator(".wrong").first).to_be_visible()  # 去年 is no year; what was typed is still there
        expect(firm.locator("#id_v_model")).to_have_value("YE3-90S-4")
        firm.fill("#id_v_made_year", "2021")
        firm.set_input_files("#id_photos", PLATE)
        firm.get_by_role("button", name="提出异议").click()
        expect(firm.get_by_text("已提出，等管理主体答复。")).to_be_visible()
        expect(firm.locator("h1")).to_contain_text("答复中")

        county = page_of(browser, live_server, city.client("county_officer"), errors)
        county.goto("/")
        county.get_by_role("link", name="答复", exact=True).first.click()
        expect(county.locator(".shots img")).to_be_visible()
        expect(county.get_by_text("26.58, 101.71")).to_be_visible()
        county.get_by_role("link", name="异议成立", exact=True).click()
        county.fill("#id_words", "经核对铭牌照片，型号属实，台账予以更正。")
        county.get_by_role("button", name="异议成立").click()
        expect(county.get_by_text("异议成立，已按答复更正，正在重新筛查。")).to_be_visible()
        worker.run(once=True)
        worker.run(once=True)  # the chores of the second round write the new verdict down

        firm.reload()
        expect(firm.locator("h1")).to_contain_text("异议成立")
        expect(firm.locator("dl", has_text="答复后").first).to_contain_text("暂可保留")
        with firm.expect_download() as sent:
            firm.get_by_role("link", name="答复函").click()
        assert sent.value.suggested_filename.endswith(".docx")
        firm.get_by_role("link", name="看设备的现行依据").click()
        expect(firm.locator(".dh")).to_contain_text("暂可保留")
        expect(firm.get_by_text("对异议的答复更正后")).to_be_visible()
        firm.goto(reverse("notices:list"))
        expect(firm.locator("main")).to_contain_text("必须淘汰 → 暂可保留")
    assert errors == []
    assert doing(lambda actor: Device.objects.get(pk=listed.pk).verdict) == "keep"


@pytest.fixture
def walk(listed, city, doing):
    """A check with two devices, each in a workshop of its own."""
    other = {**LISTED, "code": "D8", "name": "水泵电机", "model": "Y2-132M-4", "workshop": "二车间"}
    doing(lambda actor: add(actor, city.east_site.pk, other, "entry", "补报", source=ENTRY | {"row_id": "entry-8"}))
    doing(lambda actor: screening.start(actor, [city.east_site.pk], TODAY))
    worker.run(once=True)
    return doing(lambda actor: checks.open_check(actor, city.east_site.pk))


def test_a_phone_walks_through_a_site_on_and_off_the_net(walk, city, live_server, doing):
    errors = []
    with chromium() as browser:
        phone = page_of(browser, live_server, city.client("enterprise_equipment"), errors, width=390)
        url = reverse("replies:check_form", args=[walk.pk])
        phone.goto(url)
        expect(phone.locator("#far")).to_have_text("0/2")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        first = phone.locator("form.on")
        expect(first.locator("h2")).to_contain_text("引风机电机")
        expect(first).to_contain_text("铭牌型号属 JO3、JO2 系列 → 淘汰")
        first.get_by_label("与台账一致", exact=True).check()
        first.locator("[name=photos]").set_input_files(PLATE)
        expect(first.locator("[data-shots]")).to_have_text("× 1")
        first.get_by_role("button", name="保存，下一台").click()
        expect(phone.locator("#far")).to_have_text("1/2")
        expect(phone.locator("#net")).to_have_text("都已保存")

        second = phone.locator("form.on")
        expect(second.locator("h2")).to_contain_text("水泵电机")
        phone.context.set_offline(True)
        second.get_by_label("与台账一致", exact=True).check()
        second.locator("[name=v_made_year]").fill("两千年")
        second.get_by_role("button", name="保存，下一台").click()
        expect(phone.locator("#net")).to_contain_text("1 条未发送")
        assert doing(lambda actor: CheckAnswer.objects.count()) == 1
        phone.context.set_offline(False)
        expect(phone.locator("form.on [data-wrong]")).to_be_visible()  # refused: it comes back with the reason
        expect(phone.locator("form.on [name=v_made_year]")).to_have_value("两千年")

        phone.context.set_offline(True)
        phone.locator("form.on [name=v_made_year]").fill("2001")
        phone.locator("form.on [name=photos]").set_input_files({**PLATE, "buffer": picture(colour="red")})
        phone.locator("form.on").get_by_role("button", name="保存，下一台").click()
        expect(phone.locator("#net")).to_contain_text("1 条未发送")
        phone.context.set_offline(False)
        phone.goto(url)  # the telephone was put away and taken out again
        expect(phone.locator("#far")).to_have_text("2/2")
        expect(phone.locator("#net")).to_have_text("都已保存")
        expect(phone.locator("#all")).to_be_visible()
        phone.get_by_role("link", name="回到核对表").click()
        phone.get_by_role("button", name="结束核对并重新筛查").click()
        expect(phone.get_by_text("核对已结束，正在重新筛查。")).to_be_visible()
    assert errors == []
    worker.run(once=True)
    answers = doing(lambda actor: list(CheckAnswer.objects.order_by("pk").values_list("found", "values")))
    assert answers == [("same", {}), ("same", {"made_year": 2001})]
    assert doing(lambda actor: Photo.objects.count()) == 2
    device = doing(lambda actor: Device.objects.get(code="D8"))
    assert (device.made_year, device.verdict) == (2001, "must_replace")
    state = doing(lambda actor: DeviceState.objects.get(device=device, superseded_at__isnull=True))
    assert state.reason == "现场核对"

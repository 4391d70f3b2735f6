"""The library: datasets on a day, rows in words, what rests on them, each only as far as one sees."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import polars as pl
import pytest
from django.utils import timezone
from tests.platform.standards.conftest import acting
from tests.platform.standards.test_changes import seen

from jigai.platform.ledger.models import Device
from jigai.platform.screening import storage
from jigai.platform.screening.models import Finding, Run
from jigai.platform.standards import active, library, packages, resting, words
from jigai.platform.standards.download import package
from jigai.platform.standards.packages import PackageRefusedError
from jigai.platform.standards.resting import resting_on, rule_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
DAY = date(2026, 11, 23)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_dataset_is_listed_with_its_standing_on_the_day():
    now, long_ago = (
        {one.dataset.id: one.standing for one in library.catalogue(day)} for day in (DAY, date(2015, 6, 1))
    )
    assert set(now) == set(active.reference(DAY).all_datasets) == set(long_ago)
    assert (now["gb19762-2025"], long_ago["gb19762-2025"]) == ("now", "later")
    assert (now["state-council-2010-7"], long_ago["state-council-2010-7"]) == ("former", "now")


def test_the_list_shows_number_certainty_doubt_and_gaps(judged):
    page = text_of(judged.client("auditor").get("/standards/?as_of=2026-11-23"))
    assert "高耗能落后机电设备（产品）淘汰目录（第三批）" in page
    assert "文号待核" in page
    assert "原文转录" in page
    assert "已知没有收录的" in page
    assert all(gap.text_zh in page for gap in library.gaps(DAY)[:3])


def test_the_day_and_the_filters_narrow_the_list(judged):
    client = judged.client("supplier")
    former = text_of(client.get("/standards/?standing=former&as_of=2026-11-23"))
    assert "国务院关于进一步加强淘汰落后产能工作的通知" in former
    assert "通风机能效限定值及能效等级" not in former
    life = text_of(client.get("/standards/?check=service_life"))
    assert "1 个数据集" in life
    assert text_of(client.get("/standards/?as_of=bad")) == text_of(client.get("/standards/"))


@pytest.mark.parametrize("query", ["Y315L1-2", "y315l1-2", "Y系列 Y315L1-2"])
def test_a_model_is_found_in_every_list_that_names_it(query):
    hits, total = library.search(query, DAY)
    assert total >= 1
    assert ("elimination-3", "rules") in {(hit.dataset.id, hit.table) for hit in hits}
    assert all("Y315L1-2" in hit.text for hit in hits)


def test_a_search_finds_nothing_where_nothing_is_and_says_what_to_try(judged):
    assert library.search("没有这样的型号", DAY) == ([], 0)
    assert "只写系列" in text_of(judged.client("auditor").get("/standards/?q=没有这样的型号"))


def test_every_row_of_every_table_can_be_said_in_words():
    for one in active.reference(DAY).all_datasets.values():
        for name, table in one.tables.items():
            for number in {0, table.height // 2, table.height - 1} if table.height else ():
                said = words.row_in_words(one.specs[name], table.row(number, named=True))
                assert said
                assert all(cell.label and cell.text for cell in said)


def test_every_column_of_a_list_has_a_name_in_both_languages():
    from django.utils import translation

    for one in active.reference(DAY).all_datasets.values():
        for table in one.tables.values():
            for name in table.columns:
                assert words.column_word(name) != name, name
                with translation.override("en"):
                    assert not re.search("[\u4e00-\u9fff]", words.column_word(name)), name


def test_a_row_shows_its_condition_in_words_and_the_devices_that_rest_on_it(judged):
    finding = seen(Finding, outcome="eliminate")[0]
    address = judged.client("county_officer").get(f"/standards/d/{finding.dataset}/rule/?id={finding.rule_id}")
    page = judged.client("county_officer").get(address["Location"])
    row = active.reference(DAY).dataset(finding.dataset).tables["rules"].filter(entry_id=finding.rule_id)
    assert finding.rule_id in text_of(page)
    if row["condition"][0]:
        assert row["condition"][0] in page.content.decode().replace("&lt;", "<").replace("&gt;", ">")
    assert f'href="/devices/{finding.device_id}/?check=elimination"' in page.content.decode()


def test_what_rests_on_a_row_ends_at_ones_scope(judged):
    finding = seen(Finding, outcome="eliminate")[0]
    found = active.reference(DAY).dataset(finding.dataset)
    with acting(judged, "county_officer"):
        mine = resting_on(found, finding.rule_id)
        expected = {one.device_id for one in Finding.objects.filter(rule_id=finding.rule_id)}
        quantity = sum(one.quantity or 1 for one in Device.objects.filter(pk__in=expected))
        assert (mine.lines, mine.machines, mine.enterprises) == (len(expected), quantity, 1)
    with acting(judged, "county_officer", west=True):
        assert resting_on(found, finding.rule_id).lines == 0
    page = judged.client("county_officer", west=True).get(f"/standards/d/{finding.dataset}/")
    assert "没有以它为依据的" in text_of(page)


LIFE = ("service-life", "变电配电设备")
"""A class of the service lives by which devices of the sample are judged, over and within."""


def row_url(judged, dataset, rule):
    return judged.client("county_officer").get(f"/standards/d/{dataset}/rule/?id={rule}")["Location"]


def shown(page):
    return [int(one) for one in re.findall(r'<tr><td><a href="/devices/(\d+)/', page)]


def judged_by(rule):
    """Every device the run in force judged by a rule, as its files say."""
    (run,) = seen(Run)
    findings = storage.frame(run.output_hash, "findings").filter(pl.col("rule_id") == rule)
    devices = storage.frame(run.output_hash, "devices").select("device_id", "device")
    return dict(findings.join(devices, on="device_id").select("device", "outcome").rows())


def test_a_row_shows_all_devices_that_were_judged_by_it_not_only_those_to_act_on(judged):
    dataset, rule = LIFE
    wanted = judged_by(rule)
    assert {"within", "over_age"} <= set(wanted.values())
    page = judged.client("county_officer").get(row_url(judged, dataset, rule)).content.decode()
    assert shown(page) == sorted(wanted)
    within = next(number for number, outcome in wanted.items() if outcome == "within")
    assert re.search(rf'/devices/{within}/\?check=service_life".*?<td class="long small">—</td>', page)
    with acting(judged, "county_officer"):
        told = resting_on(active.reference(DAY).dataset(dataset), rule)
        assert (told.lines, sum(lines for lines, _machines in told.verdicts.values())) == (len(wanted), len(wanted))
    stranger = judged.client("county_officer", west=True).get(row_url(judged, dataset, rule)).content.decode()
    assert shown(stranger) == []


def test_devices_on_a_row_are_narrowed_by_verdict_and_turned_page_by_page(judged, monkeypatch):
    dataset, rule = LIFE
    monkeypatch.setattr(resting, "PAGE", 2)
    wanted = judged_by(rule)
    client, url = judged.client("county_officer"), row_url(judged, dataset, rule)
    pages, following = [], url
    while following:
        page = client.get(following).content.decode()
        pages.append(shown(page))
        link = re.search(r'href="(\?[^"]+)">下一页', page)
        following = url.split("?")[0] + link[1].replace("&amp;", "&") if link else ""
    assert [number for one in pages for number in one] == sorted(wanted)
    assert all(len(one) == 2 for one in pages[:-1])
    assert "回到开头" in page
    monkeypatch.setattr(resting, "PAGE", 50)
    verdicts = {one.pk: one.verdict for one in seen(Device) if one.pk in wanted}
    for verdict in set(verdicts.values()):
        page = client.get(f"{url}&verdict={verdict}").content.decode()
        assert shown(page) == sorted(number for number, word in verdicts.items() if word == verdict)
        assert 'aria-current="true"' in page
    for odd in ("verdict=none", "after=x", f"after={'9' * 30}", "after=-1"):
        assert shown(client.get(f"{url}&{odd}").content.decode()) == sorted(wanted)
    assert shown(client.get(f"{url}&after={max(wanted)}").content.decode()) == []


def test_a_device_that_is_gone_rests_on_nothing(judged):
    dataset, rule = LIFE
    gone, *rest = sorted(judged_by(rule))
    with acting(judged, "city_officer"):
        Device.objects.filter(pk=gone).update(gone_at=timezone.now())
    page = judged.client("county_officer").get(row_url(judged, dataset, rule)).content.decode()
    assert shown(page) == rest


def test_who_sees_no_devices_sees_the_library_without_them(judged):
    page = text_of(judged.client("supplier").get("/standards/d/elimination-3/"))
    assert "Y112M-2" in page
    assert "点条目编号" not in page
    assert "没有以它为依据的" not in page


def test_every_finding_names_a_rule_that_the_library_has(judged):
    held = active.reference(DAY)
    for one in seen(Finding):
        if not one.rule_id:  # undecided by the whole standard
            continue
        dataset = held.dataset(one.dataset)
        rules = {rule_of(dataset, row) for table in dataset.tables.values() for row in table.iter_rows(named=True)}
        assert one.rule_id in rules, (one.dataset, one.rule_id)


def test_pages_follow_one_another_and_a_row_that_is_not_there_is_not_found(judged):
    client = judged.client("auditor")
    first, second = (text_of(client.get(f"/standards/d/elimination-3/?page={number}")) for number in (1, 2))
    assert "B3-1-1-1 " in first
    assert "B3-1-1-1 " not in second
    for address in ("d/elimination-3/rules/100000/", "d/elimination-3/none/1/", "d/none/", "d/elimination-3/rules/0/"):
        assert client.get(f"/standards/{address}").status_code == 404
    assert client.get("/standards/d/elimination-3/?page=99999999999&table=none&q=%E2%98%83").status_code == 200


def test_a_dataset_is_downloaded_in_the_form_in_which_it_can_be_uploaded_again(judged):
    answer = judged.client("standards_officer").get("/standards/d/elimination-4/zip/")
    assert answer["Content-Disposition"] == 'attachment; filename="elimination-4.zip"'
    content = answer.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("elimination-4/rules.csv").startswith(b"\xef\xbb\xbf")
    with pytest.raises(PackageRefusedError, match="完全相同"):
        packages.read("elimination-4.zip", content, DAY)


def test_a_dataset_of_a_package_can_be_downloaded_too(judged):
    from tests.platform.standards.test_changes import in_use

    in_use(judged)
    content = package(active.reference(DAY).dataset("city-list"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["city-list/manifest.yaml", "city-list/rules.csv"]

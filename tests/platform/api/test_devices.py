"""Devices, findings, runs, uploads and the library through the interface: the same as on the pages, and no more."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.platform.ledger.conftest import judged

from jigai.platform.api import services
from jigai.platform.enterprises.models import Site
from jigai.platform.enterprises.reference import reference
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import Bulk, BulkFile, Device
from jigai.platform.ledger.stating import restate
from jigai.platform.screening.models import Finding, Run
from jigai.platform.walls.scope import command_scope, use_scope

__all__ = ["judged"]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SAMPLES = Path(__file__).parents[3] / "samples"


class Interface:
    """Ask as somebody, with a token that holds all their role holds of the interface."""

    def __init__(self, city, *, west=False, without=()):
        actor = city.actor("enterprise_head", west=west)
        chosen = [key for key in actor.capabilities if key.endswith(".view") and key not in without]
        secret = services.issue(actor, "测试", {*chosen, "ledger.take", "screening.run"}, 30)[1]
        self.headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path, status=200, **query):
        answer = Client().get(f"/api/v1{path}", query, headers=self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def every(self, path, **query):
        found, cursor = [], 0
        while cursor is not None:
            said = self.get(path, cursor=cursor, **query)
            found, cursor = found + said["items"], said["next"]
        return found

    def start(self, status=200, **said):
        body = json.dumps(said)
        answer = Client().post("/api/v1/runs", body, content_type="application/json", headers=self.headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def hand_in(self, *names, status=200, key="", **form):
        files = [SimpleUploadedFile(name, (SAMPLES / name).read_bytes()) for name in names]
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        answer = Client().post("/api/v1/uploads", {"files": files, **form}, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def whole(act):
    with transaction.atomic(), use_scope(command_scope("test")):
        return act()


@pytest.fixture
def asking(judged):
    return Interface(judged)


def test_devices_come_page_by_page_and_narrowed(asking):
    every = asking.every("/devices", limit=7)
    assert len(every) == len({one["id"] for one in every}) == whole(Device.objects.count)
    must = asking.every("/devices", verdict="must_replace")
    assert must and {one["verdict"] for one in must} == {"must_replace"}
    motors = asking.every("/devices", kind="motor")
    assert 0 < len(motors) < len(every)
    assert asking.get("/devices", industry_code="99")["items"] == []
    assert asking.get("/devices", gone="true")["items"] == []
    lacking = next(one for one in every if one["missing"])
    assert all(lacking["missing"]), "a list of names"


def test_one_device_tells_all_that_was_said_and_found(asking, judged):
    one = asking.get("/devices", verdict="must_replace")["items"][0]
    with transaction.atomic(), use_scope(judged.actor("enterprise_equipment").scope):
        state = Device.objects.get(pk=one["id"]).states.get()
        restate(judged.actor("enterprise_equipment"), one["id"], state.values | {"remark": "铭牌补拍"}, "edit", "补")
    told = asking.get(f"/devices/{one['id']}")
    assert [each["how"] for each in told["states"]] == ["edit", "upload"]
    assert told["states"][1]["superseded_at"] and told["states"][1]["cells"]
    assert {each["check"] for each in told["findings"]} == {
        each["check"] for each in asking.every("/findings", device=one["id"])
    }
    assert asking.get(f"/identifiers/{one['identifier']}") == told
    assert asking.get(f"/identifiers/{one['identifier'].lower()}")["device"]["id"] == one["id"]
    slip = one["identifier"][:-1] + ("0" if one["identifier"][-1] != "0" else "1")
    for wrong in (slip, "SB", "你好", "x" * 40):
        assert asking.get(f"/identifiers/{wrong}", 404)["code"] == "not_found"


def test_money_needs_its_capability(judged):
    def price():
        device = Device.objects.first()
        device.states.update(values={"name": "x", "original_value": 12345.0}, cells={"original_value": "K8"})
        return device.pk

    pk = whole(price)
    seen = Interface(judged).get(f"/devices/{pk}")["states"][0]
    assert (seen["values"]["original_value"], seen["cells"]["original_value"]) == (12345.0, "K8")
    hidden = Interface(judged, without=["finance.view"]).get(f"/devices/{pk}")["states"][0]
    assert "original_value" not in hidden["values"] and "original_value" not in hidden["cells"]


def test_findings_are_narrowed(asking):
    every = asking.every("/findings")
    assert len(every) == whole(Finding.objects.count)
    one = next(row for row in every if row["mandatory"])
    same = asking.every("/findings", check=one["check"], outcome=one["outcome"], mandatory="true")
    assert one in same and all(row["mandatory"] for row in same)
    assert asking.every("/findings", document=one["document"])
    assert asking.every("/findings", outcome="no-such") == []


def test_a_run_is_started_followed_and_fetched(asking, judged):
    made = asking.start(as_of="2026-11-01", rehearsal=True, title="接口试算")
    assert (made["state"], made["sites"], made["title"]) == ("waiting", [judged.east_site.pk], "接口试算")
    worker.run(once=True)
    done = asking.get(f"/runs/{made['id']}")
    assert done["state"] == "done" and sum(one["lines"] for one in done["totals"].values()) == whole(
        Device.objects.count
    )
    assert [one["id"] for one in asking.every("/runs", rehearsal="true")] == [made["id"]]
    assert asking.every("/runs", state="waiting") == []
    path = f"/api/v1/runs/{made['id']}/files"
    devices = pl.read_parquet(io.BytesIO(Client().get(f"{path}/devices", headers=asking.headers).content))
    findings = pl.read_parquet(io.BytesIO(Client().get(f"{path}/findings", headers=asking.headers).content))
    assert set(devices["device"]) == set(whole(lambda: list(Device.objects.values_list("pk", flat=True))))
    assert set(findings["device"]) == set(devices["device"])
    assert asking.get(f"/runs/{made['id']}/files/input", 422)["where"]


def test_a_file_of_a_run_holds_what_one_sees_now(asking, judged):
    """A county ran both sites; one moved away, and its lines are no longer given."""
    from jigai.platform.screening import files

    run = whole(lambda: Run.objects.get())
    county = judged.actor("county_officer")
    with transaction.atomic(), use_scope(county.scope):
        assert pl.read_parquet(io.BytesIO(files.seen(county, run, "findings"))).height
    whole(lambda: Site.objects.filter(pk=judged.east_site.pk).update(manager_code="510403"))
    with transaction.atomic(), use_scope(county.scope):
        for name in ("devices", "findings"):
            assert pl.read_parquet(io.BytesIO(files.seen(county, run, name))).height == 0
    waiting = asking.start(as_of="2026-11-01")
    assert asking.get(f"/runs/{waiting['id']}/files/devices", 404)["code"] == "not_found", "not judged yet"


def test_a_site_named_twice_is_screened_once(city):
    site = city.east_site.pk
    made = Interface(city).start(as_of="2026-11-01", sites=[site, site, site])
    assert made["sites"] == [site]
    worker.run(once=True)
    assert whole(lambda: Run.objects.get().sites) == [site]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"as_of": "2026-11-01", "sites": [999_999_999]}, 404),
        ({"as_of": "2026-11-01", "sites": [-1, 2**70]}, 404),
        ({"as_of": "2026-11-01", "manager_code": "510403"}, 404),
        ({"as_of": (timezone.localdate() + timedelta(days=9)).isoformat()}, 422),
        ({"as_of": "0001-01-01"}, 422),
        ({"as_of": "2026-11-01", "title": "\ud800"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_run_is_refused(city, said, status):
    Interface(city).start(status, **said)
    assert whole(Run.objects.count) == 0


def test_a_ledger_is_handed_in_once_and_its_problems_have_places(city):
    asking = Interface(city)
    made = asking.hand_in("bad_cells.xlsx", key="nightly-2026-11-25", site=city.east_site.pk, at_once="true")
    again = asking.hand_in("bad_cells.xlsx", key="nightly-2026-11-25", site=city.east_site.pk, at_once="true")
    assert made["id"] == again["id"] and whole(Bulk.objects.count) == 1
    assert asking.hand_in("bad_cells.xlsx")["id"] != made["id"], "another key is another upload"
    for _job in range(4):
        worker.run(once=True)
    done = asking.get(f"/uploads/{made['id']}")
    assert (done["state"], done["files"][0]["state"], done["files"][0]["site"]) == ("done", "taken", city.east_site.pk)
    assert done["run"] and whole(Device.objects.count) == done["files"][0]["result"]["new"]
    problems = asking.every(f"/upload-files/{done['files'][0]['id']}/problems", limit=3)
    assert len([one for one in problems if one["severity"] == "error"]) == done["files"][0]["errors"] > 0
    assert all(one["row"] and one["sheet"] for one in problems if one["severity"] == "error")
    other = Interface(city, west=True)
    assert other.get(f"/uploads/{made['id']}", 404) and other.get(
        f"/upload-files/{done['files'][0]['id']}/problems", 404
    )


def test_a_key_names_one_content(city):
    """Used again for something else it would hand back the upload of the first, and the new files would be lost."""
    asking = Interface(city)
    made = asking.hand_in("bad_cells.xlsx", "01_rolling_mill.xlsx", key="k1", site=city.east_site.pk)
    again = asking.hand_in("01_rolling_mill.xlsx", "bad_cells.xlsx", key="k1", site=city.east_site.pk)
    assert again["id"] == made["id"], "their order does not matter"
    for names, said in (
        (["01_rolling_mill.xlsx"], {"site": city.east_site.pk}),
        (["01_rolling_mill.xlsx", "02_substation.xls"], {"site": city.east_site.pk}),
        (["bad_cells.xlsx", "01_rolling_mill.xlsx"], {}),
        (["bad_cells.xlsx", "01_rolling_mill.xlsx"], {"site": city.east_site.pk, "at_once": "true"}),
    ):
        refused = asking.hand_in(*names, key="k1", status=422, **said)
        assert (refused["code"], refused["where"]) == ("key_reused", ["header.Idempotency-Key"])
        assert f"编号 {made['id']} 的提交" in refused["message_zh"] and str(made["id"]) in refused["message_en"]
    assert whole(Bulk.objects.count) == 1 and whole(BulkFile.objects.count) == 2
    assert asking.hand_in("01_rolling_mill.xlsx", key="k2")["id"] != made["id"]
    assert Interface(city, west=True).hand_in("02_substation.xls", key="k1")["id"] != made["id"], "a key is one's own"


def test_what_cannot_be_handed_in_is_refused(city):
    asking = Interface(city)
    asking.hand_in("bad_cells.xlsx", site=city.west_site.pk, status=404)
    asking.hand_in("bad_cells.xlsx", site="x", status=422)
    asking.hand_in("bad_cells.xlsx", key="k" * 50, status=422)
    asking.hand_in(status=422)
    assert whole(Bulk.objects.count) == 0


def test_the_library_tells_what_is_held_how_sure_and_what_is_not(city):
    asking = Interface(city)
    held = {one["id"]: one for one in asking.get("/library")}
    datasets = reference(timezone.localdate()).all_datasets
    assert set(held) == set(datasets)
    assert any(one["gaps"] for one in held.values()) and {one["certainty"] for one in held.values()} > {"transcribed"}
    old = asking.get("/library", as_of="1995-01-01", in_force="true")
    assert len(old) < len(asking.get("/library", in_force="true"))
    assert {one["check"] for one in asking.get("/library", check="efficiency")} == {"efficiency"}
    name = max(datasets, key=lambda key: max(table.height for table in datasets[key].tables.values()))
    table = next(iter(datasets[name].tables))
    rows = asking.every(f"/library/{name}/rows", table=table, limit=500)
    assert len(rows) == datasets[name].tables[table].height == asking.get(f"/library/{name}")["tables"][0]["rows"]
    word = next(value for value in rows[0]["values"].values() if isinstance(value, str) and len(value) > 2)
    hits = asking.every(f"/library/{name}/rows", table=table, q=word)
    assert rows[0] in hits and all(word in json.dumps(row, ensure_ascii=False) for row in hits)
    for path in ("/library/no-such", f"/library/{name}/rows?table=no-such", "/library/no-such/rows"):
        asking.get(path, 404)


def first_of(dtype):
    """The first filled cell of a type: dataset, table, column, value."""
    for key, dataset in reference(timezone.localdate()).all_datasets.items():
        for table, frame in dataset.tables.items():
            for column in (name for name, held in frame.schema.items() if held == dtype):
                values = [value for value in frame[column].drop_nulls().to_list() if value != []]
                if values:
                    return key, table, column, values[0]
    raise AssertionError(dtype)


@pytest.mark.parametrize("dtype", [pl.Float64(), pl.Int64(), pl.Date(), pl.List(pl.String())], ids=str)
def test_rows_of_the_library_are_found_by_numbers_days_and_items_of_lists(city, dtype):
    key, table, column, value = first_of(dtype)
    asking = Interface(city)
    q = value[0] if isinstance(value, list) else str(value)
    told = [row["values"][column] for row in asking.every(f"/library/{key}/rows", table=table, q=q)]
    assert (str(value) if dtype == pl.Date() else value) in told


def test_a_number_of_the_library_is_found_by_its_value_and_not_by_its_digits(city):
    """A clerk who asks for 7.5 kW does not want 17.5."""
    key, table, column, value = first_of(pl.Float64())
    asking = Interface(city)
    rows = asking.every(f"/library/{key}/rows", table=table, q=f"{value:.12f}")
    assert value in [row["values"][column] for row in rows], "however it is written"
    rows = asking.every(f"/library/{key}/rows", table=table, q=f"{value}1")
    assert value not in [row["values"][column] for row in rows]
    for nothing in ("NaN", "Infinity", "1e999"):
        assert asking.every(f"/library/{key}/rows", table=table, q=nothing) == []


def test_every_row_of_the_library_can_be_told(city):
    """Dates, lists and conditions of every table are written as JSON."""
    asking = Interface(city)
    for name, dataset in reference(timezone.localdate()).all_datasets.items():
        for table in dataset.tables:
            assert asking.get(f"/library/{name}/rows", table=table, limit=2)["items"] is not None, (name, table)


@pytest.mark.parametrize(("language", "words"), [("en", "rows on a page"), ("zh-hans", "每页条数")])
def test_the_description_is_in_the_language_asked_for(city, language, words):
    answer = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
    described = answer.json()
    assert words in answer.content.decode() or words in json.dumps(described, ensure_ascii=False)
    texts = [
        one["description"]
        for methods in described["paths"].values()
        for said in methods.values()
        for one in said.get("parameters", [])
        if "description" in one
    ]
    chinese = [any("一" <= sign <= "鿿" for sign in text) for text in texts]
    assert texts and (not any(chinese) if language == "en" else all(chinese))

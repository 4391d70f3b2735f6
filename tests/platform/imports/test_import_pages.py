"""Pages of the import: whom they open to, what they say, and what a second click does."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.platform.imports.conftest import MESSY, book
from tests.platform.imports.test_imports import GOOD, GREEN

from jigai.ledger import read_table
from jigai.platform.imports.models import Upload
from jigai.platform.imports.subjects import subjects

pytestmark = pytest.mark.django_db


def handed_in(client, rows=GOOD, key=GREEN, **fields):
    file = SimpleUploadedFile("名单.xlsx", book(rows))
    response = client.post(f"/imports/new/{key}/", {"file": file, **fields})
    assert response.status_code == 302
    return Upload.unscoped.latest("pk"), response.headers["Location"]


def test_a_file_is_handed_in_and_checked(city):
    client = city.client("county_officer")
    upload, url = handed_in(client, MESSY)
    text = client.get(url).content.decode()
    assert "名单.xlsx" in text
    assert "表头：第 3 行" in text
    assert "没有认出，原文保留" in text
    assert "没有必填的“级别”一列" in text, "which column is missing is said by its name"
    assert client.get(f"{url}?sheet=Sheet2").status_code == 200
    assert client.get(f"{url}?show=stop").status_code == 200
    assert client.get(f"{url}?show=notes").status_code == 200
    assert "名单.xlsx" in client.get("/imports/").content.decode()
    assert upload.uploaded_by_id == city.people["county_officer"].pk


def test_no_file_is_no_upload(city):
    response = city.client("county_officer").post(f"/imports/new/{GREEN}/")
    assert response.status_code == 422
    assert "请选择文件" in response.content.decode()


def test_columns_are_settled_and_cells_put_right_by_the_page(city):
    client = city.client("county_officer")
    upload, url = handed_in(client, MESSY)
    text = client.get(url).content.decode()
    field = text.split('aria-label="C 列认作"')[0].rsplit('name="', 1)[1].split('"')[0]
    client.post(f"{url}columns/", {"version": upload.version, field: "level"})
    upload.refresh_from_db()
    assert upload.summary["good"] == 2
    client.post(f"{url}cell/", {"version": upload.version, "sheet": "名单", "cell": "D5", "text": "2024"})
    upload.refresh_from_db()
    assert upload.summary["good"] == 3
    assert upload.corrections == {"名单": {"D5": "2024"}}
    stale = client.post(f"{url}cell/", {"version": 1, "sheet": "名单", "cell": "D5", "text": "1"}, follow=True)
    assert "刚被别人改动过" in stale.content.decode()


def test_accepting_twice_makes_one_job(city):
    from jigai.platform.jobs.models import Job

    client = city.client("county_officer")
    upload, url = handed_in(client)
    for _click in range(2):
        client.post(f"{url}accept/", {"version": upload.version})
    assert Job.unscoped.filter(kind="imports.accept").count() == 1
    text = client.get(url).content.decode()
    assert "正在入库" in text
    assert 'hx-trigger="every 1s"' in text
    assert "正在入库" in client.get(f"{url}progress/").content.decode()


def test_downloads_are_what_they_say(city):
    client = city.client("county_officer")
    _upload, url = handed_in(client, MESSY)
    assert b"".join(client.get(f"{url}original/")) == book(MESSY)
    marked = client.get(f"{url}marked/")
    assert marked.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(marked)[:2] == b"PK"


def test_what_is_not_ones_own_is_not_there(city):
    client = city.client("county_officer")
    upload, url = handed_in(client)
    others = [city.client("county_officer", west=True), city.client("enterprise_head")]
    for other in others:
        for page in ("", "original/", "marked/", "progress/"):
            assert other.get(f"{url}{page}").status_code == 404, page
        for page in ("columns/", "cell/", "accept/", "withdraw/", "reopen/"):
            assert other.post(f"{url}{page}", {"version": upload.version}).status_code == 404, page
        assert "名单.xlsx" not in other.get("/imports/").content.decode()
    for key in ("bank", "auditor", "county_head"):
        assert city.client(key).get("/imports/").status_code == 403, key
    assert city.client("enterprise_head").get(f"/imports/new/{GREEN}/").status_code == 403
    assert city.client("enterprise_head").get("/imports/new/facts/").status_code == 200
    assert city.client("county_officer").get("/imports/new/nothing/").status_code == 404


def test_every_subject_has_a_template_that_can_be_handed_in(city):
    client = city.client("city_officer")
    for key, subject in subjects().items():
        assert client.get(f"/imports/new/{key}/").status_code == 200, key
        data = client.get(f"/imports/template/{key}/").content
        assert read_table(io.BytesIO(data).getvalue(), subject.table).problems["code"][0] == "no_records", key


def test_an_old_file_is_read_again_where_its_reading_is_gone(city):
    import shutil

    from django.conf import settings

    client = city.client("county_officer")
    _upload, url = handed_in(client)
    shutil.rmtree(settings.DATA_DIR / "files" / "readings")
    assert "东风轧钢有限公司" in client.get(url).content.decode()


def test_the_page_speaks_english_when_asked(city):
    client = city.client("county_officer")
    client.cookies["django_language"] = "en"
    _upload, url = handed_in(client, MESSY)
    text = client.get(url).content.decode()
    assert "Check and correct" in text
    assert "is required" in text

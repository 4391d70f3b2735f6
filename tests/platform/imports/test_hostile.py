"""Files made to hurt come through the door of the wizard: a clear word, no error of ours, never all the memory."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.platform.imports import hostile
from tests.platform.jobs.bench import ROOT

from jigai.ledger import read_ledger
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import worker

QUICK = (
    "truncated",
    "password",
    "entities",
    "an entity from outside",
    "formulas",
    "bad cells",
    "last cell",
    "a picture",
)
MOST_MEMORY = 2_000
"""Megabytes a process may take while it reads any of them."""
SEEDS = range(60)


def through_the_door(city, name, data):
    """Hand a file in as an enterprise does and return the page it leads to, with its upload."""
    client = city.client("enterprise_equipment")
    answer = client.post("/imports/new/ledger/", {"file": SimpleUploadedFile(name, data), "whole": "on"})
    if answer.status_code == 422:
        return answer.content.decode(), None, client
    assert answer.status_code == 302, answer.status_code
    page = client.get(answer.url)
    assert page.status_code == 200
    return page.content.decode(), Upload.unscoped.latest("pk"), client


def told(page):
    """The words of the page, without its code."""
    return re.sub(r"<[^>]+>", " ", page)


def check(city, what):
    name, make = hostile.FILES[what]
    page, upload, client = through_the_door(city, name, make())
    assert "/etc/passwd" not in page
    assert "root:" not in page
    if upload is None or upload.state == "refused":
        assert "请" in told(page), "it says what to do"
    else:
        assert client.get(f"/imports/{upload.pk}/marked/").status_code == 200
        if upload.summary["good"]:
            assert client.post(f"/imports/{upload.pk}/accept/", {"version": upload.version}).status_code == 302
            worker.run(once=True)
            assert client.get(f"/imports/{upload.pk}/").status_code == 200
            assert Upload.unscoped.get(pk=upload.pk).state == "done", "the worker is through with it"
    assert client.get("/imports/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", [one for one in hostile.FILES if one in QUICK])
def test_a_hostile_file_is_told_what_to_do(city, what):
    check(city, what)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", [one for one in hostile.FILES if one not in QUICK])
def test_every_hostile_file_is_told_what_to_do(city, what):
    check(city, what)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_damaged_samples_never_end_in_an_error(city):
    for seed in SEEDS:
        _page, upload, client = through_the_door(city, f"坏{seed}.xlsx", hostile.fuzzed(seed))
        if upload is not None and upload.state == "open":
            assert client.get(f"/imports/{upload.pk}/marked/").status_code == 200, seed


@pytest.mark.django_db(transaction=True)
def test_what_looks_like_a_formula_stays_text_in_the_copy_given_back(city):
    name, make = hostile.FILES["formulas"]
    page, upload, client = through_the_door(city, name, make())
    assert "只当文字" in page
    copy = client.get(f"/imports/{upload.pk}/marked/").content
    text = hostile.FILES["formulas"][1]()
    before = read_ledger(text, source_file=name).devices["name"].to_list()
    assert read_ledger(copy, source_file=name).devices["name"].to_list() == before
    pasted = client.post(
        "/imports/new/ledger/",
        {"pasted": "设备名称\t规格型号\t数量\n=cmd|' /C calc'!A0\tY132M-4\t二或三", "whole": "on"},
    )
    made = client.get(f"{pasted.url}marked/").content
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheets = [book.read(one) for one in book.namelist() if "worksheets/" in one]
    assert not any(b"<f>" in one or b"<f " in one for one in sheets), "a pasted formula is written as text"


@pytest.mark.slow
@pytest.mark.parametrize("what", list(hostile.FILES))
def test_no_file_takes_all_the_memory(what, tmp_path):
    """Each is read in a process of its own, as a web process would, and the most it ever held is looked at."""
    name, make = hostile.FILES[what]
    place = tmp_path / "file"
    place.write_bytes(make())
    words = [sys.executable, "-m", "tests.platform.imports.reading_alone", str(place), name]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["megabytes"] < MOST_MEMORY, said
    assert said["seconds"] < 60, said
    assert Path(place).exists()

"""Whole installations whose processes are killed in the middle of real work: it goes on, whole, and nothing twice."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psycopg
import pytest
from python_calamine import CalamineWorkbook
from tests.ground.repository import ROOT
from tests.platform.jobs.bench import until
from tests.platform.ops.conftest import FILL
from tests.platform.ops.test_deploy import free_port

pytestmark = pytest.mark.slow
ENTERPRISES, LISTED = 600, 12_000
BEFORE = 2
"""Enterprises of the city of the tests."""
INSIDE = """
import io, json
import xlsxwriter
from django.db import transaction
from tests.platform.people import City
from jigai.attributes.credit_code import check_sign
from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports import services as imports, storage
from jigai.platform.imports.models import Upload
from jigai.platform.jobs import services as jobs
from jigai.platform.walls.scope import command_scope, use_scope
with transaction.atomic(), use_scope(command_scope("look")):
    held = Membership.objects.select_related("user", "organisation").filter(role_key="city_officer")
    actor = actor_for(held.order_by("pk").first())
"""
TAKE_IN = (
    INSIDE
    + f"""
file = io.BytesIO()
with xlsxwriter.Workbook(file) as book:
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "县（区）", "厂区名称"])
    for number in range(1, {ENTERPRISES} + 1):
        body = f"91510400MA{{number:07d}}"
        sheet.write_row(number, 0, [f"新厂{{number}}号有限公司", body + check_sign(body), "东区", "主厂区"])
with transaction.atomic(), use_scope(actor.scope):
    upload = imports.take_in(actor, "enterprises", "名单.xlsx", file.getvalue())
    imports.accept(actor, upload, upload.version)
    print(json.dumps(upload.summary["good"]))
"""
)
TOLD = (
    INSIDE
    + """
with transaction.atomic(), use_scope(command_scope("look")):
    codes = list(LegalPerson.objects.values_list("credit_code", flat=True))
    upload = Upload.objects.get()
    lost = not storage.path_of(upload.content_hash).is_file()
    print(json.dumps({"persons": len(codes), "codes": len(set(codes)), "sites": Site.objects.count(),
                      "counted": upload.result.get("new", 0), "state": upload.state, "lost": lost}))
"""
)
EXPORT = (
    INSIDE
    + f"""
with transaction.atomic(), use_scope(command_scope("fill")):
    columns = {{"manager_code": "510402", "place_code": "510402", "industry_code": "3130"}}
    LegalPerson.objects.bulk_create(
        [LegalPerson(name=f"{{n}}号厂", credit_code=f"{{n:018d}}", **columns) for n in range({LISTED})], 2000)
with transaction.atomic():
    said = {{"key": "enterprises", "path": "/enterprises/", "query": ""}}
    print(jobs.submit(actor, "list.export", said).pk)
"""
)
COOKIE = (
    "from tests.platform.people import City\n"
    + INSIDE
    + """
from django.conf import settings
from django.contrib.auth import get_user_model
settings.ALLOWED_HOSTS = ["testserver"]
from tests.platform.accounts.signing import PASSWORD, sign_in
user = actor.user
user.set_password(PASSWORD)
user.save()
print(sign_in(user.username).cookies[settings.SESSION_COOKIE_NAME].value)
"""
)


@pytest.fixture(
    params=[
        pytest.param(True, marks=pytest.mark.sqlite, id="sqlite"),
        pytest.param(False, marks=pytest.mark.postgres("a server of its own"), id="postgresql"),
    ]
)
def place(request, make_place):
    made = make_place(sqlite=request.param)
    made.python(FILL)
    made.settings["JIGAI_LEASE_SECONDS"] = "2"
    made.sqlite = request.param
    if not made.sqlite:
        socket = request.getfixturevalue("server").socket
        made.administrator = {"host": str(socket), "user": "postgres", "dbname": urlsplit(made.owner).path.strip("/")}
    return made


@pytest.fixture
def start(place):
    """Start a part of an installation; whatever still runs at the end is killed."""
    running = []

    def begin(*words, where=place, **more):
        process = subprocess.Popen(
            [sys.executable, "-m", "jigai", *words],
            env=where.environment(owner=False) | more,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def rows(place, query):
    """Look into the database without starting anything, past both walls."""
    if place.sqlite:
        with contextlib.closing(sqlite3.connect(place.data / "jigai.sqlite3", timeout=30)) as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(**place.administrator) as connection:
        return connection.execute(query).fetchall()


def job(place):
    return rows(
        place, "select state, attempt, done, error from jobs_job where kind in ('imports.accept', 'list.export')"
    )[0]


def killed_in_the_middle(place, start):
    worker = start("worker")
    until(lambda: job(place)[2] > 0)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    state, _attempt, done, _error = job(place)
    assert state == "running", "it was over before it was killed: make the work longer"
    return done


def ended(place, seconds=240):
    until(lambda: job(place)[0] in ("done", "failed"), seconds)
    return job(place)


def test_an_import_that_is_killed_and_backed_up_on_the_way_is_whole_in_both_places(place, start, make_place, tmp_path):
    assert json.loads(place.python(TAKE_IN)) == ENTERPRISES
    assert 0 < killed_in_the_middle(place, start) < ENTERPRISES
    start("worker")
    place.jigai("backup", tmp_path / "b")
    if not place.sqlite:
        start("worker")  # two at once do not do it twice
    assert ended(place)[:2] == ("done", 2)
    whole = {"persons": ENTERPRISES + BEFORE, "codes": ENTERPRISES + BEFORE, "sites": ENTERPRISES + BEFORE,
             "counted": ENTERPRISES, "state": "done", "lost": False}  # fmt: skip
    assert json.loads(place.python(TOLD)) == whole
    other = make_place(sqlite=place.sqlite, bare=not place.sqlite)
    other.settings["JIGAI_LEASE_SECONDS"] = "2"
    other.jigai("restore", tmp_path / "b", "--replace")
    then = json.loads(other.python(TOLD))
    assert then["persons"] == then["codes"] == then["sites"] == then["counted"] + BEFORE, "one consistent point"
    assert not then["lost"]
    other.jigai("worker", "--once", owner=False)
    if then["state"] != "done":
        time.sleep(3)  # the lease of the worker that the backup saw
        other.jigai("worker", "--once", owner=False)
    assert json.loads(other.python(TOLD)) == whole


def test_an_export_that_is_killed_is_made_whole_by_the_next_worker(place, start):
    pk = place.python(EXPORT)
    killed_in_the_middle(place, start)
    start("worker")
    state, attempt, _done, error = ended(place)
    assert (state, attempt) == ("done", 2), error
    [file] = list((place.data / "jobs" / pk).iterdir())
    table = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    names = [cell for row in table for cell in row if str(cell).endswith("号厂")]
    assert len(names) == len(set(names)) == LISTED


def post(port, cookie, body, sent):
    """Send ``sent`` bytes of an upload; return the open connection."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    token = "x" * 32
    head = (
        "POST /imports/new/enterprises/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={cookie}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        f"Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + body[:sent])
    return connection


def listening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def test_a_web_server_killed_during_an_upload_keeps_nothing_of_it(place, start, tmp_path):
    cookie, port = place.python(COOKIE), free_port()
    place.settings["JIGAI_PORT"] = str(port)
    place.jigai("manage", "collectstatic", "--noinput", "--verbosity", "0")
    lines = "企业名称,统一社会信用代码,县（区）\n" + "某某有限公司,91350100M000100Y43,东区\n" * 60_000
    part = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = part + lines.encode() + b"\r\n--B--\r\n"
    spool = tmp_path / "spool"
    spool.mkdir()
    web = start("serve", TMPDIR=str(spool))
    until(lambda: listening(port))
    half = post(port, cookie, body, len(body) // 2)
    until(lambda: list(spool.glob("*.upload*")))
    os.killpg(web.pid, signal.SIGKILL)
    web.wait()
    half.close()
    kept = lambda: [path for path in (place.data / "files" / "originals").rglob("*") if path.is_file()]  # noqa: E731
    assert rows(place, "select count(*) from imports_upload") == [(0,)] and kept() == []
    until(lambda: not listening(port))
    start("serve", TMPDIR=str(spool))
    until(lambda: listening(port))
    with post(port, cookie, body, len(body)) as connection:
        assert b" 302 " in connection.recv(4096).split(b"\r\n")[0]
    assert rows(place, "select count(*) from imports_upload") == [(1,)] and len(kept()) == 1

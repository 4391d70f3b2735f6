"""The delivered files do what they say: roles, a real server under the plain role, units, proxy."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager

import psycopg
import pytest
from tests.ground.repository import ROOT, lines
from tests.platform.ops.conftest import FILL, sql

from jigai.platform.environment import known
from jigai.platform.ops.server import ROLES

pytestmark = pytest.mark.postgres("brings a server of its own")

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PASSWORD = "correct horse battery"


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(place, tmp_path):
    """Run ``jigai serve`` as the plain role; yield its address."""
    port = free_port()
    place.settings |= {"JIGAI_PORT": str(port), "JIGAI_WORKERS": "1", "JIGAI_ENVIRONMENT": "demo"}
    place.settings |= {"JIGAI_SECOND_FACTOR": "off_for_demo"}
    place.jigai("manage", "collectstatic", "--noinput", "--verbosity", "0")
    with (tmp_path / "serve.log").open("wb") as log:
        words = [sys.executable, "-m", "jigai", "serve"]
        process = subprocess.Popen(words, env=place.environment(owner=False), stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert process.poll() is None, (tmp_path / "serve.log").read_text(encoding="utf-8")
            with closing(socket.socket()) as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(30) == 0


def sign_in(address: str, username: str) -> urllib.request.OpenerDirector:
    """Sign in as a browser does and return it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{address}/account/login/", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    said = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "login": username, "password": PASSWORD})
    answer = browser.open(f"{address}/account/login/", said.encode(), timeout=60)
    assert urllib.parse.urlsplit(answer.url).path == "/", answer.read().decode()[:2000]
    return browser


@pytest.mark.slow
def test_the_real_server_serves_under_the_plain_role(make_place, tmp_path):
    place = make_place()
    place.python(FILL)
    place.settings["JIGAI_ENVIRONMENT"] = "demo"  # tests hash passwords in a way no real site takes
    place.python(
        "from jigai.platform.accounts.models import User\n"
        "user = User.objects.get(username='enterprise_head_510402')\n"
        f"user.set_password({PASSWORD!r})\nuser.save()"
    )
    with serving(place, tmp_path) as address:
        browser = sign_in(address, "enterprise_head_510402")
        page = browser.open(f"{address}/", timeout=60).read().decode()
        assert "东风轧钢有限公司" in page and "西山水泥有限公司" not in page
        style = re.search(r'href="(/static/[^"]+\.css)"', page).group(1)
        answer = browser.open(f"{address}{style}", timeout=60)
        assert re.search(r"\.[0-9a-f]{12}\.css$", style) and "immutable" in answer.headers["Cache-Control"]


def test_the_plain_role_is_held(make_place):
    place = make_place()
    place.python(FILL)
    forbidden = (
        "alter table enterprises_legalperson disable row level security",
        "drop policy scope on enterprises_legalperson",
        "update audit_event set actor = 'someone'",
        "delete from audit_event",
        "truncate audit_event",
        "create table mine (id int)",
        "set role jigai_owner",
        "alter role jigai_run superuser",
        "drop table accounts_user",
    )
    with psycopg.connect(place.plain, autocommit=True) as connection:
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        assert connection.execute("select count(*) from enterprises_legalperson").fetchone() == (0,)
        with connection.transaction():
            connection.execute("select set_config('jigai.managers', '510402', true)")
            assert connection.execute("select name from enterprises_legalperson").fetchall() == [("东风轧钢有限公司",)]
        assert connection.execute("select count(*) from audit_event").fetchone() == (0,)
        with connection.transaction():
            connection.execute("select set_config('jigai.everything', 'on', true)")
            assert connection.execute("select count(*) from audit_event").fetchone() == (5,)


def test_roles_can_be_made_again_and_given_passwords(server, tmp_path):
    server.make_roles()
    held = sql(server, "select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname ~ '^jigai_'")
    assert sorted(held) == [("jigai_owner", False, True, True), ("jigai_run", False, False, True)]
    assert (DEPLOY / "postgresql" / "roles.sql").read_bytes() == ROLES.read_bytes()


def test_every_setting_shown_exists_and_every_secret_is_to_be_changed():
    named = {setting.name: setting for setting in known()}
    for name in ("jigai.env.example", "owner.env.example"):
        for line in lines(DEPLOY / name):
            if line and line[0] != "#":
                key, _, value = line.partition("=")
                named[key].read(value)
                assert not named[key].secret or "CHANGE-ME" in value


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_sound(unit, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    for other in UNITS:
        text = other.read_text(encoding="utf-8").replace("/opt/jigai/venv/bin/jigai", "/bin/true")
        (tmp_path / other.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "jigai" in line]) == (0, [])
    if unit.suffix == ".service":
        words = ["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", unit]
        assert subprocess.run(words, capture_output=True, check=False).returncode == 0, "exposure above 3.0"


def test_commands_in_units_can_be_typed():
    from jigai.cli.main import build_parser

    found = [
        words
        for unit in UNITS
        for words in re.findall(r"^ExecStart=/opt/jigai/venv/bin/jigai (.+)$", unit.read_text(encoding="utf-8"), re.M)
    ]
    assert len(found) == 3
    for words in found:
        build_parser().parse_args(words.split())


@pytest.mark.slow
def test_the_proxy_reads_its_file(tmp_path):
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    subject = ["-subj", "/CN=jigai", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject], check=True, capture_output=True
    )
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/jigai/tls", str(tmp_path))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    http_part = f"http {{ access_log off; include {tmp_path}/site.conf; }}"
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n{http_part}\n"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_wrapper_reads_both_files_and_asks_for_root(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "home" / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "etc" / "jigai.env").write_text("JIGAI_DATABASE_URL=plain\nJIGAI_CITY_NAME=示范市\n", encoding="utf-8")
    (tmp_path / "etc" / "owner.env").write_text("JIGAI_DATABASE_URL=owner\n", encoding="utf-8")
    program = tmp_path / "home" / "venv" / "bin" / "jigai"
    program.write_text('#!/bin/sh\necho "$JIGAI_DATABASE_URL $JIGAI_CITY_NAME $*"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin", "JIGAI_ETC": str(tmp_path / "etc"), "JIGAI_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [DEPLOY / "jigai-admin", "check", "db"], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if subprocess.run(["id", "-u"], capture_output=True, check=True).stdout.strip() == b"0":
        assert done.stdout == "owner 示范市 check db\n"
    else:
        assert done.returncode == 1 and "sudo" in done.stderr

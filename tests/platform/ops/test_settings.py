"""Settings: read with their types, wrong and unknown ones told at once with the nearest name, secrets never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts import settings as page

from jigai.platform import environment
from jigai.platform.environment import EnvironmentProblemsError, database, known, read
from jigai.platform.keys import signing_key


def test_the_page_is_current():
    assert page.PAGE.read_text(encoding="utf-8") == page.render(), "run make settings"


def test_every_default_can_be_read_and_every_setting_is_explained():
    values = read({})
    assert values["port"] == 8000 and values["https"] is True and values["hosts"] == ["localhost", "127.0.0.1"]
    for setting in known():
        assert setting.name.startswith("JIGAI_")
        assert len(setting.meaning_zh) > 3 and len(setting.meaning_en) > 3, setting.name
    assert len({setting.name for setting in known()}) == len(known())
    assert {s.name for s in known() if s.secret} >= {"JIGAI_DATABASE_URL", "JIGAI_SECRET_KEY", "JIGAI_OIDC_SECRET"}


def test_everything_wrong_is_told_at_once():
    given = {"JIGAI_PORT": "acht", "JIGAI_HTTPS": "yes", "JIGAI_ENVIRONMENT": "prod", "JIGAI_DATABSE_URL": "x"}
    with pytest.raises(EnvironmentProblemsError) as told:
        read(given)
    for words in ("JIGAI_PORT='acht'", "整数", "0 或 1", "production、demo、test", "是不是 JIGAI_DATABASE_URL？"):
        assert words in str(told.value)


def test_an_unknown_name_far_from_any_is_told_too():
    with pytest.raises(EnvironmentProblemsError, match="JIGAI_QQQQQQQQ：没有这个设置。全部设置见"):
        read({"JIGAI_QQQQQQQQ": "1"})
    assert read({"JIGAI_TEST_ANYTHING": "1", "PATH": "/bin"})["workers"] == 2


@pytest.mark.parametrize("name", [setting.name for setting in known() if setting.secret and setting.type == "url"])
def test_a_secret_is_never_shown(name):
    with pytest.raises(EnvironmentProblemsError) as told:
        read({name: "s3cret-without-scheme"})
    assert "s3cret" not in str(told.value) and name in str(told.value)
    with pytest.raises(EnvironmentProblemsError) as told:
        database("oracle://u:s3cret@h/x", Path())
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p%40ss@db.example:5433/jigai",
            {"USER": "u", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgresql://u@/jigai?host=/run/postgresql", {"HOST": "/run/postgresql", "NAME": "jigai", "PASSWORD": ""}),
        ("postgresql://u@h/x?sslmode=verify-full", {"OPTIONS": {"sslmode": "verify-full"}}),
        ("sqlite:////var/lib/jigai/a.sqlite3", {"NAME": "/var/lib/jigai/a.sqlite3"}),
        ("sqlite:///var/lib/jigai/a.sqlite3", {"NAME": "/var/lib/jigai/a.sqlite3"}),
        ("sqlite:///C:/jigai/a.sqlite3", {"NAME": "C:/jigai/a.sqlite3"}),
        ("", {"NAME": "/data 目录/jigai.sqlite3", "ENGINE": "django.db.backends.sqlite3"}),
    ],
)
def test_the_address_of_the_database(url, expected):
    read_as = database(url, Path("/data 目录"))
    assert {key: read_as[key] for key in expected} == expected


def test_a_wrong_setting_stops_every_command_in_plain_words(make_place):
    place = make_place(bare=True, sqlite=True)
    place.settings["JIGAI_WORKRS"] = "3"
    for words in (["serve"], ["backup", "x"], ["check"]):
        done = place.jigai(*words, code=1)
        said = done.stdout + done.stderr
        assert "是不是 JIGAI_WORKERS？" in said and "Traceback" not in said


def test_the_signing_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    assert signing_key("given", tmp_path) == "given" and not (tmp_path / "keys").exists()
    first = signing_key("", tmp_path)
    assert len(first) > 60 and signing_key("", tmp_path) == first
    path = tmp_path / "keys" / "signing.key"
    assert path.stat().st_mode & 0o077 == 0 and [one.name for one in path.parent.iterdir()] == ["signing.key"]
    assert path.stat().st_uid == tmp_path.stat().st_uid


def test_the_list_is_the_only_place_where_settings_are_read():
    sources = Path(environment.__file__).parent.rglob("*.py")
    reads = [path.name for path in sources if 'environ["JIGAI_' in path.read_text(encoding="utf-8")]
    assert reads == []

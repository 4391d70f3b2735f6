"""``jigai check`` finds what is wrong and says what to do."""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files

import pytest
from tests.platform.ops.conftest import sql

from jigai.screening.sentences import templates


def lines(place, *words, owner=False):
    done = place.jigai("check", *words, "--json", owner=owner, code=None)
    told = json.loads(done.stdout)
    assert done.returncode == (1 if told["fail"] else 0)
    return {line["key"]: line for line in told["lines"]}


def name_of(place):
    return place.owner.split("/")[3].split("?")[0]


def test_a_sound_database_passes_and_an_owner_is_told_from_a_plain_role(make_place, server):
    place = make_place()
    held = lines(place)
    states = {key: line["state"] for key, line in held.items()}
    for key in ("db_version", "db_able", "db_migrated", "role_plain", "rls_ok", "trail_fixed", "data_writable"):
        assert states[key] == "ok", held[key]
    # What is amiss names its remedy.
    assert states["static_none"] == "fail" and "collectstatic" in held["static_none"]["remedy"]
    assert lines(place, owner=True)["role_put_on"]["state"] == "warn"
    place.settings["JIGAI_RUN_ROLE"] = ""
    mighty = lines(place, owner=True)["role_mighty"]
    assert mighty["state"] == "fail" and "bypassrls" in mighty["text"] and "owner of tables" in mighty["text"]
    place.settings["JIGAI_RUN_ROLE"] = "nobody_made_this"
    assert "roles.sql" in lines(place)["role_missing"]["remedy"]


@pytest.mark.slow
def test_a_fallen_wall_is_found(make_place, server):
    place = make_place()
    sql(server, "drop policy scope on enterprises_site; grant update on audit_event to jigai_run", name_of(place))
    sql(server, "alter table enterprises_legalperson no force row level security", name_of(place))
    held = lines(place)
    assert held["rls_bare"]["state"] == "fail"
    assert {"enterprises_site", "enterprises_legalperson"} <= set(re.findall(r"\w+", held["rls_bare"]["text"]))
    assert "audit_event" in held["trail_changeable"]["text"]
    # The remedy it names mends it.
    place.jigai("manage", "migrate", "--verbosity", "0")
    assert {"rls_ok", "trail_fixed"} <= lines(place).keys()


@pytest.mark.slow
def test_an_empty_and_a_newer_database_are_told_apart(make_place, server):
    place = make_place(bare=True)
    assert lines(place, "db")["db_waiting"]["state"] == "fail"
    other = make_place()
    later = "insert into django_migrations (app, name, applied) values ('audit', '0999_later', now())"
    sql(server, later, name_of(other))
    assert "audit.0999_later" in lines(other, "db")["db_newer"]["text"]


def test_a_database_that_does_not_answer(make_place, tmp_path):
    place = make_place()
    place.plain = "postgresql://jigai_run:s3cret@127.0.0.1:1/none"
    done = place.jigai("check", "db", owner=False, code=1)
    assert "连不上数据库" in done.stdout and "→" in done.stdout and "s3cret" not in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.sqlite
def test_one_office_says_what_it_is(make_place):
    place = make_place(sqlite=True)
    held = lines(place)
    assert held["db_sqlite"]["state"] == "warn" and "db_lacks" not in held and held["db_migrated"]["state"] == "ok"
    (place.data / "keys" / "signing.key").chmod(0o644)
    place.settings["JIGAI_DISK_RESERVE_MB"] = "999999999"
    place.settings["JIGAI_REFERENCE"] = str(place.data / "none")
    held = lines(place)
    assert held["key_open"]["state"] == held["disk_room"]["state"] == held["reference_broken"]["state"] == "fail"
    english = place.jigai("check", "--lang", "en", code=1).stdout
    assert "[fail] Others on this machine can read the signing key" in english
    assert not re.search("[\u4e00-\u9fff]", re.sub(r"\[fail\] The reference data.*", "", english))


def test_production_is_asked_for_https(make_place):
    place = make_place()
    place.settings["JIGAI_ENVIRONMENT"] = "production"
    assert lines(place)["no_https"]["state"] == "warn"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres("only servers are probed")
def test_what_a_server_lacks_is_named_and_nothing_is_left_behind(settings):
    from django.db import connection

    from jigai.platform.ops.checks import database

    before = connection.introspection.table_names()
    assert [line.state for line in database.abilities("zh")] == ["ok"]
    assert database._trial("select no_such_function()").startswith("function no_such_function() does not exist")
    assert database._trial("select false") == "false"
    assert connection.introspection.table_names() == before


def test_every_message_has_both_languages_and_the_same_places():
    for key, row in templates("jigai.platform.ops", "messages.csv").items():
        assert row["zh"] and row["en"], key
        assert set(re.findall(r"{(\w+)}", row["zh"])) == set(re.findall(r"{(\w+)}", row["en"])), key
    probes = files("jigai.platform.ops.checks").joinpath("probes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(probes.splitlines()):
        assert row["zh"] and row["en"] and row["sql"] and row["severity"] in {"warn", "fail"}

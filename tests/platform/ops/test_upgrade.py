"""A database of every former release is brought up to date: same rows, same tables as a new one, walls standing."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from tests.platform.ops.conftest import sql
from tests.platform.ops.test_backup import CHAIN

from jigai import __version__

FORMER = sorted((Path(__file__).parent / "former").glob("*.sql.gz"))
COLUMNS = """
select table_name, column_name, data_type, is_nullable, character_maximum_length, numeric_precision, numeric_scale
from information_schema.columns where table_schema = 'public' order by 1, 2
"""
KEYS = """
select relname, pg_get_constraintdef(pg_constraint.oid) from pg_constraint join pg_class on conrelid = pg_class.oid
where pg_constraint.connamespace = 'public'::regnamespace order by 1, 2
"""


def name_of(place):
    return place.owner.split("/")[3].split("?")[0]


def rows_of(dump):
    return json.loads(dump.with_name(dump.name.replace(".sql.gz", ".json")).read_text(encoding="utf-8"))


def restored(place, dump):
    """Bring a former database back as an administrator would."""
    words = ["psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", place.owner]
    done = subprocess.run(words, input=gzip.decompress(dump.read_bytes()), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_this_release_is_kept():
    assert f"{__version__}.sql.gz" in {path.name for path in FORMER}, "run make former"


@pytest.mark.parametrize("dump", FORMER, ids=lambda path: path.name.removesuffix(".sql.gz"))
def test_a_former_database_is_brought_up_to_date(dump, make_place, migrated, server):
    place = make_place(bare=True)
    restored(place, dump)
    place.jigai("manage", "migrate", "--verbosity", "0")
    # The tables are those of a new installation.
    assert sql(server, COLUMNS, name_of(place)) == sql(server, COLUMNS, migrated)
    assert [row[0::2] for row in sql(server, KEYS, name_of(place))] == [
        row[0::2] for row in sql(server, KEYS, migrated)
    ]
    # Nobody's rows went away.
    counts = rows_of(dump)
    standing = {row[0] for row in sql(server, "select relname from pg_class where relkind = 'r'", name_of(place))}
    for table, rows in counts.items():
        assert rows > 0 and table in standing, table
        assert sql(server, f'select count(*) from "{table}"', name_of(place)) == [(rows,)], table
    assert int(place.python(CHAIN)) == counts["audit_event"]
    # The walls stand, and the site finds nothing amiss in its database.
    told = json.loads(place.jigai("check", "--json", owner=False, code=None).stdout)
    failed = {line["key"] for line in told["lines"] if line["state"] == "fail"}
    assert failed <= {"static_none"}, told


@pytest.mark.slow
@pytest.mark.parametrize("dump", FORMER[-1:], ids=lambda path: path.name.removesuffix(".sql.gz"))
def test_a_backup_is_made_before_an_upgrade_and_brought_back_after_it(dump, make_place, server, tmp_path):
    place = make_place(bare=True)
    restored(place, dump)
    # A migration waits, as it does when the new program is there already (this one changes nothing on our tables).
    sql(server, "delete from django_migrations where app = 'socialaccount' and name like '0006%'", name_of(place))
    place.jigai("backup", tmp_path / "b")
    other = make_place(bare=True)
    other.jigai("restore", tmp_path / "b")
    assert sql(server, "select count(*) from accounts_user", name_of(other)) == [(rows_of(dump)["accounts_user"],)]
    applied = "select count(*) from django_migrations where app = 'socialaccount' and name like '0006%'"
    assert sql(server, applied, name_of(other)) == [(1,)]

"""A worker killed in the middle of taking a ledger in: another ends it, with every line exactly once."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest
from tests.platform import template
from tests.platform.conftest import ROLE
from tests.platform.jobs.bench import until
from tests.platform.ledger.killing import LINES, LedgerBench


@pytest.fixture(params=[
    pytest.param("postgresql", marks=pytest.mark.postgres("the server of this run")),
    pytest.param("sqlite", marks=[pytest.mark.sqlite, pytest.mark.slow]),
])  # fmt: skip
def bench(request, _server, tmp_path):
    """An empty database that other processes can reach, with one enterprise in it."""
    if request.param == "sqlite":
        shutil.copyfile(template.file(), tmp_path / "office.sqlite3")
        made = LedgerBench.build(f"sqlite:///{tmp_path / 'office.sqlite3'}", tmp_path)
    else:
        import psycopg

        with psycopg.connect(host=str(_server), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("drop database if exists ledgers")
            connection.execute(f"create database ledgers template {template.SPARE}")
        made = LedgerBench.build(f"postgresql://postgres@/ledgers?host={_server}", tmp_path, ROLE)
    yield made
    made.stop()


def count(bench, query, *values):
    return next(iter(bench.rows(query, *values)[0].values()))


def test_a_killed_worker_leaves_whole_steps_and_another_ends_the_ledger(bench):
    sent = bench.call("hand_in")
    first = bench.start()
    until(lambda: count(bench, "select count(*) from jobs_jobstep where job_id = ?", sent["job"]) >= 1)
    time.sleep(0.3)  # somewhere within the second step
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert bench.job(sent["job"])["state"] == "running", "it was not through"
    assert count(bench, "select count(*) from ledger_device") == 5_000, (
        "the first step stands whole, of the second nothing"
    )
    bench.start()
    ended = bench.wait(sent["job"], "done", "failed")
    assert (ended["state"], ended["attempt"]) == ("done", 2), ended
    upload = bench.call("look", upload=sent["upload"])
    result = {name: upload["result"][name] for name in ("new", "changed", "same", "asked", "silent")}
    assert (upload["state"], result) == ("done", {"new": LINES, "changed": 0, "same": 0, "asked": 0, "silent": 0})
    assert count(bench, "select count(*) from ledger_device") == LINES
    assert count(bench, "select count(*) from ledger_devicestate where upload_id = ?", sent["upload"]) == LINES
    assert count(bench, "select count(distinct row_id) from ledger_device") == LINES

"""Many processes write at once: one chain, no gap, no fork."""

from __future__ import annotations

from tests.platform.jobs.conftest import bench, database  # noqa: F401  fixtures


def test_processes_that_write_at_once_make_one_chain(bench):  # noqa: F811
    before = bench.call("verify")["checked"]
    processes = [bench.start("record", times=40) for _ in range(4)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0, 0]
    found = bench.call("verify")
    assert found["breaks"] == []
    assert found["checked"] - before == 160
    assert len(bench.said("test.many")) == 160

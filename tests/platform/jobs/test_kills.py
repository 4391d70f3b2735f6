"""Real workers, killed in the middle: every step's effect stands exactly once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.platform.jobs.bench import until


def steps_of(bench):
    return Counter(one["step"] for one in bench.said("test.step"))


def test_a_job_killed_in_the_middle_is_taken_up_and_nothing_is_done_twice(bench, tmp_path):
    before = steps_of(bench)
    mark = tmp_path / "in the middle"
    arguments = {"steps": 6, "wait_in": 3, "mark": str(mark)}
    job = bench.call("submit", kind="test.steps", arguments=arguments)["pk"]
    first = bench.start()
    until(mark.exists)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert bench.job(job)["state"] == "running"
    assert sum((steps_of(bench) - before).values()) == 3, "the step that was cut short left something behind"
    bench.start()
    ended = bench.wait(job, "done", "failed")
    assert (ended["state"], ended["attempt"], ended["done"]) == ("done", 2, 6)
    assert steps_of(bench) - before == Counter(range(6))
    assert bench.call("verify")["breaks"] == []


@pytest.mark.slow
def test_several_workers_share_the_work_and_none_does_anothers(bench, tmp_path):
    before = steps_of(bench)
    jobs = [
        bench.call("submit", kind="test.steps", arguments={"steps": 5, "mark": str(tmp_path / str(n))})["pk"]
        for n in range(4)
    ]
    for _ in range(3):
        bench.start()
    ended = [bench.wait(job, "done", "failed") for job in jobs]
    assert {(one["state"], one["attempt"]) for one in ended} == {("done", 1)}
    assert steps_of(bench) - before == Counter({number: 4 for number in range(5)})


@pytest.mark.slow
def test_a_long_step_keeps_its_lease(bench, tmp_path):
    """A step longer than the lease is not taken for dead, and a second worker leaves it alone."""
    before = steps_of(bench)
    mark = tmp_path / "long"
    arguments = {"steps": 2, "wait_in": 0, "mark": str(mark), "seconds": 5}
    job = bench.call("submit", kind="test.steps", arguments=arguments)["pk"]
    bench.start()
    until(mark.exists)
    bench.start()
    ended = bench.wait(job, "done", "failed")
    assert (ended["state"], ended["attempt"]) == ("done", 1)
    assert steps_of(bench) - before == Counter(range(2))


@pytest.mark.slow
def test_cancelling_in_the_middle_keeps_what_was_done(bench, tmp_path):
    before = steps_of(bench)
    mark = tmp_path / "in the middle"
    arguments = {"steps": 200, "wait_in": 2, "mark": str(mark), "pause": 0.3}
    job = bench.call("submit", kind="test.steps", arguments=arguments)["pk"]
    bench.start()
    until(mark.exists)
    cancelling = bench.start("cancel", pk=job)  # on SQLite it has to wait for the end of the step
    time.sleep(1)
    mark.with_suffix(".go").touch()
    assert cancelling.wait(timeout=60) == 0
    assert bench.wait(job, "cancelled", "done", "failed")["state"] == "cancelled"
    done = steps_of(bench) - before
    assert 3 <= len(done) < 200
    assert done == Counter(range(len(done)))


@pytest.mark.slow
def test_a_worker_asked_to_stop_finishes_its_step_and_another_goes_on(bench, tmp_path):
    before = steps_of(bench)
    mark = tmp_path / "in the middle"
    arguments = {"steps": 4, "wait_in": 1, "mark": str(mark)}
    job = bench.call("submit", kind="test.steps", arguments=arguments)["pk"]
    first = bench.start()
    until(mark.exists)
    first.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    mark.with_suffix(".go").touch()
    assert first.wait(timeout=20) == 0
    assert bench.job(job)["state"] == "queued"
    assert steps_of(bench) - before == Counter(range(2))
    bench.call("work", once=True)
    ended = bench.job(job)
    assert (ended["state"], ended["attempt"]) == ("done", 1)
    assert steps_of(bench) - before == Counter(range(4))


def test_no_room_on_the_disk_fails_clearly_and_leaves_no_half_file(bench):
    job = bench.call("submit", kind="test.file", arguments={"kilobytes": 4000})["pk"]
    bench.start(limit=3_000_000)
    ended = bench.wait(job, "done", "failed")
    assert ended["state"] == "failed"
    assert "磁盘空间不足" in ended["error"]
    folder = Path(bench.environment["JIGAI_DATA_DIR"]) / "jobs" / str(job)
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_a_full_disk_fails_a_job_and_with_room_it_is_whole(bench, small_disk):
    """A real disk of one megabyte below the files of the jobs; the worker goes on, and a retry needs nothing new."""
    place = Path(bench.environment["JIGAI_DATA_DIR"]) / "jobs"
    held = place.with_name("jobs of before")
    if place.exists():
        place.rename(held)
    place.symlink_to(small_disk.place)
    try:
        job = bench.call("submit", kind="test.file", arguments={"kilobytes": 4000})["pk"]
        bench.start()
        assert "磁盘空间不足" in bench.wait(job, "done", "failed")["error"]
        assert small_disk.held() == []
        small_disk.grow(16)
        bench.call("retry", pk=job)
        assert bench.wait(job, "done", "failed")["state"] == "done"
        assert small_disk.held() == [f"{job}/list.txt"]
        assert (small_disk.place / f"{job}/list.txt").stat().st_size == 4000 * 1024
        assert bench.call("verify")["breaks"] == []
    finally:
        place.unlink()
        if held.exists():
            held.rename(place)

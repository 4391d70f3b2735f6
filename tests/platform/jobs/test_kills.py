"""Real workers, killed in the middle: every step's effect stands exactly once."""

from __future__ import annotations

import os
import signal
from collections import Counter

from tests.platform.jobs.bench import until


def steps_of(bench, job):
    return Counter(one["step"] for one in bench.call("effects", action="test.step"))


def test_a_job_killed_in_the_middle_is_taken_up_and_nothing_is_done_twice(bench, tmp_path):
    before = steps_of(bench, 0)
    mark = tmp_path / "in the middle"
    arguments = {"steps": 6, "wait_in": 3, "mark": str(mark)}
    job = bench.call("submit", kind="test.steps", arguments=arguments)["pk"]
    first = bench.start()
    until(mark.exists)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert bench.call("job", pk=job)["state"] == "running"
    assert sum((steps_of(bench, job) - before).values()) == 3, "the step that was cut short left something behind"
    bench.start()
    ended = bench.wait(job, "done", "failed")
    assert (ended["state"], ended["attempt"], ended["done"]) == ("done", 2, 6)
    assert steps_of(bench, job) - before == Counter(range(6))
    assert bench.call("verify")["breaks"] == []

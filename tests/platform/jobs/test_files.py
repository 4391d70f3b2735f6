"""Files are whole or not there; no room is said, and nothing half-written stays."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import signal
from pathlib import Path

import pytest

from jigai.platform.jobs.errors import plain
from jigai.platform.jobs.files import describe, whole


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_file_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "made" / "list.txt"
    with whole(target) as draft:
        draft.write_text("half")
        assert not target.exists()
    assert target.read_text() == "half"
    assert names(target.parent) == ["list.txt"]
    described = describe(target, "清单")
    assert described["sha256"] == hashlib.sha256(b"half").hexdigest()
    assert (described["name"], described["title"], described["bytes"]) == ("list.txt", "清单", 4)


def test_an_error_leaves_what_was_there(tmp_path):
    target = tmp_path / "list.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), whole(target) as draft:
        draft.write_text("new")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert names(tmp_path) == ["list.txt"]


def test_a_handler_that_writes_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), whole(tmp_path / "list.txt"):
        pass
    assert names(tmp_path) == []


def test_no_room_leaves_nothing(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(OSError) as caught, whole(tmp_path / "list.txt") as draft:
            draft.write_bytes(os.urandom(1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert names(tmp_path) == []
    assert "磁盘空间不足" in plain(caught.value, 1)

"""No room for a backup or an export: one line says so, nothing is left, and with room it works."""

from __future__ import annotations

import pytest
from tests.platform.ops.conftest import FILL


@pytest.mark.parametrize("command", ["backup", pytest.param("export", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "sqlite",
    [pytest.param(True, marks=pytest.mark.sqlite), pytest.param(False, marks=pytest.mark.postgres("a server"))],
)
@pytest.mark.parametrize("left", [0, pytest.param(60_000, marks=pytest.mark.slow)])
def test_no_room_is_said_and_nothing_is_left(make_place, small_disk, command, sqlite, left):
    place = make_place(sqlite=sqlite)
    place.python(FILL)
    small_disk.fill(left)
    told = place.jigai(command, small_disk.place / "out", code=1)
    assert "磁盘空间不足" in told.stderr and str(small_disk.place / "out") in told.stderr
    assert "Traceback" not in told.stderr
    assert [path.name for path in small_disk.place.iterdir()] == ["ballast"]
    if left:
        return
    small_disk.empty()
    small_disk.grow(64)
    place.jigai(command, small_disk.place / "out")

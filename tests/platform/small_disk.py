"""A real disk of one megabyte."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Disk:
    """A file system of its own at ``place``."""

    place: Path

    def fill(self, left: int = 0) -> None:
        """Leave room for ``left`` bytes."""
        with (self.place / "ballast").open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass
            ballast.truncate(max(ballast.tell() - left, 0))

    def empty(self) -> None:
        """Make room again."""
        (self.place / "ballast").unlink(missing_ok=True)

    def grow(self, megabytes: int) -> None:
        """Put in a larger disk."""
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.place], check=True)

    def held(self) -> list[str]:
        """Every file on it but what fills it."""
        found = (path for path in self.place.rglob("*") if path.is_file() and path.name != "ballast")
        return sorted(path.relative_to(self.place).as_posix() for path in found)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte; skipped where nobody may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0755", "tmpfs", place]
    if os.name != "posix" or os.geteuid() or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk; tests with a limited process hold everywhere")
    yield Disk(place)
    subprocess.run(["umount", "--lazy", place], check=True)

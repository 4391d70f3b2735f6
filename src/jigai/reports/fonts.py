"""Which typefaces the machine has, and which of those an official paper asks for are missing."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jigai.reports.labels import read_table


@dataclass(frozen=True)
class Face:
    """A typeface on this machine: its file, the place within it, and its family."""

    path: Path
    index: int
    family: str


@dataclass(frozen=True)
class Wanted:
    """A family a document asks for, and the one that stands in for it here; the same where it is installed."""

    family: str
    found: str

    @property
    def missing(self) -> bool:
        """Whether another one stands in for it."""
        return self.family != self.found


def chinese() -> Face | None:
    """Return a typeface of this machine that has Chinese signs; None where there is none, or it cannot be asked."""
    said = _ask(":lang=zh-cn")
    return said if said and _covers(said) else None


def wanted() -> list[Wanted]:
    """Return the Chinese families our Word documents ask for, with what stands in for each on this machine."""
    families = dict.fromkeys(row["font"] for row in read_table("word_styles"))
    found = []
    for family in families:
        face = _ask(f"{family}:lang=zh-cn")
        found.append(Wanted(family, face.family if face else ""))
    return found


def _covers(face: Face) -> bool:
    tool = shutil.which("fc-query")
    if tool is None:
        return True
    command = [tool, "-i", str(face.index), "-f", "%{lang}", str(face.path)]
    return "zh-cn" in _run(command)


def _ask(pattern: str) -> Face | None:
    tool = shutil.which("fc-match")
    if tool is None:
        return None
    said = _run([tool, "-f", "%{file}\t%{index}\t%{family}\n", pattern]).strip().split("\t")
    if len(said) != 3:
        return None
    families = said[2].split(",")
    name = pattern.partition(":")[0]
    family = name if name and name in families else families[0]
    return Face(Path(said[0]), int(said[1]) & 0xFFFF, family)


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")

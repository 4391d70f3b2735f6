"""What is in the repository, as git and the syntax tree see it."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is (or is about to be) under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode("utf-8")
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def tracked_below(*tops: str, suffix: str = ".py") -> list[Path]:
    return [path for path in tracked() if path.suffix == suffix and path.relative_to(ROOT).parts[0] in tops]


def named(path: Path) -> str:
    """The file as one would name it: from the top of the repository."""
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))

"""Locked requirements: every package pinned and hashed, no host and no path, every wish explained."""

from __future__ import annotations

import re
import tomllib

import pytest
from tests.ground.repository import ROOT

WISHES = sorted((ROOT / "requirements").glob("*.in"))
LOCKS = [path.with_suffix(".txt") for path in WISHES]


def names(text: str) -> set[str]:
    return {match.lower().replace("_", "-") for match in re.findall(r"^([A-Za-z][\w.-]*)", text, re.MULTILINE)}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_package_is_pinned_and_hashed(path):
    entries = re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8").split("\n", 2)[2].strip(), flags=re.IGNORECASE)
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+(\[\w+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_host_and_no_path(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|--trusted|(^|\s)/\w", text)


@pytest.mark.parametrize("path", WISHES, ids=lambda path: path.stem)
def test_every_wish_has_its_reason_and_is_locked(path):
    wishes = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    assert all(re.search(r"#\s*\S+", line) for line in wishes)
    assert names("\n".join(wishes)) <= names(path.with_suffix(".txt").read_text(encoding="utf-8"))


def test_the_package_asks_for_what_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wished = {"core": project["dependencies"], **project["optional-dependencies"]}
    for extra, wishes in wished.items():
        lock = ROOT / "requirements" / f"{extra}.txt"
        if extra == "spark":
            assert not lock.exists(), "spark follows the cluster's version and is not locked"
        else:
            assert names("\n".join(wishes)) <= names(lock.read_text(encoding="utf-8"))

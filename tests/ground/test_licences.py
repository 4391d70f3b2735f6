"""The table of licences speaks of exactly what is locked, and nothing forbidding has crept in."""

from __future__ import annotations

import importlib.metadata
import re

import pytest
from scripts import licences
from tests.ground.repository import lines

ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines(licences.TABLE) if line[:2] == "| "][1:]


def test_the_table_lists_what_is_locked():
    versions, sets = licences.locked()
    assert {row[0]: row[1] for row in ROWS} == versions
    assert {row[0]: row[2].split(", ") for row in ROWS} == sets
    assert [row[0] for row in ROWS] == sorted(versions)


def test_every_package_has_a_licence_and_a_reason():
    why = licences.reasons()
    for name, _, sets, licence, reason in ROWS:
        # A test tool may be silent in its metadata; what users install may not.
        assert licence not in {"", "not stated"} or sets == "dev", name
        assert reason == why.get(name, reason), name
        assert reason != "needed by", name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_licence_is_what_the_installed_package_says(row):
    try:
        found = importlib.metadata.metadata(row[0])
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not part of the development environment")
    if found["Version"] != row[1]:
        pytest.skip("another version is locked for this Python")
    meta = {
        "license_expression": found["License-Expression"],
        "license": found["License"],
        "classifier": found.get_all("Classifier") or [],
    }
    assert licences.licence(meta) == row[3]


def test_what_users_install_binds_them_to_nothing():
    """The core and its extras stay free of copyleft beyond the weak one told in the reasons."""
    strong = re.compile(r"\bA?GPL", re.IGNORECASE)
    assert [row[0] for row in ROWS if set(row[2].split(", ")) - {"dev"} and strong.search(row[3])] == []


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"license_expression": "MIT", "license": "other"}, "MIT"),
        ({"license": "BSD", "classifier": ["License :: OSI Approved :: BSD License"]}, "BSD"),
        ({"license": "a whole\nlicence text", "classifier": ["License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"classifier": ["License :: OSI Approved :: A", "License :: OSI Approved :: B"]}, "A; B"),
        ({}, "not stated"),
    ],
)
def test_the_licence_is_read_from_the_surest_place(meta, said):
    assert licences.licence(meta) == said

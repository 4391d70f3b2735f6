"""Texts read one at a time by the peer: designations, names, keys."""

from __future__ import annotations

import pytest
from benchmarks.peer.keys import canonical, plain
from benchmarks.peer.tidying import Namer, Tidier, body, python_pattern

from jigai.nameplate.language import language


@pytest.fixture(scope="module")
def tidier() -> Tidier:
    return Tidier(language())


@pytest.fixture(scope="module")
def namer(tidier: Tidier) -> Namer:
    return Namer(language(), tidier)


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("ＹＥ３－２８０Ｓ－４", "YE3-280S-4"),
        ("j02—72—4", "JO2-72-4"),
        ("4-72 №6C", "4-72 NO6C"),
        ("自制", None),
        ("/", None),
        (None, None),
    ],
)
def test_designations_are_tidied(tidier: Tidier, written: str | None, tidied: str | None) -> None:
    assert tidier.tidied(written) == tidied


def test_ratings_are_not_part_of_the_body() -> None:
    assert body("YKK450-4 10KV 560KW") == "YKK450-4"
    assert body(None) is None


@pytest.mark.parametrize(
    ("name", "kind", "anchored"),
    [("助燃风机电机", "motor", True), ("循环水泵2#", "pump", True), ("电机水泵", "pump", True), (None, None, False)],
)
def test_the_last_word_of_a_name_tells_the_kind(
    namer: Namer, name: str | None, kind: str | None, anchored: bool
) -> None:
    named = namer.named(name)
    assert (named.kind, named.anchored) == (kind, anchored)


def test_the_word_in_brackets_is_kept_aside(namer: Namer) -> None:
    assert namer.named("水泵（电机）").aside == "motor"


@pytest.mark.parametrize(("text", "key"), [("YB-80M1-2", "YB80M1-2"), ("DZL4-1.25-AII", "DZL4-1.25-A2"), ("-", None)])
def test_keys_leave_out_what_is_optional(text: str, key: str | None) -> None:
    assert canonical(text) == key


def test_numbers_are_written_as_people_do() -> None:
    assert (plain(10.0), plain(5.6), plain(None)) == ("10", "5.6", None)


def test_code_points_of_the_datasets_are_understood() -> None:
    assert python_pattern(r"[\x{3000}]+").search("\u3000")

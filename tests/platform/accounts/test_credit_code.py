"""The unified social credit code: the worked example of the rule, codes known to the public, and every slip found."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from jigai.platform.accounts.credit_code import ALPHABET, check_character, is_valid, normalised, read, validate

KNOWN = ["91350100M000100Y43", "9144030071526726XG", "914403001922038216", "91110000802100433B", "911100007109250324"]

bodies = st.builds(
    lambda kind, place, rest: kind + place + rest,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def made(body):
    return body + check_character(body)


def test_the_worked_example_of_the_rule():
    assert check_character("91350100M000100Y4") == "3"
    assert not is_valid("91350100M000100Y4Z")


@pytest.mark.parametrize("code", KNOWN)
def test_codes_the_public_knows(code):
    validate(code)
    assert is_valid(code)


@given(bodies)
def test_a_made_code_is_valid(body):
    assert is_valid(made(body))


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body, place, other):
    code = made(body)
    assume(other != code[place])
    assert not is_valid(code[:place] + other + code[place + 1 :])


@given(bodies, st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_found(body, place):
    code = made(body)
    assume(code[place] != code[place + 1])
    assert not is_valid(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(bodies)
def test_what_people_paste_is_read_as_the_code(body):
    code = made(body)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code.lower())
    assert normalised(f" {code[:8].lower()}-{code[8:]}\u3000") == code
    assert normalised(wide) == code


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    code = normalised(text)
    if is_valid(code):
        validate(code)
    else:
        with pytest.raises(ValidationError):
            validate(code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91350100M000100Y4", "现为 17 位"),
        ("91350100M0001O0Y43", "第 14 位“O”"),
        ("9135A100M000100Y43", "行政区划码"),
        ("91350100M000100Y44", "逐位核对"),
    ],
)
def test_the_message_names_the_place_and_the_remedy(code, words):
    with pytest.raises(ValidationError, match=words):
        validate(code)


@pytest.mark.parametrize(
    "typed", [" 91350100m000100y43 ", "９１３５０１００Ｍ０００１００Ｙ４３", "9135 0100 M000 100Y 43"]
)
def test_a_code_is_read_as_people_write_it(typed):
    assert read(typed) == "91350100M000100Y43"


def test_nothing_is_no_code():
    with pytest.raises(ValidationError, match="现为 0 位"):
        read("")


@pytest.mark.skipif(not shutil.which("node"), reason="no node on this machine; the browser journey covers the page")
def test_the_page_computes_the_same_as_the_server():
    from pathlib import Path

    import jigai.platform.accounts as here

    text = (Path(here.__file__).parent / "static/accounts/accounts.js").read_text(encoding="utf-8")
    begin, end = text.index("const ALPHABET"), text.index("document.querySelectorAll")
    codes = [*KNOWN, "91350100M000100Y44", "91110000802100433A"]
    program = f"{text[begin:end]} console.log(JSON.stringify({json.dumps(codes)}.map(right)))"
    said = subprocess.run(["node", "-e", program], check=True, capture_output=True, text=True).stdout
    assert json.loads(said) == [is_valid(code) for code in codes]

"""Identifiers of devices survive people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.platform.ledger.identifiers import NotAnIdentifierError, identifier, number_of

numbers = st.integers(min_value=1, max_value=2**40)


@given(numbers)
def test_an_identifier_is_read_back(number):
    assert number_of(identifier(number)) == number


@given(numbers)
def test_case_blanks_and_hyphens_do_not_matter(number):
    text = identifier(number)
    assert number_of(f" {text[:2]}-{text[2:5].lower()} {text[5:]}") == number


def test_letters_that_look_like_digits_are_digits():
    text = identifier(1_000_000)
    assert number_of(text.replace("0", "O").replace("1", "l")) == 1_000_000


@given(numbers, st.data())
def test_one_wrong_sign_is_noticed(number, data):
    text = identifier(number)
    place = data.draw(st.integers(min_value=2, max_value=len(text) - 2))
    other = data.draw(st.sampled_from([sign for sign in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if sign != text[place]]))
    with pytest.raises(NotAnIdentifierError):
        number_of(text[:place] + other + text[place + 1 :])


@given(numbers, st.data())
def test_two_neighbours_that_changed_places_are_noticed(number, data):
    text = identifier(number)
    places = [place for place in range(2, len(text) - 2) if text[place] != text[place + 1]]
    if places:
        place = data.draw(st.sampled_from(places))
        with pytest.raises(NotAnIdentifierError):
            number_of(text[:place] + text[place + 1] + text[place] + text[place + 2 :])


@pytest.mark.parametrize("text", ["", "SB", "SB1", "SB00000!0", "设备", "SB0000000000000001"])
def test_what_is_no_identifier_is_refused(text):
    with pytest.raises(NotAnIdentifierError):
        number_of(text)

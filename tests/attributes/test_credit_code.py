"""The check sign of the unified social credit code catches every slip of one sign and every swap of neighbours."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jigai.attributes.credit_code import SIGNS, check_sign, is_credit_code, written

bodies = st.text(st.sampled_from(SIGNS), min_size=17, max_size=17)


@given(bodies)
def test_exactly_one_sign_closes_a_body(body):
    assert [sign for sign in SIGNS if is_credit_code(body + sign)] == [check_sign(body)]


@given(bodies, st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_caught(body, place, sign):
    assume(body[place] != sign)
    code = body + check_sign(body)
    assert not is_credit_code(code[:place] + sign + code[place + 1 :])


@given(bodies, st.integers(0, 15))
def test_swapped_neighbours_are_caught(body, place):
    assume(body[place] != body[place + 1])
    code = body + check_sign(body)
    assert not is_credit_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(bodies, st.sampled_from([" ", "-", "\u3000", "．", "_"]), st.integers(0, 18))
def test_ways_to_write_a_code_are_one_code(body, between, place):
    code = body + check_sign(body)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert written(code.lower()) == written(wide) == code
    assert written(code[:place] + between + code[place:]) == code
    assert written(written(code)) == written(code)


@pytest.mark.parametrize("sign", "IOSVZ")
def test_letters_that_look_like_digits_have_no_place_in_a_code(sign):
    body = "91510400MA" + sign + "000000"
    assert not is_credit_code(body + "0")
    with pytest.raises(ValueError, match="substring"):
        check_sign(body)


@pytest.mark.parametrize("text", ["", "9", "91510400MA0000001", "91510400MA000000188", "九1510400MA00000018"])
def test_a_code_of_another_length_or_script_is_none(text):
    assert not is_credit_code(text)

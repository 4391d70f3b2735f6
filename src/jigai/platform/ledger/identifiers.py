"""The identifier of a device: short enough to read over the telephone, with a check sign against slips.

``SB`` and the number of the device in Crockford's alphabet (no I, L, O, U), at least six signs, then one sign of the
number modulo 37. It is made from the number and read back to it, so nothing needs to be stored.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "SB"
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK: Final = _SIGNS + "*~$=U"
_LOOKALIKE: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_WIDTH: Final = 6


class NotAnIdentifierError(ValueError):
    """A text that is no identifier, or one with a slip in it."""


def identifier(number: int) -> str:
    """Return the identifier of a device by its number."""
    signs, rest = "", number
    while rest:
        rest, place = divmod(rest, len(_SIGNS))
        signs = _SIGNS[place] + signs
    return f"{PREFIX}{signs.rjust(_WIDTH, '0')}{_CHECK[number % len(_CHECK)]}"


def number_of(text: str) -> int:
    """Return the number an identifier stands for; blanks, hyphens, case and look-alike letters do not matter.

    Raises:
        NotAnIdentifierError: a sign is wrong, missing, or two changed places.
    """
    plain = text.strip().upper().replace("-", "").replace(" ", "").removeprefix(PREFIX)
    signs, check = plain[:-1].translate(_LOOKALIKE), plain[-1:]
    if len(signs) < _WIDTH or len(signs) > 2 * _WIDTH or any(sign not in _SIGNS for sign in signs):
        raise NotAnIdentifierError(text)
    number = 0
    for sign in signs:
        number = number * len(_SIGNS) + _SIGNS.index(sign)
    if check.translate(_LOOKALIKE) != _CHECK[number % len(_CHECK)]:
        raise NotAnIdentifierError(text)
    return number

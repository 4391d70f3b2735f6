"""The unified social credit code (统一社会信用代码): 18 characters, the last a check over the others.

Structure and check character after GB 32100-2015: the registering department and the category of organisation, a
six-digit division code, the nine characters of the organisation code, and the check character.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jigai.attributes.credit_code import SIGNS as ALPHABET
from jigai.attributes.credit_code import check_sign as check_character
from jigai.attributes.credit_code import written as normalised

__all__ = ["ALPHABET", "check_character", "is_valid", "normalised", "validate"]


def is_valid(code: str) -> bool:
    """Say whether ``code`` is well-formed and its check character right."""
    if len(code) != 18 or any(one not in ALPHABET for one in code) or not code[2:8].isdigit():
        return False
    return check_character(code[:17]) == code[17]


def validate(code: str) -> None:
    """Refuse a code that cannot be right; the message says what is wrong with it and where.

    Raises:
        ValidationError: wrong length, a character that is never used, letters in the division code, or a check
            character that does not fit the others (most often two characters exchanged or misread).
    """
    if len(code) != 18:
        raise ValidationError(_("统一社会信用代码应为 18 位，现为 %(n)s 位。") % {"n": len(code)})
    for place, one in enumerate(code, start=1):
        if one not in ALPHABET:
            raise ValidationError(
                _("第 %(place)s 位“%(one)s”不会出现在统一社会信用代码中（不使用字母 I、O、S、V、Z）。")
                % {"place": place, "one": one}
            )
    if not code[2:8].isdigit():
        raise ValidationError(_("第 3 至 8 位是登记机关行政区划码，应为数字。"))
    if check_character(code[:17]) != code[17]:
        raise ValidationError(_("统一社会信用代码校验不通过，请对照营业执照逐位核对。"))

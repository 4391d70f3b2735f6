"""Names and codes: pinyin initials, and the unified social credit code with what is wrong with it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from jigai.attributes.credit_code import SIGNS, check_sign
from jigai.platform.web.forms import tidy


def initials(name: str) -> str:
    """Return the pinyin initials of a name in small letters, ``攀钢钒业`` → ``pgfy``; letters and digits stay."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return re.sub(r"[^a-z0-9]", "", letters)[:120]


def credit_code(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码) as it is stored.

    ``ValueError`` says what is wrong: length, a letter that is not used, or the check digit of GB 32100-2015.
    """
    code = re.sub(r"[\s-]", "", tidy(text)).upper()
    if len(code) != 18:
        raise ValueError(_("统一社会信用代码应为 18 位，现为 %(n)s 位。") % {"n": len(code)})
    strange = sorted({letter for letter in code if letter not in SIGNS})
    if strange:
        raise ValueError(
            _("统一社会信用代码不含“%(letters)s”：请核对是否与 0、1、2、5 混淆。") % {"letters": "、".join(strange)}
        )
    if code[17] != check_sign(code[:17]):
        raise ValueError(_("统一社会信用代码的校验位不对：请对照营业执照逐位核对。"))
    return code

"""What the edit form starts from is what it takes, in either language."""

from __future__ import annotations

import pytest
from django.utils import translation
from tests.platform.registers.test_register_folders import COLUMNS, write

from jigai.platform.registers.definition import read_register
from jigai.platform.registers.forms import initial
from jigai.platform.registers.values import read_values, to_json

KEPT = {
    "museum": "轧钢馆",
    "opened": "2026-05-01",
    "state": "closed",
    "free": False,
    "guided": True,
    "visitors": 1234567,
    "area": 12000.5,
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_edit_form_gives_back_what_it_was_given(tmp_path, language):
    more = "free,flag,,免费,free,,,,\nguided,flag,,讲解,guided,,,,\n"
    more += "visitors,integer,人,人次,visitors,,,,\narea,number,平方米,面积,area,,,,\n"
    register = read_register(write(tmp_path / "museums", columns=COLUMNS + more))
    with translation.override(language):
        start = initial(register, KEPT)
        values, _wrong = read_values(register.table, start)
    assert (start["free"], start["guided"]) == ("否", "是"), "the answers the form offers"
    assert to_json(values) == KEPT

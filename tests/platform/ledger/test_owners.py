"""Whose ledger a file is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jigai.platform.ledger.owners import Firm, propose

TABLE = yaml.safe_load(Path(__file__).with_name("owners.yaml").read_text(encoding="utf-8"))
FIRMS = [Firm(number, name, code) for number, (name, code) in TABLE["firms"].items()]


@pytest.mark.parametrize("case", TABLE["cases"], ids=[case["name"] for case in TABLE["cases"]])
def test_case(case):
    told = propose(
        FIRMS,
        cells=case.get("cells", ()),
        file_name=case.get("file", ""),
        sender=case.get("sender"),
        text=str(case.get("text", "")),
    )
    assert ([firm.number for firm in told.firms], told.why, told.sure) == (case["wants"], case["why"], case["sure"])


@given(st.lists(st.text(max_size=20), max_size=3), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_taken_and_only_known_firms_are_proposed(cells, file_name, text):
    told = propose(FIRMS, cells=cells, file_name=file_name, text=text)
    assert set(told.firms) <= set(FIRMS)
    assert not told.sure or len(told.firms) == 1

"""The numbers a line spells out are proposed for its machines when it is split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from jigai.platform.ledger.models import Device
from jigai.platform.ledger.splitting import proposed_numbers

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("split_numbers.yaml").read_text("utf-8"))


@pytest.mark.sqlite
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_case(case: dict[str, Any]) -> None:
    device = Device(pk=1, code=case["code"], quantity=case["quantity"])
    assert proposed_numbers(device, case.get("count", case["quantity"])) == case["wants"]

"""The check and a slow, exact re-computation agree on random devices of every standard."""

from __future__ import annotations

import random

import pytest
from tests.screening.efficiency import draw, peer
from tests.screening.efficiency.rig import findings

SAMPLE = 150


@pytest.mark.parametrize("dataset", draw.KIND)
def test_agrees_with_exact_recomputation(dataset: str) -> None:
    chance = random.Random(dataset)
    drawn = [draw.device(dataset, chance) for _ in range(SAMPLE)]
    for _, device in drawn:
        if "seasonal_factor" in device:  # the check takes the first factor stated
            device["seasonal_factor"] = device.get("cspf", device.get("iplv", device.get("accop")))
    judged = findings([draw.to_check(device) for _, device in drawn])
    expected = [peer.grade(dataset, product, device) for product, device in drawn]
    wrong = [
        (product, device, want, got["outcome"], got["missing"])
        for (product, device), want, got in zip(drawn, expected, judged, strict=True)
        if want != got["outcome"]
    ]
    assert not wrong, wrong[:3]
    assert len(set(expected)) >= 3

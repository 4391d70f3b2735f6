"""What must hold for any device: order does not matter, more knowledge never unsettles, better is never worse."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from tests.screening.efficiency import draw, peer
from tests.screening.efficiency.rig import TODAY, findings, frame, reference

from jigai.screening.batch import Batch
from jigai.screening.efficiency import check
from jigai.screening.schema import FINDING

SAMPLE = 60
KEEP = {"kind", "subkind"}
RANK = {f"grade_{grade}": grade for grade in range(1, 6)} | {"below_limit": 9}


def drawn(dataset: str, seed: str) -> list[dict[str, Any]]:
    chance = random.Random(f"{dataset} {seed}")
    return [draw.to_check(draw.device(dataset, chance)[1]) for _ in range(SAMPLE)]


def poorer(device: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Forget some attributes."""
    return {name: value for name, value in device.items() if name in KEEP or chance.random() < 0.7}


def mixed_bag() -> list[dict[str, Any]]:
    chance = random.Random(7)
    whole = [device for dataset in draw.KIND for device in drawn(dataset, "bag")]
    return [*whole, *[poorer(device, chance) for device in whole], {"kind": "crane"}, {"name": "?"}]


@pytest.mark.parametrize("dataset", draw.KIND)
def test_adding_information_never_unsettles(dataset: str) -> None:
    chance = random.Random(dataset)
    full = drawn(dataset, "more")
    less = [poorer(device, chance) for device in full]
    before, after = findings(less), findings(full)
    for device, poor, rich in zip(less, before, after, strict=True):
        if poor["outcome"] != "undecided":
            assert rich["outcome"] != "undecided", (device, rich["missing"])


@pytest.mark.parametrize("dataset", draw.KIND)
def test_agreement_over_the_unknown_holds_for_every_known(dataset: str) -> None:
    """A grade given while something is unknown is the grade once it is known, if the size is in the table."""
    chance = random.Random(dataset)
    full = drawn(dataset, "agree")
    less = [poorer(device, chance) for device in full]
    for poor, rich in zip(findings(less), findings(full), strict=True):
        if poor["outcome"] in RANK and poor["basis"] != "inferred" and rich["outcome"] != "out_of_scope":
            assert rich["outcome"] == poor["outcome"]


@pytest.mark.parametrize("dataset", draw.KIND)
def test_a_better_figure_is_never_a_worse_grade(dataset: str) -> None:
    metrics = {row["attribute"]: row["direction"] for row in peer.rows_of(dataset, "metrics")}
    stated = {"fan_efficiency_pct", "best_point_efficiency_pct", "polytropic_efficiency_pct"}
    directions = {"efficiency_pct" if name in stated else name: way for name, way in metrics.items()}
    base = drawn(dataset, "better")
    better = [
        {
            name: value * (1.004 if directions[name] == "min" else 0.996) if name in directions else value
            for name, value in device.items()
        }
        for device in base
    ]
    for device, worse, good in zip(base, findings(base), findings(better), strict=True):
        if worse["outcome"] in RANK and good["outcome"] in RANK:
            assert RANK[good["outcome"]] <= RANK[worse["outcome"]], device


def test_one_finding_per_signature_in_the_agreed_shape() -> None:
    bag = mixed_bag()
    found = check(Batch(frame(bag), reference(), TODAY))
    assert found.columns == ["sig", *FINDING]
    assert dict(found.schema) == {"sig": pl.UInt32(), **FINDING}
    assert found["sig"].to_list() == list(range(len(bag)))


def test_row_order_and_splitting_change_nothing() -> None:
    devices = frame(mixed_bag())
    whole = check(Batch(devices, reference(), TODAY))
    shuffled = check(Batch(devices.sample(fraction=1.0, shuffle=True, seed=3), reference(), TODAY))
    assert whole.equals(shuffled)
    parts = [check(Batch(part, reference(), TODAY)) for part in (devices[:700], devices[700:])]
    assert whole.equals(pl.concat(parts))


def test_no_devices_no_findings() -> None:
    empty = frame([{"kind": "motor", "power_kw": 1.0}]).clear()
    found = check(Batch(empty, reference(), TODAY))
    assert found.is_empty()
    assert found.columns == ["sig", *FINDING]


def test_only_a_kind_is_enough_of_a_frame() -> None:
    assert {one["outcome"] for one in findings([{"kind": kind} for kind in draw.KIND.values()])} == {"undecided"}


def test_sentences_are_whole_in_both_languages() -> None:
    for one in findings(mixed_bag()):
        for text in (one["reason_zh"], one["reason_en"]):
            assert text, one
            assert not any(part in text for part in ("None", "null", "nan", "{", "}", "（）", "()", "  ", "。。")), text
            assert "：。" not in text, text
            assert not text.rstrip(".").endswith(":"), text
        assert one["reason_zh"].endswith("。")
        assert one["reason_en"].endswith(".")
        assert (one["outcome"] == "undecided") == bool(one["missing"]), one
        assert one["mandatory"] is False


def test_zeros_and_absurd_figures_do_not_raise() -> None:
    absurd = [0.0, 1e-9, 1e9, -1.0]
    numbers = ("power_kw", "flow_m3h", "head_m", "speed_rpm", "total_pressure_kpa", "machine_no", "shaft_power_kw")
    more = ("efficiency_pct", "voltage_kv", "capacity_kva", "no_load_loss_w", "impeller_mm", "outlet_width_mm")
    kinds = sorted(set(draw.KIND.values()))
    devices = [
        {"kind": kind, "pump_type": "单级单吸", "best_point": True, **dict.fromkeys((*numbers, *more), value)}
        for kind in kinds
        for value in absurd
    ]
    assert all(one["outcome"] in {"undecided", "out_of_scope"} for one in findings(devices))

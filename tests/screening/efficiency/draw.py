"""Random devices that a table can grade: every axis inside, on the edge of, or just outside a drawn row."""

from __future__ import annotations

import random
from typing import Any

from tests.screening.efficiency.peer import Limit, Row, exact, matching, rows_of, specific_speed

FLAGS = ("double_suction", "hvac_use", "inlet_box", "diffuser", "adjustable_blade", "reversible")
WRITTEN = {"Ⅱ烟煤": "AII", "Ⅲ烟煤": "AⅢ", "Ⅰ烟煤": "AI", "贫煤": "P", "Ⅱ无烟煤": "WII", "Ⅲ无烟煤": "WⅢ", "褐煤": "H"}
KIND = {
    "gb18613-2020": "motor",
    "gb30254-2024": "motor",
    "gb30253-2024": "motor",
    "gb20052-2024": "transformer",
    "gb19153-2019": "compressor",
    "gb19762-2025": "pump",
    "gb19761-2020": "fan",
    "gb24500-2020": "boiler",
    "gb28381-2012": "blower",
    "gb32030-2022": "pump",
    "gbt36561-2018": "heat_treatment_furnace",
    "gb19577-2024": "chiller",
    "gb29541-2013": "heat_pump_water_heater",
    "gb37479-2019": "air_conditioner",
    "gb19576-2019": "air_conditioner",
    "gb21454-2021": "air_conditioner",
}


def device(dataset: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Return a product and a device of it, all axes known, figures near the limits."""
    row = chance.choice(rows_of(dataset, "limits"))
    product = row["product"]
    drawn: dict[str, Any] = {"kind": KIND[dataset], "subkind": product}
    for axis in rows_of(dataset, "axes"):
        if axis["product"] == product:
            drawn[axis["attribute"]] = along(dataset, row, axis, chance)
    complete(dataset, row, drawn, chance)
    for metric in rows_of(dataset, "metrics"):
        if metric["product"] == product:
            drawn[metric["attribute"]] = figure(metric, matching(dataset, product, drawn), chance)
    return product, drawn


def along(dataset: str, row: Row, axis: Row, chance: random.Random) -> Any:
    name, how = axis["attribute"], axis["how"]
    if how in ("text", "words", "group"):
        listed = row[name] or chance.choice([r[name] for r in rows_of(dataset, "limits") if r[name]] or ["-"])
        word = chance.choice(listed.split(";"))
        if how == "group":
            spans = [g for g in rows_of(dataset, "groups") if (g["attribute"], g["label"]) == (name, word)]
            return float(chance.choice(spans)["min"]) if spans else 1.0
        return word
    edges = sorted(
        {float(r[c]) for r in rows_of(dataset, "limits") for c in (name, f"{name}_min", f"{name}_max") if r.get(c)}
    )
    low, high = (row.get(name) or row.get(f"{name}_{side}") for side in ("min", "max"))
    ends = [float(end) for end in (low, high) if end]
    if not ends:
        return chance.choice(edges)
    bottom = ends[0] if low else ends[0] / 2
    top = ends[-1] if high else ends[-1] * 1.5
    pick = chance.choice([bottom, top, (bottom + top) / 2, chance.choice(edges), (bottom + top) / 2 * 1.07])
    return round(pick, 6)


def complete(dataset: str, row: Row, drawn: dict[str, Any], chance: random.Random) -> None:
    """Add what the axes are computed from, and everything that may move a limit."""
    kind = drawn["kind"]
    for flag in FLAGS if kind == "fan" else ():
        drawn[flag] = chance.random() < 0.3
    if kind == "blower":
        drawn |= {"stages": int(drawn["stages"]), "impeller_mm": float(round(drawn["impeller_mm"]))}
        drawn["width_ratio"] = round(drawn["width_ratio"], 3)
        drawn["outlet_width_mm"] = drawn["width_ratio"] * drawn["impeller_mm"]
        drawn |= {"three_d_impeller": chance.random() < 0.3, "overhung": chance.random() < 0.3}
    if dataset == "gb19762-2025":
        many = row["formula_class"] == "multistage"
        drawn |= {"stages": chance.randint(2, 8) if many else 1, "speed_rpm": chance.choice([980.0, 1480.0, 2950.0])}
        drawn |= {"head_m": round(chance.uniform(5, 120), 1) * drawn["stages"], "best_point": True}
        drawn["double_suction"] = "双吸" in drawn["pump_type"] or (
            "单吸" not in drawn["pump_type"] and chance.random() < 0.5
        )
        drawn["flow_m3h"] = max(drawn["flow_m3h"], 1.0)
        drawn["specific_speed"] = specific_speed(drawn)
    if dataset == "gb32030-2022":
        drawn |= {"specified_efficiency_pct": 60.0, "efficiency_tolerance_pp": chance.choice([1.5, 2.0])}
    if drawn.get("coal_class") and kind == "boiler":
        drawn["coal_class"] = chance.choice([word for word in WRITTEN if word.endswith(str(drawn["coal_class"])[-2:])])
        drawn["fuel_class"] = WRITTEN[drawn["coal_class"]]
    for name in ("condensing", "pump_supplied"):
        if name in drawn:
            drawn[name] = drawn[name] == "true"
    if "phases" in drawn:
        drawn["phases"] = int(drawn["phases"])


def figure(metric: Row, limits: list[Limit], chance: random.Random) -> float:
    asked = [cell for limit in limits if limit.metric == metric["metric"] for cell in limit.grades.values() if cell]
    if not asked:
        return 50.0
    cell = float(round(chance.choice(asked), 9))
    top = float(metric["valid_to"] or "inf")
    moved = cell * chance.choice([1.0, 1.0, 1 - 1e-6, 1 + 1e-6, chance.uniform(0.9, 1.1)])
    return min(max(moved, 1.5 if metric["unit"] == "%" else 0.01), top)


def to_check(drawn: dict[str, Any]) -> dict[str, Any]:
    """Return the device as a ledger would state it: computed figures under the names a ledger has."""
    stated = dict(drawn)
    for computed in ("best_point_efficiency_pct", "fan_efficiency_pct", "polytropic_efficiency_pct"):
        if computed in stated:
            stated["efficiency_pct"] = stated.pop(computed)
    if "seasonal_factor" in stated:
        stated.pop("seasonal_factor")
    for name in ("width_ratio", "coal_class"):
        stated.pop(name, None)
    if "specific_speed" in stated:
        stated["specific_speed"] = float(exact(stated["specific_speed"]))
    return stated

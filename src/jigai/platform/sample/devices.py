"""Invented ledger lines: real designations of the years in which such machines were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from jigai.platform.sample.draws import draw, table, weighted
from jigai.platform.sample.firms import SEED, Firm
from jigai.reference import Reference

NOW = 2026
"""The year until which sample machines are made; the sample never reads the clock."""


@dataclass
class DeviceLine:
    """One line of a ledger; ``cells`` are further attributes by their names in ``ledger/columns.csv``."""

    name: str
    model: str
    made: int
    in_service: int
    quantity: int
    use_state: str
    shop: str
    remark: str
    cells: dict[str, str] = field(default_factory=dict)


def frames(reference: Reference) -> dict[str, list[tuple[str, str, str]]]:
    """Return frame, poles and power [kW] of every motor of the frame table, by series group."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in reference.table("nameplate-motor-frames").iter_rows(named=True):
        for series in row["series_group"]:
            found.setdefault(series, []).append((row["frame"], str(row["poles"]), f"{row['power_kw']:g}"))
    return found


def devices(firm: Firm, reference: Reference, factor: float = 1.0, seed: str = SEED) -> Iterator[DeviceLine]:
    """Yield the ledger lines of an enterprise: its sector's mix, as old as it is; ``factor`` makes more or fewer."""
    chance = draw(seed, "devices", firm.number)
    recipes, known = table("equipment"), frames(reference)
    count = max(8, round(firm.sector["devices"] * firm.scale**0.75 * factor))
    for _ in range(count):
        recipe = recipes[weighted(chance, firm.sector["equipment"])]
        yield _line(chance, recipe, firm, known)


def _line(
    chance: Random, recipe: dict[str, Any], firm: Firm, known: dict[str, list[tuple[str, str, str]]]
) -> DeviceLine:
    common = table("equipment")
    generation = _generation(chance, recipe["generations"], firm.founded)
    last = min(generation["to"], NOW - 1)
    made = chance.randint(min(max(generation["from"], firm.founded - 6), last), last)
    name = chance.choice(list(generation["models"]) if _by_name(generation) else recipe["names"])
    model, cells = _model(chance, recipe, generation, name, known)
    for attribute, values in {**recipe.get("cells", {}), **generation.get("cells", {})}.items():
        if isinstance(values, list) and chance.random() < 0.7 and attribute not in cells:
            cells[attribute] = chance.choice(values)
    return DeviceLine(
        name=name,
        model=_as_written(chance, model),
        made=made,
        in_service=min(NOW, made + chance.choice([0, 0, 1, 1, 2])),
        quantity=1 + int(chance.expovariate(0.5)) if chance.random() < recipe.get("quantity", 0.1) else 1,
        use_state=weighted(chance, common["use_states"]),
        shop=chance.choice(table("names")["shops"]),
        remark=chance.choice(common["remarks"]) if chance.random() < 0.05 else "",
        cells=cells,
    )


def _generation(chance: Random, generations: list[dict[str, Any]], founded: int) -> dict[str, Any]:
    """Prefer the machines of the years the enterprise has been through, the later ones more."""
    possible = [one for one in generations if one["to"] >= founded - 5] or generations[-1:]
    return chance.choices(possible, [1.0 + 0.9 * place for place in range(len(possible))])[0]


def _by_name(generation: dict[str, Any]) -> bool:
    """Say whether a model goes with a name: a lathe's model is never that of a grinder."""
    return isinstance(generation.get("models"), dict)


def _model(
    chance: Random,
    recipe: dict[str, Any],
    generation: dict[str, Any],
    name: str,
    known: dict[str, list[tuple[str, str, str]]],
) -> tuple[str, dict[str, str]]:
    if "models" in generation:
        return chance.choice(generation["models"][name] if _by_name(generation) else generation["models"]), {}
    if "plain" in generation:
        place = chance.randrange(len(generation["plain"]))
        return generation["plain"][place], {"power_kw": generation["ratings"][place]}
    series = chance.choice(generation["series"])
    if recipe.get("framed"):
        frame, poles, power = chance.choice(known.get(series) or known["Y2"])
        cells = {"power_kw": power} if chance.random() < 0.85 else {}
        return generation["model"].format(series=series, frame=frame, poles=poles), cells
    slots = {name: chance.choice(values) for name, values in recipe.get("slots", {}).items()}
    cells = {
        attribute: value.format(**slots)
        for attribute, value in recipe.get("cells", {}).items()
        if isinstance(value, str) and chance.random() < 0.6
    }
    return generation["model"].format(series=series, **slots), cells


def _as_written(chance: Random, model: str) -> str:
    """Write a model as fillers do: other dashes, blanks, small letters, zero for O; sometimes not at all."""
    habits = table("equipment")["habits"]
    habit = weighted(chance, {**habits, "clean": 100 - sum(habits.values())})
    written = {
        "full_width_dash": model.replace("-", "－"),
        "em_dash": model.replace("-", "—"),
        "spaced": model.replace("-", " - "),
        "lower": model.lower(),
        "zero_for_o": model.replace("O", "0"),
        "blank_before": " " + model,
        "none_given": "",
    }
    return written.get(habit, model)

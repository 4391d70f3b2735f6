"""Devices as ledgers have them, at any scale: N lines with D distinct signatures, repeatable, in little memory.

A signature is a function of its number: the number chooses a recipe of ``grammar.yaml``, the recipe's slots are the
digits of the number in a mixed base, and the writing habits come from a hash of it. So any part of a ledger of any
size can be made alone, and nothing but the chunk at hand is ever in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import yaml

from benchmarks.mixing import Numbers, mix, percent, pick, spread
from benchmarks.writing import habit_columns, shared_choice, write_as_people_do
from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference

CHUNK = 500_000
"""Lines made at a time."""


@dataclass(frozen=True)
class Recipe:
    """One way to make designations: ``rows`` are slots that go together, ``slots`` vary freely."""

    spec: dict[str, Any]
    rows: pl.DataFrame
    slots: dict[str, pl.Series]

    @property
    def size(self) -> int:
        """Number of different signatures the recipe can make."""
        return self.rows.height * prod(len(values) for values in self.slots.values())

    def draw(self, numbers: Numbers) -> pl.DataFrame:
        """Return the slots of the combinations ``numbers`` (each below :attr:`size`)."""
        rest, columns = numbers, {}
        for name, values in self.slots.items():
            columns[name] = values.gather((rest % np.uint64(len(values))).astype(np.int64))
            rest = rest // np.uint64(len(values))
        return self.rows[rest.astype(np.int64)].with_columns(**columns)


class Grammar:
    """The recipes of ``grammar.yaml`` with the correlated slots taken from the reference."""

    def __init__(self, reference: Reference) -> None:
        """Read the recipes; ``KeyError`` names a dataset the reference lacks."""
        self.text: dict[str, Any] = yaml.safe_load(files("benchmarks").joinpath("grammar.yaml").read_text("utf-8"))
        sources = {"motor_frames": motor_frames(reference), "catalogue": catalogue(reference)}
        years = self.text["years"]
        year = pl.Series([years["first"] + i for i in range(years["count"])], dtype=pl.Int32)
        self.recipes = []
        for spec in self.text["recipes"]:
            rows = sources[spec["source"]] if "source" in spec else pl.DataFrame({"_": [0]})
            slots = {name: pl.Series([str(v) for v in values]) for name, values in spec.get("slots", {}).items()}
            if "names" in spec:
                slots["name"] = pl.Series([str(name) for name in spec["names"]])
            self.recipes.append(Recipe(spec, rows, slots | {"made_year": year, "delay": pl.Series([0, 1, 2])}))

    def shares(self, distinct: int) -> list[int]:
        """Split ``distinct`` signatures over the recipes by share; what a recipe cannot make, the motors make."""
        total = sum(recipe.spec["share"] for recipe in self.recipes)
        wanted = [min(int(distinct * r.spec["share"] / total), r.size) for r in self.recipes]
        wanted[0] = distinct - sum(wanted[1:])
        if wanted[0] > self.recipes[0].size:
            raise ValueError(f"{distinct} distinct signatures are more than the grammar can make")
        return wanted

    def signatures(self, numbers: Numbers, distinct: int) -> pl.DataFrame:
        """Return the ledger columns of the signatures ``numbers`` of a ledger with ``distinct`` ones, in that order."""
        places = spread(numbers, distinct, salt=1)
        parts, start = [], 0
        for recipe, count in zip(self.recipes, self.shares(distinct), strict=True):
            chosen = np.flatnonzero((places >= start) & (places < start + count))
            if len(chosen):
                part = self._write(recipe, places[chosen] - np.uint64(start), numbers[chosen])
                parts.append(part.with_columns(_order=pl.Series(chosen)))
            start += count
        return pl.concat(parts, how="diagonal").sort("_order").drop("_order")

    def _write(self, recipe: Recipe, combinations: Numbers, numbers: Numbers) -> pl.DataFrame:
        spec, dtypes = recipe.spec, attribute_dtypes()
        slots = recipe.draw(spread(combinations, recipe.size, salt=2))
        power = slots["power"] if "power" in slots.columns else None
        slots = slots.with_columns(habit_columns(numbers, power, self.text))
        cells: list[pl.Series] = []
        shown = pl.Series(percent(numbers, 21) < spec.get("filled", 100))
        for column, slot in spec.get("cells", {}).items():
            cells.append(_cell(slots[slot], shown, dtypes[column]).alias(column))
        for salt, (column, rule) in enumerate(spec.get("number_cells", {}).items(), start=31):
            steps = round((rule["high"] - rule["low"]) / rule["step"]) + 1
            value = pl.Series((rule["low"] + pick(numbers, salt, steps) * rule["step"]).round(3))
            filled = pl.Series(percent(numbers, salt + 20) < rule["filled"])
            cells.append(_cell(value, filled, dtypes[column]).alias(column))
        for salt, (column, rule) in enumerate(spec.get("text_cells", {}).items(), start=71):
            value = pl.Series(rule["values"]).gather(pick(numbers, salt, len(rule["values"])))
            filled = pl.Series(percent(numbers, salt + 20) < rule["filled"])
            cells.append(_cell(value, filled, dtypes[column]).alias(column))
        model = pl.format(*_format(spec["model"]))
        remark = pl.Series(self.text["remarks"]).gather(pick(numbers, 13, len(self.text["remarks"])))
        return slots.select(
            pl.col("name"),
            model=write_as_people_do(model, self.text),
            made_year=pl.when(pl.Series(percent(numbers, 14) < 85)).then("made_year"),
            in_service_year=(pl.col("made_year") + pl.col("delay")).cast(pl.Int32),
            use_state=shared_choice(numbers, 15, self.text["use_state"]),
            remark=_cell(remark, pl.Series(percent(numbers, 16) < 4), pl.String()),
        ).with_columns(cells)


def _format(template: str) -> tuple[Any, ...]:
    names = [piece.split("}")[0] for piece in template.split("{")[1:]]
    for name in names:
        template = template.replace("{" + name + "}", "{}")
    return (template, *[pl.col(name) for name in names])


def _cell(values: pl.Series, filled: pl.Series, dtype: pl.DataType) -> pl.Series:
    return pl.select(pl.when(filled).then(values.cast(dtype, strict=False))).to_series()


def motor_frames(reference: Reference) -> pl.DataFrame:
    """Return series, frame, poles and power of every motor the frame table knows, as texts."""
    table = reference.table("nameplate-motor-frames").explode("series_group")
    power = pl.col("power_kw").cast(pl.String).str.strip_suffix(".0")
    return table.select("frame", "poles", series="series_group", power=power)


def catalogue(reference: Reference) -> pl.DataFrame:
    """Return name and model of every model the elimination catalogues in force list."""
    tables = [dataset.tables["rules"] for dataset in reference.by_check("elimination") if "rules" in dataset.tables]
    rules = pl.concat([table.select("product_zh", "models") for table in tables])
    return rules.explode("models").drop_nulls().select(name="product_zh", model="models").unique(maintain_order=True)


def lines(grammar: Grammar, first: int, count: int, total: int, distinct: int) -> pl.DataFrame:
    """Return the ledger lines ``first`` … of a ledger of ``total`` lines; common signatures come up far more often."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    every = max(1, total // distinct)
    common = (percent(numbers, 3) / 100.0) ** 3 * distinct
    owed = (numbers // np.uint64(every)) % np.uint64(distinct)
    signature = np.where(numbers % np.uint64(every) == 0, owed, common.astype(np.uint64).clip(max=distinct - 1))
    unique, back = np.unique(signature, return_inverse=True)
    book, row = numbers // np.uint64(2_000), numbers % np.uint64(2_000)
    digest = pl.Series(mix(book, 5)).cast(pl.String).str.pad_start(20, "0")
    provenance = pl.DataFrame(
        {
            "device_id": digest.str.slice(4) + "-1-" + pl.Series(row + np.uint64(4)).cast(pl.String),
            "source_file": "设备台账" + pl.Series(book).cast(pl.String) + ".xlsx",
            "sheet": pl.select(pl.repeat("设备台账", count)).to_series(),
            "row": pl.Series((row + np.uint64(4)).astype(np.int64)),
            "enterprise": "企业" + pl.Series(book).cast(pl.String),
            "code": "SB-" + pl.Series(numbers).cast(pl.String),
            "quantity": pl.Series(np.where(percent(numbers, 4) < 85, 1, 1 + pick(numbers, 6, 6)).astype(np.int64)),
        }
    )
    return provenance.hstack(grammar.signatures(unique, distinct)[back])


def write_devices(path: Path, reference: Reference, total: int, distinct: int) -> int:
    """Write a ledger of ``total`` lines with about ``distinct`` signatures to parquet; returns its size [bytes]."""
    grammar = Grammar(reference)
    whole = {name: dtype for name, dtype in attribute_dtypes().items() if name in _ledger_columns(grammar)}
    writer = None
    for first in range(0, total, CHUNK):
        chunk = lines(grammar, first, min(CHUNK, total - first), total, distinct)
        absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in whole.items() if name not in chunk.columns]
        table = chunk.with_columns(absent).select(list(whole)).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=CHUNK)
    if writer:
        writer.close()
    return path.stat().st_size


def _ledger_columns(grammar: Grammar) -> set[str]:
    names = {"device_id", "source_file", "sheet", "row", "enterprise", "code", "quantity"}
    names |= {"name", "model", "made_year", "in_service_year", "use_state", "remark"}
    for recipe in grammar.recipes:
        for group in ("cells", "number_cells", "text_cells"):
            names |= set(recipe.spec.get(group, {}))
    return names

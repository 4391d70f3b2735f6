"""The efficiency standards in force, read from their datasets into one small object per product.

A standard is data: which products it grades (``metrics``), along which axes its table is read (``axes``), the limits
themselves (``limits``), and what corrects them (``corrections``). Nothing here knows a standard by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from jigai.reference import Dataset, Reference

GRADE_COLUMNS = ("grade_1", "grade_2", "grade_3", "grade_4", "grade_5")
BELOW = 9
"""Grade number standing for "worse than the limit"."""


@dataclass(frozen=True)
class Axis:
    """One dimension of a table: the attribute it is read by, how, and what to ask when the attribute is unknown.

    ``how``: *number* exact value · *band* open or closed interval · *interpolate* exact values, linear between two
    neighbours · *between* exact values, an unlisted one stands between its neighbours and is only decided where both
    agree · *group* interval named by a label · *text* one of the words listed · *words* the same for free text, where
    a word no table knows is unknown rather than excluded.
    """

    attribute: str
    how: str
    required: bool
    ask: tuple[str, ...]
    show_zh: str | None
    show_en: str | None
    note_zh: str | None
    note_en: str | None

    @property
    def numeric(self) -> bool:
        """Whether the axis is ordered, so that intervals and neighbours mean something."""
        return self.how in ("number", "band", "interpolate", "between")


@dataclass(frozen=True)
class Metric:
    """A figure that is compared with a limit: the attribute, its unit, and whether more (``min``) or less is better.

    ``rule`` says how the limit comes about from the table's cell; ``valid_above`` (exclusive) and ``valid_to``
    (inclusive) are what the figure can be at all: anything else is a typing error and counts as unknown.
    """

    key: str
    attribute: str
    name_zh: str
    name_en: str
    unit: str
    direction: str
    rule: str
    ask: tuple[str, ...]
    valid_above: float | None
    valid_to: float | None
    note_zh: str
    note_en: str


@dataclass(frozen=True, eq=False)
class ProductRule:
    """Everything one standard says about one product; there is one object for it, so it can name what is kept of it."""

    product: str
    dataset: Dataset
    limits: pl.DataFrame
    axes: tuple[Axis, ...]
    metrics: tuple[Metric, ...]
    grades: tuple[int, ...]

    @property
    def document(self) -> str:
        """Number and title, as the finding names the standard."""
        return f"{self.dataset.number} {self.dataset.title_zh}"

    def table(self, name: str) -> pl.DataFrame | None:
        """Return an optional table of the standard, its rows for this product only where it has a product column."""
        table = self.dataset.tables.get(name)
        if table is None or "product" not in table.columns:
            return table
        mine = table.filter(pl.col("product") == self.product)
        return mine if mine.height else None

    def level(self, grade: int, language: str) -> str:
        """Return what the standard calls a grade: its own word where it has one, else ``3 级`` / ``grade 3``."""
        return self._named_level(grade, language) or (f"{grade} 级" if language == "zh" else f"grade {grade}")

    def level_limit(self, grade: int, language: str) -> str:
        """Return what the standard calls the limit of a grade, as ``3 级限值`` or ``节能评价值``."""
        level = self.level(grade, language)
        if language == "zh":
            return level if level.endswith("值") else f"{level}限值"
        return level if level.endswith(("value", "conservation")) else f"{level} limit"

    def last_limit(self, language: str) -> str:
        """Return what a device below the last grade fails, as ``能效限定值（3 级）``."""
        last = self.grades[-1]
        if self._named_level(last, language):
            limit = self.level_limit(last, language)
            return limit if language == "zh" else f"the {limit}"
        level = self.level(last, language)
        return f"能效限定值（{level}）" if language == "zh" else f"the minimum allowable value ({level})"

    def _named_level(self, grade: int, language: str) -> str | None:
        levels = self.table("levels")
        named = None if levels is None else levels.filter(pl.col("grade") == grade)
        return str(named[language][0]) if named is not None and named.height else None


def rules_in_force(reference: Reference) -> dict[str, ProductRule]:
    """Return the rule of every product that some standard in force grades, by product."""
    rules: dict[str, ProductRule] = {}
    for dataset in reference.by_check("efficiency"):
        rules |= _rules(_Held(dataset))
    return rules


@dataclass(frozen=True)
class _Held:
    """A dataset that compares by its content, so that rules are built once per content."""

    dataset: Dataset

    def __hash__(self) -> int:
        return hash((self.dataset.id, self.dataset.content_hash))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and (self.dataset.id, self.dataset.content_hash) == (
            other.dataset.id,
            other.dataset.content_hash,
        )


@lru_cache(maxsize=128)
def _rules(held: _Held) -> dict[str, ProductRule]:
    dataset = held.dataset
    metrics, axes, limits = (dataset.tables[name] for name in ("metrics", "axes", "limits"))
    if "role" not in limits.columns:
        limits = limits.with_columns(role=pl.lit("primary"))
    grades = tuple(int(name[-1]) for name in GRADE_COLUMNS if name in limits.columns)
    if not grades or grades[-1] < 3:  # the limit itself may come from elsewhere (specified efficiency less tolerance)
        limits = limits.with_columns(grade_3=pl.lit(None, dtype=pl.Float64))
        grades = (*grades, 3)
    return {
        product: ProductRule(
            product,
            dataset,
            limits.filter(pl.col("product") == product),
            tuple(
                _axis(row)
                for row in axes.filter(pl.col("product") == product).iter_rows(named=True)
                if _depends(limits.filter(pl.col("product") == product), str(row["attribute"]))
            ),
            tuple(_metric(row) for row in metrics.filter(pl.col("product") == product).iter_rows(named=True)),
            grades,
        )
        for product in metrics["product"].unique(maintain_order=True)
    }


def _depends(limits: pl.DataFrame, attribute: str) -> bool:
    """Tell whether any limit of a product depends on an axis of its standard."""
    names = [name for name in (attribute, f"{attribute}_min", f"{attribute}_max") if name in limits.columns]
    return any(limits[name].is_not_null().any() for name in names)


def _axis(row: dict[str, object]) -> Axis:
    attribute = str(row["attribute"])
    ask = row["ask"]
    return Axis(
        attribute,
        str(row["how"]),
        bool(row["required"]),
        tuple(ask) if isinstance(ask, list) and ask else (attribute,),
        str(row["show_zh"]) if row["show_zh"] else None,
        str(row["show_en"]) if row["show_en"] else None,
        str(row["note_zh"]) if row["note_zh"] else None,
        str(row["note_en"]) if row["note_en"] else None,
    )


def _metric(row: dict[str, object]) -> Metric:
    attribute = str(row["attribute"])
    ask, above, to = row["ask"], row["valid_above"], row["valid_to"]
    return Metric(
        str(row["metric"]),
        attribute,
        str(row["name_zh"]),
        str(row["name_en"]),
        str(row["unit"] or ""),
        str(row["direction"]),
        str(row["rule"]),
        tuple(ask) if isinstance(ask, list) and ask else (attribute,),
        float(above) if isinstance(above, float) else None,
        float(to) if isinstance(to, float) else None,
        str(row["note_zh"] or ""),
        str(row["note_en"] or ""),
    )

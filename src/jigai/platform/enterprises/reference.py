"""What the core's datasets offer to forms: industry classes, and products with their processes and units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from jigai.platform.enterprises.naming import initials
from jigai.platform.standards import active
from jigai.reference import Reference


def reference(as_of: date) -> Reference:
    """Return the datasets in force on ``as_of`` by the set in use (``standards.active``)."""
    return active.reference(as_of)


@dataclass(frozen=True)
class IndustryClass:
    """An industry class (行业小类) of GB/T 4754 with the division (大类) it belongs to."""

    code: str
    name: str
    division_code: str
    division: str
    group: str
    initials: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@active.kept
def industry_classes(as_of: date) -> dict[str, IndustryClass]:
    """Return every class by its code."""
    table = reference(as_of).table("gb4754-2017", "classes")
    return {
        row["code"]: IndustryClass(
            row["code"],
            row["name"],
            row["division_code"],
            row["division_name"],
            row["group_name"],
            initials(row["name"]),
        )
        for row in table.iter_rows(named=True)
    }


def divisions(as_of: date) -> dict[str, str]:
    """Return the divisions (大类) by code."""
    return {one.division_code: one.division for one in industry_classes(as_of).values()}


def find_classes(words: str, as_of: date, limit: int = 12) -> list[IndustryClass]:
    """Return the classes that fit, best first: code from the left, then name, division, pinyin initials."""
    asked = words.strip().lower()
    if not asked:
        return []
    code = asked.split()[0]
    if code.isdigit():
        return [one for key, one in industry_classes(as_of).items() if key.startswith(code)][:limit]
    ranked = []
    for one in industry_classes(as_of).values():
        at = min(
            (rank for rank, hit in enumerate(_hits(one, asked)) if hit),
            default=None,
        )
        if at is not None:
            ranked.append((at, len(one.name), one.code, one))
    return [one for *_rank, one in sorted(ranked, key=lambda entry: entry[:3])][:limit]


def _hits(one: IndustryClass, asked: str) -> tuple[bool, ...]:
    name = one.name.lower()
    return (
        name == asked,
        name.startswith(asked),
        one.initials.startswith(asked),
        asked in name,
        asked in one.group or asked in one.division,
        asked in one.initials,
    )


def class_name(code: str, as_of: date) -> str:
    """Return code and name of a class; a code of no class stands alone."""
    found = industry_classes(as_of).get(code)
    return str(found) if found else code


def settle_class(text: str, as_of: date) -> str:
    """Return the code that was meant: typed as code, as “code name”, or as a name only one class has.

    ``ValueError`` says how to find it.
    """
    known = industry_classes(as_of)
    if text[:4] in known and not text[4:5].isdecimal():
        return text[:4]
    same = [one for one in known.values() if one.name == text]
    if len(same) == 1:
        return same[0].code
    raise ValueError(_("没有“%(text)s”这一行业小类：请输入名称、代码或拼音首字母，再从列表中选一项。") % {"text": text})


@dataclass(frozen=True)
class Product:
    """A product and process of the sector benchmarks (重点领域能效水平), with the unit energy is given in."""

    field: str
    product: str
    process: str
    unit: str
    initials: str


@active.kept
def products(as_of: date) -> tuple[Product, ...]:
    """Return the products whose lines can be judged; the same product and process once."""
    table = reference(as_of).table("sector-benchmarks-2023", "benchmarks")
    seen: dict[tuple[str, str, str], Product] = {}
    for row in table.iter_rows(named=True):
        key = (row["product"], row["process"] or "", row["unit"] or "")
        seen.setdefault(key, Product(row["field"], *key, initials(row["product"])))
    return tuple(seen.values())


def find_products(words: str, as_of: date, limit: int = 12) -> list[Product]:
    """Return the products that fit by product, process, field or pinyin initials; without words the first ones."""
    asked = words.strip().lower()
    found = [
        one
        for one in products(as_of)
        if asked in f"{one.product} {one.process} {one.field}".lower() or one.initials.startswith(asked)
    ]
    return found[:limit]

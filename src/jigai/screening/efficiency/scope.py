"""Which product of which standard a device is, read from data; and what to say where none can be told.

The table ``scope`` is a decision list per kind: the first row whose condition is true speaks. A row with a product
names it, a row without says why the device is outside. Rows marked ``ask`` tell what is missing when no row is true
and some could still be; a last row may name what to ask (``otherwise``) where no row speaks at all.
"""

from __future__ import annotations

import polars as pl

from jigai.reference import Reference
from jigai.screening.efficiency.conditions import condition

TABLES = ("products", "scope")


def products(reference: Reference) -> pl.DataFrame:
    """Return all products known to the reference: product, kind, family (standard numbers without year), names."""
    return pl.concat([d.tables["products"] for d in reference.datasets.values() if set(TABLES) <= set(d.tables)])


def needed(reference: Reference) -> set[str]:
    """Return the attributes the scope conditions read."""
    return {field for text in conditions(reference)["condition"] for field in condition(text).fields}


def conditions(reference: Reference) -> pl.DataFrame:
    """Return the decision lists, rows in the order in which they are heard."""
    tables = [d.tables["scope"] for d in reference.datasets.values() if set(TABLES) <= set(d.tables)]
    return pl.concat(tables).sort("order", maintain_order=True)


def products_by_kind(reference: Reference) -> set[tuple[str, str]]:
    """Return every pair of kind and product that a device can come to."""
    named = products(reference).select("kind", "product")
    return set(pl.concat([named, conditions(reference).select("kind", "product").drop_nulls()]).rows())


def assign(devices: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return per sig: product (null where none), inferred (the product is only likely), missing, reason_zh/en.

    ``devices`` holds sig, kind, subkind and every attribute of `needed`; kinds without products are left out.
    ``missing`` is set where the product hangs on unknown attributes, ``reason`` where the device is outside; all null
    where no row of the kind speaks.
    """
    known, scope = products(reference), conditions(reference)
    parts = [none_assigned(devices.clear())]
    for kind in scope["kind"].unique(maintain_order=True):
        mine = devices.filter(pl.col("kind") == kind)
        if mine.height:
            parts.append(_decide(mine, scope.filter(pl.col("kind") == kind), known.filter(pl.col("kind") == kind)))
    return pl.concat(parts)


def none_assigned(devices: pl.DataFrame) -> pl.DataFrame:
    """Return the shape of `assign` for devices that no product can be told of."""
    texts = ("product", "missing", "reason_zh", "reason_en")
    none = [pl.lit(None, dtype=pl.String).alias(name) for name in texts]
    return devices.select("sig", *none[:1], pl.lit(value=False).alias("inferred"), *none[1:])


def _decide(devices: pl.DataFrame, rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    place: pl.Expr = pl.lit(None, dtype=pl.Int32)
    missing: list[pl.Expr] = []
    numbered = list(enumerate(rows.iter_rows(named=True)))
    for index, row in reversed(numbered):
        stated = condition(row["condition"])
        place = pl.when(stated.expr()).then(pl.lit(index, dtype=pl.Int32)).otherwise(place)
        if row["ask"]:
            asked = stated.missing_expr()
            missing.insert(0, pl.when(asked != "").then(asked))
    facts = rows.select(
        "product",
        "reason_zh",
        "reason_en",
        inferred=pl.col("basis").eq_missing("inferred"),
        otherwise=pl.col("otherwise").list.join(";"),
    )
    hung = pl.concat_str(missing, separator=";", ignore_nulls=True) if missing else pl.lit("")
    named = _named_subkind(known)
    return (
        devices.select("sig", place=place, hung=hung, named=named)
        .join(facts.with_row_index("place").cast({"place": pl.Int32}), on="place", how="left")
        .select(
            "sig",
            product=pl.coalesce("named", "product"),
            inferred=pl.col("inferred").fill_null(value=False) & pl.col("named").is_null(),
            missing=pl.when(pl.col("named").is_null()).then(
                pl.when(pl.col("place").is_null() & (pl.col("hung") != ""))
                .then(pl.col("hung").str.split(";").list.unique(maintain_order=True).list.join(";"))
                .otherwise("otherwise")
            ),
            reason_zh=pl.when(pl.col("named").is_null() & pl.col("product").is_null()).then("reason_zh"),
            reason_en=pl.when(pl.col("named").is_null() & pl.col("product").is_null()).then("reason_en"),
        )
    )


def _named_subkind(known: pl.DataFrame) -> pl.Expr:
    """Return the product a subkind names by itself, null where it names none."""
    aliases = known.select("product", name="also").explode("name").drop_nulls()
    names = pl.concat([known.select("product", name="product"), aliases])
    return pl.col("subkind").replace_strict(
        names["name"].to_list(), names["product"].to_list(), default=None, return_dtype=pl.String
    )

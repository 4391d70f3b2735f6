"""Check ``efficiency``: the grade of a device by the mandatory efficiency standard in force on the day."""

from __future__ import annotations

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Gap, Reference
from jigai.screening.batch import Batch
from jigai.screening.efficiency import prepare, scope
from jigai.screening.efficiency.judge import attributes_of, judge
from jigai.screening.efficiency.looks import looks
from jigai.screening.efficiency.standards import rules_in_force
from jigai.screening.efficiency.wording import PACKAGE, Language, in_words
from jigai.screening.schema import as_findings
from jigai.screening.sentences import sentence

__all__ = ["check", "looks"]


def check(batch: Batch) -> pl.DataFrame:
    """Grade every device of the batch: one finding per sig (columns sig + FINDING).

    Outcomes: ``grade_1`` … ``grade_5``, ``below_limit``, ``undecided`` (``missing`` names attributes, an edition not
    held, or a part of the table not held) and ``out_of_scope``. ``mandatory`` is always false: the standards bind
    making and selling (D5).
    """
    reference, rules = batch.reference, rules_in_force(batch.reference)
    wanted = {"kind", "subkind", *scope.needed(reference), *prepare.NEEDED}
    known = attribute_dtypes()
    wanted |= {name for rule in rules.values() for name in attributes_of(rule) if name in known}
    devices = batch.with_columns_for(sorted(wanted)).select("sig", *sorted(wanted))
    kinds = devices.select("sig", "kind")
    concerned = pl.col("kind").is_in(scope.products(reference)["kind"].unique().to_list()).fill_null(value=False)
    others = scope.none_assigned(devices.filter(~concerned))
    devices = prepare.prepare(devices.filter(concerned), reference)
    assigned = pl.concat([scope.assign(devices, reference), others])
    parts = [
        _without_rule(assigned.filter(~pl.col("product").is_in(list(rules)).fill_null(value=False)), kinds, reference)
    ]
    for product in sorted(assigned["product"].drop_nulls().unique().to_list()):
        if product in rules:
            mine = assigned.filter(pl.col("product") == product).select("sig", product_inferred="inferred")
            columns = [name for name in attributes_of(rules[product]) if name in devices.columns]
            parts.append(judge(mine.join(devices.select("sig", *columns), on="sig"), rules[product]))
    return pl.concat([as_findings(part) for part in parts]).sort("sig")


def _without_rule(assigned: pl.DataFrame, kinds: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Findings of devices that no standard in force grades: undecided or out of scope, with the reason."""
    known = scope.products(reference)
    frame = assigned.join(kinds, on="sig").join(_not_held(known, reference), on="product", how="left")
    has_standard = pl.col("kind").is_in(known["kind"].unique().to_list()).fill_null(value=False)
    frame = frame.with_columns(
        missing=pl.when(pl.col("kind").is_null()).then(pl.lit("kind")).otherwise(pl.coalesce("missing", "edition")),
        missing_zh=pl.coalesce(in_words(pl.col("missing"), "zh"), "edition"),
        missing_en=pl.coalesce(in_words(pl.col("missing"), "en"), _edition_in_english()),
    )

    def say(language: Language) -> pl.Expr:
        keyed = {
            key: sentence(key, language, package=PACKAGE)
            for key in ("edition_not_held", "no_product", "outside", "not_listed", "no_standard", "no_kind")
        }
        return (
            pl.when(pl.col("kind").is_null())
            .then(keyed["no_kind"])
            .when(pl.col("product").is_not_null())
            .then(keyed["edition_not_held"])
            .when(pl.col("missing").is_not_null())
            .then(keyed["no_product"])
            .when(pl.col("reason_zh").is_not_null())
            .then(keyed["outside"])
            .when(has_standard)
            .then(keyed["not_listed"])
            .otherwise(keyed["no_standard"])
        )

    return frame.select(
        "sig",
        "missing",
        check=pl.lit("efficiency"),
        outcome=pl.when(pl.col("missing").is_not_null()).then(pl.lit("undecided")).otherwise(pl.lit("out_of_scope")),
        mandatory=pl.lit(value=False),
        document=pl.when(pl.col("product").is_not_null()).then(pl.col("edition").str.strip_prefix(_NOT_HELD)),
        reason_zh=say("zh"),
        reason_en=say("en"),
    )


_NOT_HELD, _OF_THE_DAY = "版本未收录: ", "当日有效版本"


def _edition_in_english() -> pl.Expr:
    text = pl.col("edition").str.strip_prefix(_NOT_HELD)
    return text.str.replace(_OF_THE_DAY, "in the edition of that day", literal=True).str.replace_all(
        "、", ", ", literal=True
    )


def _not_held(known: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Return per product the editions in force that are not held, as ``版本未收录: GB 20052-2020``."""
    gaps = [gap for gap in reference.gaps if gap.kind == "edition" and gap.check in (None, "efficiency")]
    rows = []
    for product in known.iter_rows(named=True):
        documents = [gap.document for gap in gaps if _concerns(gap, product["product"], product["kind"])]
        text = "、".join(documents) or f"{'、'.join(product['family'] or [])} {_OF_THE_DAY}"
        rows.append({"product": product["product"], "edition": _NOT_HELD + text})
    return pl.DataFrame(rows, schema={"product": pl.String, "edition": pl.String})


def _concerns(gap: Gap, product: str, kind: str) -> bool:
    return product in gap.subkinds if gap.subkinds else kind in gap.equipment_kinds

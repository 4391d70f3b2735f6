"""Every listed model, written as an owner would write it, is found by its own row, and a longer one is not."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jigai import nameplate
from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.lists.candidates import find_candidates
from jigai.screening.lists.rulebook import Rulebook, rulebook

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(DAY)


def listed(reference: Reference, check: str) -> pl.DataFrame:
    """One device per model of the lists: name as the list names the product, model as it is printed."""
    parts = []
    for dataset in reference.by_check(check):
        rules = (
            dataset.tables["rules"]
            .select("entry_id", "kind", "product_zh", "models")
            .explode("models")
            .drop_nulls("models")
        )
        parts.append(rules.with_columns(dataset=pl.lit(dataset.id)))
    kinds = reference.table("kinds", "kinds").select("kind", zh="zh")
    return (
        pl.concat(parts)
        .join(kinds, on="kind")
        .select("entry_id", "dataset", "kind", name="zh", model="models", product="product_zh")
        .with_row_index("sig")
    )


def found(devices: pl.DataFrame, reference: Reference, book: Rulebook) -> pl.DataFrame:
    read = nameplate.read(devices.select("sig", "name", "model"), reference).devices
    frame = Batch(read, reference, DAY).with_columns_for(sorted(book.fields))
    pairs = find_candidates(frame, book).filter(pl.col("how") == "model")
    return pairs.join(book.rules.select("rule", "entry_id", "dataset"), on="rule")


@pytest.mark.parametrize("check", ["elimination", "guidance"])
def test_every_listed_model_is_found_by_its_own_row(reference, check):
    devices, book = listed(reference, check), rulebook(reference, check)
    assert devices.height > (8 if check == "guidance" else 1000)
    hit = found(devices, reference, book).select("sig", "entry_id", "dataset")
    lost = devices.join(hit, on=["sig", "entry_id", "dataset"], how="anti")
    assert lost.select("entry_id", "name", "model").rows() == []


@pytest.mark.parametrize("prefix", ["2", "X", "4", "K"])
def test_a_longer_model_is_another_model(reference, prefix):
    """Whole leading tokens: what stands before a listed model makes it another one (2BA6 is not BA6)."""
    book = rulebook(reference, "elimination")
    devices = listed(reference, "elimination").filter(pl.col("kind").is_in(["motor", "transformer", "machine_tool"]))
    printed = set(devices["model"])
    longer = devices.with_columns(model=prefix + pl.col("model")).filter(~pl.col("model").is_in(list(printed)))
    hit = found(longer, reference, book).join(longer.select("sig", "entry_id"), on=["sig", "entry_id"])
    assert hit.height == 0


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.str.replace_all("-", "－"),
        lambda text: text.str.replace_all("-", " - "),
        lambda text: text.str.to_lowercase(),
        lambda text: text + " ",
        lambda text: text.str.replace_all("×", "*"),
    ],
    ids=["full-width dash", "blanks", "lower case", "trailing blank", "asterisk"],
)
def test_how_a_model_is_typed_does_not_matter(reference, rewrite):
    book = rulebook(reference, "elimination")
    devices = listed(reference, "elimination").with_columns(model=rewrite(pl.col("model")))
    hit = found(devices, reference, book).select("sig", "entry_id", "dataset")
    lost = devices.join(hit, on=["sig", "entry_id", "dataset"], how="anti")
    assert lost.select("entry_id", "name", "model").rows() == []

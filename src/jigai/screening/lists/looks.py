"""What the checks by lists look at: of most devices the kind alone, of the others what the rows that may speak ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from jigai.reference import Reference
from jigai.screening.batch import Batch
from jigai.screening.cases import ORIGINS, seen
from jigai.screening.lists.designation import is_named, series_of_models, sized_kinds
from jigai.screening.lists.rulebook import TEXTS, Rulebook, parsed, rulebook

_KEYS: Final = ("kind", "model_key", "model_keys", "series_keys")
_DESIGNATION: Final = ("model", "model_norm", "series", *_KEYS[1:], *ORIGINS)
"""What every row looks at that may speak of a device."""
_ANY_MODEL: Final = "A1"
"""Stands for every designation of a device no row can speak of: there it only counts whether one is given."""
_ASKED: dict[tuple[str, date, str], Asked] = {}


def look_for_lists(batch: Batch, check: str) -> pl.DataFrame:
    """Return ``sig`` and what the lists of ``check`` look at, blank where they do not look.

    Which rows may speak of a device is settled by kind and keys; only what these rows ask is looked at. A device that
    no row can speak of is silent whatever else is known of it.
    """
    book, devices = rulebook(batch.reference, check), batch.devices
    keys = devices.select(_KEYS).unique(maintain_order=True).with_row_index("_key")
    key = devices.select(_KEYS).join(keys, on=_KEYS, how="left", nulls_equal=True, maintain_order="left")["_key"]
    asked = _asked_of(keys, book, _asked(batch.reference, book, check))
    places = {str(name): rows["_key"] for (name,), rows in asked.partition_by("name", as_dict=True).items()}
    kinds = asked.join(keys.select("_key", "kind"), on="_key").group_by("name").agg(pl.col("kind").unique())
    by_kind = {name: frozenset(of) for name, of in kinds.rows() if name not in (*_DESIGNATION, "name")}

    def where(name: str) -> pl.Expr:
        looked = pl.int_range(keys.height, dtype=pl.UInt32).is_in(places.get(name, keys["_key"].clear()).implode())
        return pl.lit(pl.select(looked).to_series().gather(key))

    frame = seen(batch, by_kind | dict.fromkeys((*_DESIGNATION, "kind_reason", "name")))
    told = [name for name in frame.columns if name not in ("sig", "kind", "kind_reason", "model", "name")]
    spoken_of = where("model")
    return frame.select(
        "sig",
        "kind",
        kind_reason=pl.when(pl.col("kind").is_null()).then("kind_reason"),
        name=pl.when(where("name") | (spoken_of & pl.col("model").is_null())).then("name"),
        model=pl.when(spoken_of).then("model").when(pl.lit(_named(devices, book))).then(pl.lit(_ANY_MODEL)),
        **{name: pl.when(where(name)).then(name) for name in told},
    )


def _asked_of(keys: pl.DataFrame, book: Rulebook, asked: Asked) -> pl.DataFrame:
    """Return ``_key`` and ``name``: what is asked of the devices with these keys, by rows and where no row speaks."""
    grouped = keys.join(book.groups.select("kind", "group"), on="kind", maintain_order="left")
    found = [grouped.join(asked.kinds, on="kind").select("_key", "name")]
    for column, rows in (("model_keys", asked.models), ("series_keys", asked.series)):
        spread = grouped.select("_key", "group", key=column).explode("key", empty_as_null=True).drop_nulls("key")
        found.append(spread.join(rows, on=["group", "key"]).select("_key", "name"))
    only_series = grouped.join(asked.alone, on=["group", "model_key"], how="semi").select("_key")
    found.append(only_series.join(pl.DataFrame({"name": _DESIGNATION}), how="cross"))
    return pl.concat(found).unique()


@dataclass(frozen=True)
class Asked:
    """The attributes the rows of a list ask (``name``) of a kind, of a model's or a series' key.

    ``alone``: series that say nothing without the rest of the designation (group, model_key).
    """

    kinds: pl.DataFrame
    models: pl.DataFrame
    series: pl.DataFrame
    alone: pl.DataFrame


def _asked(reference: Reference, book: Rulebook, check: str) -> Asked:
    """Return what is asked, put together once per content and day."""
    known = (reference.content_hash, reference.as_of, check)
    if known not in _ASKED:
        pairs: list[tuple[int, str]] = []
        for row in book.rules.iter_rows(named=True):
            texts = [row["condition"], row["common"], *(dated["condition"] for dated in row["deadlines"] or ())]
            names = {name for text in texts if text for name in parsed(text).fields} | set(_DESIGNATION)
            if row["name_any"] is not None or row["name_not"] is not None:
                names |= {*TEXTS, row["asks"] or "name"}
            pairs += [(row["rule"], name) for name in sorted(names)]
        rows = pl.DataFrame(pairs, schema={"rule": pl.UInt32, "name": pl.String}, orient="row")
        parts = book.parts.select("kind", "condition").rows()
        named = [(kind, name) for kind, text in parts for name in sorted(parsed(text).fields)]
        of_parts = pl.DataFrame(named, schema=dict.fromkeys(("kind", "name"), pl.String()), orient="row")
        _ASKED[known] = Asked(
            pl.concat([book.kinds.join(rows, on="rule").select("kind", "name"), of_parts]).unique(),
            book.models.join(rows, on="rule").select("group", "key", "name").unique(),
            book.series.join(rows, on="rule").select("group", "key", "name").unique(),
            series_of_models(book),
        )
    return _ASKED[known]


def _named(devices: pl.DataFrame, book: Rulebook) -> pl.Series:
    """Per device: is there a designation to compare? Asked once per kind and designation, tidied where it can be."""
    known = [name for name in ("kind", "model_norm", "series") if name in devices.columns]
    raw = pl.when(pl.col("model_norm").is_null()).then("model").alias("model") if "model_norm" in known else "model"
    designations = devices.select(*known, raw)
    distinct = designations.unique(maintain_order=True)
    distinct = distinct.with_columns(_named=is_named(distinct, sized_kinds(book)))
    on = designations.columns
    return designations.join(distinct, on=on, how="left", nulls_equal=True, maintain_order="left")["_named"]

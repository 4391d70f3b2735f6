"""Settling the kind of a device from up to four witnesses, and saying why.

The name, the category column, a word in brackets and the shape of the model may each tell a kind. They are heard in
the order of ``decisions``; who contradicts whom is said in ``kind_reason``, and a contradiction between two firm
witnesses leaves the kind open.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from jigai.nameplate.grammar import Grammar, read_bodies
from jigai.nameplate.language import Language

_ALONE: Final = ("strong", "weak")
_BORNE_OUT: Final = ("strong", "fit")


def read_models(shapes: pl.DataFrame, by_kind: dict[str, list[Grammar]], words: Language) -> pl.DataFrame:
    """Read the body of every shape by the grammars of its named kind, and by all where that does not settle it.

    ``shapes`` has ``shape``, ``body``, ``named`` (kind of the name, null if none), ``anchored``. Returns one row per
    shape and kind that can read it, with ``strength`` and the attributes read.
    """
    bodies = shapes.filter(pl.col("body").is_not_null()).select("body", "named", "anchored", rid="shape")
    read: list[pl.DataFrame] = []
    for kind, rows in bodies.partition_by("named", as_dict=True).items():
        if kind[0] in by_kind:
            read += read_bodies(rows.select("rid", "body"), by_kind[kind[0]], words)
    settled = _ids([frame.filter(pl.col("strength").is_in(_BORNE_OUT)) for frame in read])
    open_ = bodies.join(settled, on="rid", how="anti", maintain_order="left")
    for kind_name, of_kind in by_kind.items():
        rows = open_.filter(pl.col("named").ne_missing(kind_name)).select("rid", "body")
        read += read_bodies(rows, of_kind, words, _ALONE)
    schema = {"rid": pl.UInt32(), "kind": pl.String(), "order": pl.Int64(), "strength": pl.String()}
    return pl.concat([pl.DataFrame(schema=schema), *read], how="diagonal").rename({"rid": "shape"})


def _ids(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema={"rid": pl.UInt32()}), *(frame.select("rid") for frame in frames)])


def decide(cases: pl.DataFrame, read: pl.DataFrame, words: Language) -> pl.DataFrame:
    """Return ``rid``, ``kind``, ``kind_reason`` for every case, and the two kinds (Chinese) where they contradict.

    ``cases`` has ``rid``, ``shape``, ``named``, ``anchored``, ``word``, ``firm``, ``texted`` (kind of the category
    column), ``aside``, ``given`` (a kind set beforehand) and ``model_norm``; ``read`` is by ``shape``.
    """
    groups = dict(words.kinds.select("kind", "group").iter_rows())
    names = dict(words.kinds.select("kind", "zh").iter_rows())

    def group(kind: pl.Expr) -> pl.Expr:
        return kind.replace_strict(groups, default=None, return_dtype=pl.String)

    named_of = cases.select("shape", "named").unique()
    claims = read.join(named_of, on="shape").select("shape", "kind", "named", "strength")
    own = claims.filter(pl.col("kind") == pl.col("named")).select("shape", pl.col("strength").alias("own"))
    others = (
        claims.filter(pl.col("kind").ne_missing(pl.col("named")))
        .sort("kind")
        .group_by("shape")
        .agg(
            pl.col("kind").filter(pl.col("strength") == "strong").alias("s"),
            pl.col("kind").filter(pl.col("strength") == "weak").alias("w"),
        )
    )
    frame = cases.join(own, on="shape", how="left", maintain_order="left")
    frame = frame.join(others, on="shape", how="left", maintain_order="left")
    frame = frame.with_columns(
        pl.when(pl.col("s").list.len() == 1).then(pl.col("s").list.first()).alias("sure"),
        pl.when(pl.col("s").list.len() == 1)
        .then(pl.col("s").list.first())
        .when(pl.col("s").list.len().fill_null(0) == 0, pl.col("w").list.len() == 1)
        .then(pl.col("w").list.first())
        .alias("likely"),
        pl.concat_list(pl.col("s").fill_null([]), pl.col("w").fill_null([])).list.sort().alias("claimed"),
    )
    named, sure, likely, texted = (pl.col(name) for name in ("named", "sure", "likely", "texted"))
    firm = pl.col("anchored") & pl.col("firm")
    same_group = (group(named) == group(likely)).fill_null(False)
    seconded = (sure == texted).fill_null(False) | (sure == pl.col("aside")).fill_null(False)
    outcomes: list[tuple[pl.Expr, str, pl.Expr]] = [
        (pl.col("given").is_not_null(), "given", pl.col("given")),
        (named.is_not_null() & pl.col("own").is_in(_BORNE_OUT), "name_and_model", named),
        (named.is_not_null() & ~firm & same_group, "model_in_group", likely),
        (named.is_not_null() & firm & same_group, "name", named),
        (pl.col("anchored") & sure.is_not_null() & seconded, "model_seconded", sure),
        (firm & sure.is_not_null() & (named == texted), "name_seconded", named),
        (firm & sure.is_not_null(), "conflict", pl.lit(None, pl.String)),
        (firm & named.is_not_null(), "name", named),
        (named.is_not_null() & sure.is_not_null(), "model_over_loose_name", sure),
        (named.is_not_null() & pl.col("anchored"), "name", named),
        (named.is_not_null() & pl.col("own").is_not_null(), "name_and_model", named),
        (named.is_not_null() & (named == texted), "name_and_category", named),
        (sure.is_not_null(), "model", sure),
        (texted.is_not_null() & pl.col("claimed").list.contains(texted), "category_and_model", texted),
        (texted.is_not_null() & likely.is_null(), "category", texted),
        (likely.is_not_null(), "model", likely),
        (pl.col("claimed").list.len() > 1, "several", pl.lit(None, pl.String)),
        (named.is_not_null(), "loose_name", pl.lit(None, pl.String)),
        (pl.col("model_norm").is_not_null(), "unreadable", pl.lit(None, pl.String)),
    ]
    kind, key = pl.lit(None, pl.String), pl.lit("nothing")
    for when, reason, value in reversed(outcomes):
        kind = pl.when(when.fill_null(False)).then(value).otherwise(kind)
        key = pl.when(when.fill_null(False)).then(pl.lit(reason)).otherwise(key)
    frame = frame.with_columns(kind.alias("kind"), key.alias("reason_key"))
    contradicted = pl.col("reason_key") == "conflict"
    frame = frame.with_columns(
        pl.when(contradicted)
        .then(named.replace_strict(names, default=None, return_dtype=pl.String))
        .alias("__kind_named"),
        pl.when(contradicted)
        .then(sure.replace_strict(names, default=None, return_dtype=pl.String))
        .alias("__kind_shown"),
    )
    table = dict(words.writing["kind_reasons"].select("key", "zh").iter_rows())
    said = [
        rows.select("rid", "kind", *_CONTRADICTION, _reason(table[str(key[0])], names))
        for key, rows in _by_reason(frame)
    ]
    return pl.concat([pl.DataFrame(schema=_DECIDED), *said])


_CONTRADICTION: Final = ("__kind_named", "__kind_shown")
_DECIDED: Final = {"rid": pl.UInt32()} | dict.fromkeys(("kind", *_CONTRADICTION, "kind_reason"), pl.String())
_MARK: Final = re.compile(r"\{(\w+)\}")


def _by_reason(frame: pl.DataFrame) -> list[tuple[tuple[object, ...], pl.DataFrame]]:
    return [(key, rows) for key, rows in frame.partition_by("reason_key", as_dict=True).items()]


def _reason(template: str, names: dict[str, str]) -> pl.Expr:
    """Return the Chinese sentence for one outcome, kinds by their Chinese names."""
    chinese = pl.element().replace_strict(names, default=None, return_dtype=pl.String)

    def part(mark: str) -> pl.Expr:
        if mark == "claimed":
            return pl.col(mark).list.eval(chinese).list.join("、")
        column = {"model": "model_norm"}.get(mark, mark)
        said = (
            pl.col(column)
            if mark in ("word", "model")
            else pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
        )
        return said.fill_null("")

    text = pl.format(_MARK.sub("{}", template), *(part(mark) for mark in _MARK.findall(template)))
    return text.alias("kind_reason")

"""Cells → choices, flags, plain text and pole numbers, column by column."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from jigai.attributes import Attribute
from jigai.attributes.credit_code import is_credit_code, written
from jigai.ledger.values import tidied

_POLES: Final = r"^(?:2?p=)?(\d{1,2}(?:/\d{1,2})*)(?:\.0)?(?:极|p|级)?$"


@cache
def words(meaning: str) -> tuple[str, ...]:
    """Return the cell texts of ``cell_words.csv`` that mean yes, no, blank (nothing known) or ditto (as above)."""
    text = files("jigai.ledger").joinpath("cell_words.csv").read_text(encoding="utf-8")
    return tuple(row["written"] for row in csv.DictReader(text.splitlines()) if row["meaning"] == meaning)


def blanked(raw: pl.Expr) -> pl.Expr:
    """Make cells null that only say that nothing is known: ``/``, ``—``, ``无``, ``不详``."""
    return pl.when(~tidied(raw).is_in(words("blank"))).then(raw)


@cache
def _aliases(name: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    text = files("jigai.ledger").joinpath("choice_aliases.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["attribute"] == name]
    exact = {row["written"]: row["choice"] for row in rows if not row["written"].startswith("*")}
    parts = [(row["written"][1:], row["choice"]) for row in rows if row["written"].startswith("*")]
    return exact, parts


def parse_choices(raw: pl.Series, item: Attribute) -> pl.DataFrame:
    """Read a column of choices: ``value`` is one of ``item.choices``; others get the code ``not_a_choice``.

    A choice is found by its own text or an alias of ``choice_aliases.csv``, also with a remark in brackets behind
    it; an alias marked ``*`` counts anywhere in the cell, the first in the table wins.
    """
    exact, parts = _aliases(item.name)
    if item.answers:  # a subject that words its own choices; the aliases above are of the ledger
        exact, parts = _answers(item), []
    table = {choice.lower(): choice for choice in item.choices} | exact
    text = tidied(pl.col("raw"))
    bare = text.str.replace(r"[(\[].*$", "")
    keys, choices = list(table), list(table.values())
    value = pl.coalesce(
        text.replace_strict(keys, choices, default=None, return_dtype=pl.String),
        bare.replace_strict(keys, choices, default=None, return_dtype=pl.String),
    )
    if parts:
        # An empty choice marks a part that makes the cell unclear (不, 未): it must stop the search, so it is kept
        # as an empty text until all parts were tried.
        found = [pl.when(bare.str.contains(part, literal=True)).then(pl.lit(choice)) for part, choice in parts]
        value = pl.coalesce([value, *found]).replace({"": None})
    return (
        raw.alias("raw")
        .to_frame()
        .with_columns(value.alias("value"))
        .select(
            "value",
            pl.when(pl.col("raw").is_not_null() & pl.col("value").is_null()).then(pl.lit("not_a_choice")).alias("code"),
        )
    )


@cache
def _answers(item: Attribute) -> dict[str, str]:
    """Every way to write the choices of an attribute, as cells are written when they are compared."""
    names = [
        (name, answer.key)
        for answer in item.answers
        for name in (*answer.aliases, answer.zh, answer.en, answer.key)
        if name
    ]
    frame = pl.DataFrame(names, schema={"name": pl.String(), "key": pl.String()}, orient="row")
    return dict(frame.select(tidied(pl.col("name")), "key").iter_rows())


def parse_codes(raw: pl.Series) -> pl.DataFrame:
    """Read credit codes; one with a wrong sign, length or check sign gets the code ``credit_code_wrong``."""
    distinct = raw.drop_nulls().unique()
    codes = [written(text) for text in distinct]
    right = [code if is_credit_code(code) else None for code in codes]
    value = raw.replace_strict(distinct, right, default=None, return_dtype=pl.String)
    return (
        raw.alias("raw")
        .to_frame()
        .with_columns(value.alias("value"))
        .select(
            "value",
            pl.when(pl.col("raw").is_not_null() & pl.col("value").is_null())
            .then(pl.lit("credit_code_wrong"))
            .alias("code"),
        )
    )


def parse_flags(raw: pl.Series) -> pl.DataFrame:
    """Read a column of yes and no; anything else gets the code ``not_a_flag``."""
    text = tidied(pl.col("raw"))
    value = (
        pl.when(text.is_in(words("yes")))
        .then(pl.lit(value=True))
        .when(text.is_in(words("no")))
        .then(pl.lit(value=False))
        .otherwise(None)
    )
    known = [word for meaning in ("yes", "no", "blank") for word in words(meaning)]
    code = pl.when(text.is_not_null() & ~text.is_in(known)).then(pl.lit("not_a_flag"))
    return raw.alias("raw").to_frame().select(value.alias("value"), code.alias("code"))


def parse_texts(raw: pl.Series) -> pl.DataFrame:
    """Keep texts as they are, line breaks made blanks; text that looks like a formula gets ``formula_like_text``."""
    text = pl.col("raw").str.replace_all(r"\s+", " ").str.strip_chars()
    looks = pl.col("raw").str.contains(r"^[=@]|^\+[^\d]|^-[^\d\s-].*[(|!]|\|\s*'?\s*/[cC]")
    return (
        raw.alias("raw")
        .to_frame()
        .select(text.alias("value"), pl.when(looks).then(pl.lit("formula_like_text")).alias("code"))
    )


def parse_poles(raw: pl.Series) -> pl.DataFrame:
    """Read pole numbers as text (``4``, ``4极``, ``4P``, ``4/2``); others get the code ``not_a_number``."""
    value = tidied(pl.col("raw")).str.extract(_POLES)
    return (
        raw.alias("raw")
        .to_frame()
        .with_columns(value.alias("value"))
        .select(
            "value",
            pl.when(pl.col("raw").is_not_null() & pl.col("value").is_null()).then(pl.lit("not_a_number")).alias("code"),
        )
    )

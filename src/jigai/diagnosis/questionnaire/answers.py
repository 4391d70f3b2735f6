"""Answers: checked against the questionnaire, all at once; a wrong one is kept apart with the reason and the remedy."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from jigai.diagnosis.questionnaire.asked import Question, Questionnaire
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.telling import KEY
from jigai.ledger.cells import parse

ANSWERED: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "key": pl.String(),
    "feeds": pl.String(),
    "figure": pl.String(),
    "stands_for": pl.String(),
    "number": pl.Float64(),
    "text": pl.String(),
}
WRONG: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "key": pl.String(),
    "raw": pl.String(),
    "code": pl.String(),
    "message_zh": pl.String(),
    "message_en": pl.String(),
}
_OF_ROW: Final = re.compile(r"\{(raw|key|enterprise_id)\}")
_BY_TYPE: Final = {"choice": "not_a_choice", "flag": "not_a_flag"}


def read_answers(
    answers: pl.DataFrame, questionnaire: Questionnaire, enterprises: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the answers that can be used (`ANSWERED`) and those that cannot (`WRONG`), each with place and remedy.

    Args:
        answers: ``enterprise_id``, ``key`` of the question, ``value`` as typed; blanks are left out.
        questionnaire: what is asked.
        enterprises: ``enterprise_id``, ``code`` (industry class), ``sectors``, ``size``.

    A number, or a flag as 1 or 0, stands in ``number``; a choice in ``text``. The place of an answer is its
    enterprise and key; nothing that is wrong is dropped silently.
    """
    given = (
        answers.with_columns(raw=pl.col("value").str.strip_chars())
        .filter(pl.col("raw") != "")
        .unique([KEY, "key", "raw"])
    )
    strangers = given.join(enterprises, on=KEY, how="anti")
    given = given.join(enterprises.select(KEY, "code", "sectors", "size"), on=KEY)
    wrong = [_refused(strangers, "unknown_enterprise")]
    known = [one.key for one in questionnaire]
    wrong.append(_refused(given.filter(~pl.col("key").is_in(known)), "unknown_question"))
    good = []
    for question in questionnaire:
        mine = given.filter(pl.col("key") == question.key)
        if mine.is_empty():
            continue
        asked = question.asked_of()
        wrong.append(_refused(mine.filter(~asked), "not_asked", question))
        mine = mine.filter(asked)
        twice = pl.col(KEY).is_duplicated()
        wrong.append(_refused(mine.filter(twice), "given_twice", question))
        read = _read(mine.filter(~twice), question)
        wrong += [
            _refused(read.filter(pl.col("code") == code), code, question)
            for code in read["code"].unique().sort()
            if code
        ]
        good.append(read.filter(pl.col("code").is_null()).select(ANSWERED.keys()))
    held = pl.concat(good) if good else pl.DataFrame(schema=ANSWERED)
    return held.filter(pl.col("number").is_not_null() | pl.col("text").is_not_null()).sort(KEY, "key"), pl.concat(
        wrong
    ).sort(KEY, "key", "raw")


def _read(mine: pl.DataFrame, question: Question) -> pl.DataFrame:
    item = question.attribute
    read = parse(mine["raw"], item)
    value = read["value"]
    number = value.cast(pl.Float64) if item.type in {"number", "integer", "flag"} else pl.Series([None] * mine.height)
    code = read["code"]
    general = _BY_TYPE.get(item.type, "not_a_number")
    told = pl.DataFrame({"code": code}).select(
        pl.when(pl.col("code") == "out_of_range").then("code").when(pl.col("code").is_not_null()).then(pl.lit(general))
    )
    return mine.drop("code").with_columns(
        feeds=pl.lit(question.feeds),
        figure=pl.lit(question.figure, pl.String),
        stands_for=pl.lit(question.stands_for, pl.String),
        number=number.cast(pl.Float64),
        text=value.cast(pl.String) if item.type in {"choice", "text"} else pl.lit(None, pl.String),
        code=told.to_series(),
    )


def _refused(frame: pl.DataFrame, code: str, question: Question | None = None) -> pl.DataFrame:
    said = keyed("answer_problems.csv", "code")[code]
    item = question.attribute if question else None
    values = {
        "zh": item.zh if item else "",
        "en": item.en if item else "",
        "unit": item.unit if item else "",
        "choices": "、".join(item.choices) if item else "",
        "minimum": "" if item is None or item.minimum is None else f"{item.minimum:g}",
        "maximum": "" if item is None or item.maximum is None else f"{item.maximum:g}",
    }
    messages = []
    for language in ("zh", "en"):
        text = said[language]
        for name, filled in values.items():
            text = text.replace("{" + name + "}", filled)
        columns = [pl.col(name).fill_null("") for name in _OF_ROW.findall(text)]
        messages.append(pl.format(_OF_ROW.sub("{}", text), *columns).alias(f"message_{language}"))
    return frame.select(KEY, "key", "raw", pl.lit(code).alias("code"), *messages)

"""Questions: an attribute table (D14) in a few files, each question with whom it is asked of and what it feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import polars as pl

from jigai.attributes import Attribute, AttributeFault, AttributeTableError, read_attributes
from jigai.diagnosis.tables import keyed

EXTRA: Final = ("sectors", "industries", "sizes", "feeds", "figure", "stands_for")
SIZES: Final = ("大型", "中型", "小型", "微型")
MEASURES: Final = "measures"
"""What a question feeds that is no part: the measures themselves."""


@dataclass(frozen=True)
class Question:
    """One question: the ``attribute`` it fills in, and whom it is asked of.

    ``sectors`` (of the plan), ``industries`` (beginnings of class codes) and ``sizes`` empty means everybody.
    ``feeds`` is the part it feeds, ``figure`` the item of a scheme or dataset within it, ``stands_for`` the annual
    fact it replaces where none was reported.
    """

    attribute: Attribute
    group: str
    sectors: tuple[str, ...]
    industries: tuple[str, ...]
    sizes: tuple[str, ...]
    feeds: str
    figure: str | None
    stands_for: str | None

    @property
    def key(self) -> str:
        """The name answers go by."""
        return self.attribute.name

    def asked_of(self) -> pl.Expr:
        """Return whether it is asked of an enterprise, over ``code``, ``sectors`` and ``size``; unknown counts as no.

        A size that is not known leaves the question in: it narrows, it does not exclude.
        """
        test = pl.lit(value=True)
        if self.sectors or self.industries:
            by_sector = pl.any_horizontal(pl.col("sectors").list.contains(one) for one in self.sectors or ("",))
            by_code = pl.any_horizontal(pl.col("code").str.starts_with(one) for one in self.industries or ("-",))
            test = by_sector | by_code.fill_null(value=False)
        if self.sizes:
            test &= pl.col("size").is_in(self.sizes).fill_null(value=True)
        return test.fill_null(value=False)


@dataclass(frozen=True, eq=False)  # told apart by what it is, so that it is cheap to look up by
class Questionnaire:
    """All questions in their order; keys are the names answers go by."""

    questions: tuple[Question, ...]

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def question(self, key: str) -> Question:
        """Return one question; ``KeyError`` says which is not there."""
        for one in self.questions:
            if one.key == key:
                return one
        raise KeyError(f"the questionnaire has no question {key}")

    def feeding(self, part: str) -> tuple[Question, ...]:
        """Return the questions that feed a part."""
        return tuple(one for one in self.questions if one.feeds == part)

    @classmethod
    def shipped(cls) -> Questionnaire:
        """Return the questionnaire that comes with jigai."""
        return _shipped()

    @classmethod
    def read(cls, places: Iterable[Path | Traversable]) -> Questionnaire:
        """Read the questions of some CSV files.

        Raises:
            AttributeTableError: naming file, row and column of everything that is wrong, and how to mend it.
        """
        questions: list[Question] = []
        faults: list[AttributeFault] = []
        for place in places:
            try:
                attributes = read_attributes(place, place.name, "问卷", "questionnaire", place.name, extra=EXTRA)
            except AttributeTableError as error:
                faults += error.faults
                continue
            made = [_question(one, place.name.removesuffix(".csv")) for one in attributes]
            faults += _faults(made, {one.key for one in questions}, place.name)
            questions += made
        if faults:
            raise AttributeTableError(faults)
        return cls(tuple(questions))


@cache
def _shipped() -> Questionnaire:
    folder = files("jigai.diagnosis").joinpath("data", "questionnaire")
    groups = [folder.joinpath(f"{group}.csv") for group in keyed("dimensions.csv")]
    return Questionnaire.read(groups)


def _question(attribute: Attribute, group: str) -> Question:
    own = attribute.extra
    return Question(
        attribute,
        group,
        _split(own["sectors"]),
        _split(own["industries"]),
        _split(own["sizes"]),
        own["feeds"],
        own["figure"] or None,
        own["stands_for"] or None,
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(";") if one.strip())


def _faults(questions: list[Question], taken: set[str], file: str) -> list[AttributeFault]:
    """Check what only this subject has; rows are counted as in a sheet without blank rows (the header is row 1)."""
    parts, facts = (*keyed("parts.csv", "part"), MEASURES), tuple(keyed("facts.csv", "name"))
    found = []
    for row, one in enumerate(questions, 2):
        if one.key in taken:
            found.append(AttributeFault(file, row, "name", "name_twice", {"value": one.key}))
        replaced = (one.stands_for,) if one.stands_for else ()
        wanted: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
            ("feeds", (one.feeds,), parts),
            ("sizes", one.sizes, SIZES),
            ("stands_for", replaced, facts),
        )
        for column, values, allowed in wanted:
            found += [
                AttributeFault(file, row, column, "not_one_of", {"value": value, "wanted": "、".join(allowed)})
                for value in values
                if value not in allowed
            ]
    return found

"""The register of indicators: what each is, in words, bound to the function that says what each one contributes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Final

import polars as pl

from jigai.plan.contributions import CONTRIBUTION, checked
from jigai.plan.parameters import completed, parameters
from jigai.plan.period import Period
from jigai.plan.sources import REGISTER, Sources, described
from jigai.plan.standings import scale
from jigai.plan.tables import table

Function = Callable[[Sources, Period, Mapping[str, object]], pl.DataFrame]
AGGREGATES: Final = ("sum", "count", "ratio", "mean", "index", "growth")
TIMES: Final = ("year", "cumulative", "at_date")
DRILLS: Final = ("enterprise", "site", "line", "device", "entry", "report", "project", "survey", "city")
_LISTS: Final = ("sources", "parameters", "beside")
_FLAGS: Final = ("addable", "monthly", "finance", "reportable", "zero_when_absent")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "aggregate": AGGREGATES,
    "time": TIMES,
    "better": ("up", "down"),
    "drill": DRILLS,
}
_functions: dict[str, Function] = {}


class RegistryError(ValueError):
    """The register of indicators is not sound; the text names every entry and what is wrong with it."""


@dataclass(frozen=True)
class Indicator:
    """One indicator: a row of ``data/indicators.csv`` and its ``function``.

    ``aggregate`` says how contributions make the value: ``sum`` and ``count`` of numerators; ``ratio``, ``mean`` and
    ``index`` sum of numerators ÷ sum of denominators; ``growth`` the same − 1. The value is in ``unit``; what is shown
    is value ÷ ``scale`` in ``display_unit`` with ``digits`` decimals. ``sources`` are needed, ``also`` are looked into
    where they exist. ``addable`` is no where the groups have different units, so that only a figure of one group has
    a value. ``zero_when_absent``: 0 with the reason, instead of no value, while a needed source does not exist.
    ``monthly``: it says something of a part of a year too. ``finance``: what each contributes is financial (the site
    shows it to those who may see that). ``group_words`` is the scale whose words the groups are. ``beside`` are the
    indicators shown next to it.
    """

    id: str
    zh: str
    en: str
    objective: str
    aggregate: str
    unit: str
    scale: Decimal
    display_unit: str
    digits: int
    definition: str
    formula_zh: str
    formula_en: str
    numerator_zh: str
    denominator_zh: str
    population: str
    sources: tuple[str, ...]
    also: tuple[str, ...]
    parameters: tuple[str, ...]
    group_zh: str
    group_en: str
    group_words: str
    addable: bool
    beside: tuple[str, ...]
    time: str
    monthly: bool
    better: str
    drill: str
    finance: bool
    reportable: bool
    zero_when_absent: bool
    note: str
    formula_source: str
    function: Function

    def compute(self, sources: Sources, period: Period, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Return what everyone contributes, for a period, as known on the day of ``sources``.

        Where a source it needs does not exist there is one row that says so, with the reason as label, and nobody
        else. Of one legal person it rests on rows of that person and of nobody in particular only, so that those who
        changed can be computed anew by themselves.

        Args:
            sources: everything as known at the end of one day.
            period: the year, or the part of it up to the end of a month.
            parameters: what the plan says, by the keys of ``data/parameters.csv``; the rest has its default.

        Raises:
            ParameterError: a parameter is unknown or cannot be used.
            SourceError: a source lacks what ``data/sources.csv`` promises.
            ContributionError: the function returned something no figure can rest on.
        """
        given = completed(parameters or {})
        lacking = [name for name in self.sources if not sources.there(name)]
        return checked(_absent(lacking, sources) if lacking else self.function(sources, period, given), self.id)


def _absent(lacking: list[str], sources: Sources) -> pl.DataFrame:
    """Return the row of each source that does not exist."""
    said = {"kind": "source", "numerator": 0, "denominator": 0, "should": 1, "reported": 0, "standing": "source_absent"}
    rows = [{**said, "key": name, "label": sources.absent.get(name, name)} for name in lacking]
    held = pl.DataFrame(rows)
    return held.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in CONTRIBUTION.items() if n not in held.columns)


def indicator(key: str) -> Callable[[Function], Function]:
    """Bind the function below to the entry ``key`` of the register; two for one key are refused."""

    def bind(function: Function) -> Function:
        if key in _functions and _functions[key] is not function:
            raise RegistryError(f"{key}: two functions, {_functions[key].__name__} and {function.__name__}")
        _functions[key] = function
        return function

    return bind


@cache
def registry() -> Mapping[str, Indicator]:
    """Return every indicator by its id, in the order of the table.

    Raises:
        RegistryError: naming everything that is wrong in the register at once.
    """
    import_module("jigai.plan.indicators")
    return assembled(table("indicators.csv"), _functions)


def assembled(rows: Iterable[Mapping[str, str]], functions: Mapping[str, Function]) -> Mapping[str, Indicator]:
    """Return the indicators of ``rows`` with their ``functions``; see `registry`."""
    listed = list(rows)
    known = {row["id"] for row in listed}
    wrong = [f"{key}: a function but no entry in indicators.csv" for key in functions if key not in known]
    if len(known) < len(listed):
        wrong.append("an id stands twice in indicators.csv")
    for row in listed:
        wrong += [f"{row['id']}: {fault}" for fault in _faults(row, known, functions)]
    if wrong:
        raise RegistryError("\n".join(wrong))
    return {row["id"]: _entry(row, functions[row["id"]]) for row in listed}


def _faults(row: Mapping[str, str], known: set[str], functions: Mapping[str, Function]) -> list[str]:
    """Say what is wrong with one entry."""
    wanted = [one.name for one in fields(Indicator) if one.name not in ("function", "also")]
    absent = [name for name in wanted if row.get(name) is None]
    if absent:
        return [f"columns missing: {', '.join(absent)}"]
    wrong = [] if row["id"] in functions else ["no function; bind one with @indicator"]
    for name in _split(row["sources"]):
        bare = name.removesuffix("?")
        if bare not in described() and not bare.startswith(REGISTER):
            wrong.append(f"no source {bare!r}; known: {', '.join(described())}, {REGISTER}<key>")
    wrong += [
        f"no parameter {name!r} in parameters.csv" for name in _split(row["parameters"]) if name not in parameters()
    ]
    wrong += [f"beside: no indicator {name!r}" for name in _split(row["beside"]) if name not in known]
    for name, allowed in _CHOICES.items():
        if row[name] not in allowed:
            wrong.append(f"{name} {row[name]!r}; write one of {', '.join(allowed)}")
    for name in _FLAGS:
        if row[name] not in ("yes", "no"):
            wrong.append(f"{name} {row[name]!r}; write yes or no")
    if row["group_words"]:
        try:
            scale(row["group_words"])
        except KeyError:
            wrong.append(f"group_words: no scale {row['group_words']!r} in scales.csv")
    return wrong


def _entry(row: Mapping[str, str], function: Function) -> Indicator:
    """Return one entry that is sound; a source written with ``?`` is one it also looks into."""
    sources = _split(row["sources"])
    made: dict[str, object] = {name: row[name] for name in row}
    made |= {name: _split(row[name]) for name in _LISTS} | {name: row[name] == "yes" for name in _FLAGS}
    made["sources"] = tuple(one for one in sources if not one.endswith("?"))
    made["also"] = tuple(one.removesuffix("?") for one in sources if one.endswith("?"))
    made |= {"scale": Decimal(row["scale"]), "digits": int(row["digits"]), "function": function}
    return Indicator(**made)  # type: ignore[arg-type]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())

"""The invented figures of production lines hang together, are the same every time, and have every level among them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest

from jigai.platform.enterprises.attributes import attributes
from jigai.platform.enterprises.fact_checks import doubts, line_words
from jigai.platform.enterprises.fact_values import read_value
from jigai.platform.enterprises.line_asking import asked_of
from jigai.platform.enterprises.models import Line
from jigai.platform.sample.firms import firms
from jigai.platform.sample.line_figures import LINE_YEARS, line_figures
from jigai.reference import Reference
from jigai.screening.lines import LEVELS, fields, judge_lines

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = date(2026, 4, 1)
SIZE = 300


def drawn():
    for firm in firms(SIZE):
        for place, site in enumerate(firm.sites):
            for number, made in enumerate(site.lines):
                line = Line(product=made.product, process=made.process, unit_energy_unit=made.energy_unit)
                line.capacity_unit, line.capacity = (
                    made.capacity_unit,
                    read_value(attributes()["product_capacity"], str(made.capacity)).number,
                )
                asked = [one.name for one in asked_of(line, DAY)]
                yield line, {year: line_figures(firm, place, number, year, asked) for year in LINE_YEARS}


def test_figures_raise_no_doubt_and_are_what_the_line_is_asked_for():
    known = attributes()
    for line, years in drawn():
        last = {}
        for year in LINE_YEARS:
            if years[year] is None:
                continue
            assert list(years[year]) == [one.name for one in asked_of(line, DAY)]
            values = {name: read_value(known[name], typed) for name, typed in years[year].items()}
            assert doubts(values | line_words(line), last, DAY) == []
            last = values


def test_the_same_every_time():
    assert [years for _line, years in drawn()] == [years for _line, years in drawn()]


def test_most_lines_have_full_figures_some_have_none_and_every_level_occurs():
    told = [(line, years[2025]) for line, years in drawn() if asked_of(line, DAY)]
    months = Counter(said["line_months"] if said else None for _line, said in told)
    assert months["12"] > 0.75 * len(told)
    assert 0 < months[None] < 0.15 * len(told)
    assert set(months) - {"12", None}
    rows = [
        {"line": place, "product": line.product, "process": line.process, "unit_energy_unit": line.unit_energy_unit}
        | {"unit_energy": said and float(said["line_unit_energy"])}
        | {name: float(said[name]) for name in fields() if said and name in said and name != "mine_size"}
        for place, (line, said) in enumerate(told)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    levels = Counter(judge_lines(frame, Reference.load(DAY), date(2025, 12, 31))["level"])
    assert set(levels) == set(LEVELS)
    assert min(levels[level] for level in LEVELS) >= 5

"""The register of indicators is sound, and says at load what is not."""

from __future__ import annotations

import pytest

from jigai.plan.contributions import CONTRIBUTION
from jigai.plan.registry import RegistryError, _functions, assembled, indicator, registry
from jigai.plan.sources import described
from jigai.plan.standings import reasons, scale, standings
from jigai.plan.tables import table

ROWS = table("indicators.csv")


def nothing(sources, period, parameters):
    raise AssertionError("not computed here")


def broken(**changes):
    """The register with one entry changed."""
    first, *others = registry() and ROWS
    return [{**first, **changes}, *others]


def test_every_entry_is_told_in_words():
    for one in registry().values():
        told = (one.zh, one.en, one.objective, one.definition, one.formula_zh, one.formula_en, one.numerator_zh)
        assert all(told) and one.population and one.formula_source, one.id
        assert one.definition.endswith("。") and one.definition.count("。") <= 4, one.id
        assert one.sources, one.id
        assert bool(one.group_zh) == bool(one.group_en), one.id
        assert one.scale > 0 and 0 <= one.digits <= 4, one.id
        assert one.unit or one.aggregate in ("ratio", "mean", "growth", "index"), one.id
        assert bool(one.denominator_zh) == (one.aggregate in ("ratio", "mean", "growth", "index")), one.id


def test_every_objective_has_an_indicator_and_two_for_o12():
    held = [one.objective for one in registry().values()]
    assert {f"O{number}" for number in range(1, 16)} <= set(held)
    headlines = {"obsolete_closed", "saving_level_share"}
    assert headlines <= {one.id for one in registry().values() if one.objective == "O12"}


def test_what_stands_beside_is_never_the_same_and_never_itself():
    for one in registry().values():
        assert one.id not in one.beside
        assert len(set(one.beside)) == len(one.beside)


def test_what_is_not_ours_to_report_is_not_reportable():
    for key in ("capacity_at_benchmark_with_proxies", "equipment_investment_dispatch", "capacity_not_judged"):
        assert not registry()[key].reportable
    assert registry()["capacity_at_benchmark"].reportable


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sources": "listed;ledgers"}, "no source 'ledgers'"),
        ({"sources": "projects?;nowhere?"}, "no source 'nowhere'"),
        ({"beside": "something"}, "beside: no indicator 'something'"),
        ({"parameters": "mood"}, "no parameter 'mood'"),
        ({"aggregate": "median"}, "aggregate 'median'; write one of sum"),
        ({"time": "always"}, "time 'always'"),
        ({"better": ""}, "better ''"),
        ({"drill": "moon"}, "drill 'moon'"),
        ({"reportable": "1"}, "reportable '1'; write yes or no"),
        ({"group_words": "colours"}, "group_words: no scale 'colours'"),
    ],
)
def test_an_entry_that_is_not_sound_is_named_at_load(changes, said):
    with pytest.raises(RegistryError, match="equipment_investment_cumulative") as error:
        assembled(broken(**changes), _functions)
    assert said in str(error.value)


def test_an_entry_without_function_and_a_function_without_entry_are_named_together():
    functions = {**_functions, "invented": nothing}
    del functions["nc_rate"]
    with pytest.raises(RegistryError) as error:
        assembled(ROWS, functions)
    assert "invented: a function but no entry" in str(error.value)
    assert "nc_rate: no function" in str(error.value)


def test_an_id_stands_once_and_no_column_is_missing():
    with pytest.raises(RegistryError, match="twice"):
        assembled([*ROWS, ROWS[0]], _functions)
    short = [{name: text for name, text in row.items() if name != "unit"} for row in ROWS]
    with pytest.raises(RegistryError, match="columns missing: unit"):
        assembled(short, _functions)


def test_a_second_function_for_one_indicator_is_refused():
    registry()
    with pytest.raises(RegistryError, match="nc_rate: two functions"):
        indicator("nc_rate")(nothing)


def test_standings_and_reasons_are_told_and_agree():
    for one in standings().values():
        assert one.zh and one.en and one.meaning_zh and one.meaning_en, one.key
        assert one.tone in ("ok", "ask", "warn", "stop", "busy", "idle"), one.key
        assert one.should or not one.reported, one.key
        assert not one.reason or (one.reason in reasons() and not one.reported and not one.counts), one.key
    for reason in reasons().values():
        assert reason.zh.endswith("。") and reason.en.endswith("."), reason.key


def test_scales_are_told_and_unknown_ones_refused():
    for name in {row["scale"] for row in table("scales.csv")}:
        assert all(level.zh and level.en for level in scale(name).values()), name
    assert [one.key for one in scale("park_level").values()] == list("ABCD")
    with pytest.raises(KeyError):
        scale("colours")


def test_sources_have_no_column_of_a_contribution_that_means_something_else():
    own = {"group", "numerator", "denominator", "should", "standing"}
    assert own <= set(CONTRIBUTION)
    assert [name for name, columns in described().items() if own & set(columns)] == []

"""Units cannot be mistaken: each formula, fed with quantities, gives the declared unit at the declared scale."""

from __future__ import annotations

import numpy as np
import pytest
from tests.appraisal.formulas import figures, formulas
from tests.appraisal.quantity import Quantity, UnitError, unit

from jigai.appraisal import constants
from jigai.appraisal.dimensions import quantities, units_of

FORMULAS = formulas()
PHYSICAL = {name: formula for name, formula in FORMULAS.items() if not units_of(formula).empirical}


@pytest.fixture
def constants_with_units(monkeypatch):
    for name, text in constants.UNITS.items():
        monkeypatch.setattr(constants, name, Quantity.of(getattr(constants, name), text))


def with_units(formula, values):
    return {name: Quantity.of(values[name], text) for name, text in units_of(formula).arguments.items()}


@pytest.mark.parametrize("name", PHYSICAL)
def test_a_formula_gives_the_unit_and_the_scale_it_declares(name, constants_with_units, monkeypatch):
    formula = PHYSICAL[name]
    found = formula(**with_units(formula, figures(formula)))
    in_unit = found.to(units_of(formula).result) if isinstance(found, Quantity) else found
    monkeypatch.undo()
    assert in_unit == pytest.approx(formula(**figures(formula)), rel=1e-12)


@pytest.mark.parametrize("name", PHYSICAL)
def test_it_gives_a_column_for_columns_and_the_same_figures(name):
    formula = FORMULAS[name]
    single = formula(**figures(formula))
    column = formula(**{key: np.full(4, value) for key, value in figures(formula).items()})
    assert column.shape == (4,)
    assert np.allclose(column, single, rtol=1e-14)


@pytest.mark.parametrize("name", FORMULAS)
def test_units_are_declared_in_words_the_docstring_tells_too(name):
    formula = FORMULAS[name]
    for text in (*units_of(formula).arguments.values(), units_of(formula).result):
        unit(text)
    assert "[" in formula.__doc__, name


def test_every_constant_has_a_unit_and_every_unit_a_constant():
    named = {name for name in vars(constants) if name.isupper() and name != "UNITS"}
    assert named == set(constants.UNITS)


def test_a_lost_factor_is_found(constants_with_units):
    """The test above can fail: the same formula without the seconds of an hour, without the hundred, in other units."""

    @quantities("kW", flow_m3h="m3/h", head_m="m")
    def careless(flow_m3h, head_m):
        return 1000.0 * constants.GRAVITY * flow_m3h * head_m / constants.W_PER_KW

    found = careless(**with_units(careless, {"flow_m3h": 100.0, "head_m": 10.0}))
    with pytest.raises(UnitError):
        found.to("kW")  # the density went in as a bare number
    water = Quantity.of(1000.0, "kg/m3") / 1000.0
    assert (found * water).to("kW") != pytest.approx(1000 * 9.81 * 100 * 10 / 1000)


def test_what_must_not_be_added_is_not():
    with pytest.raises(UnitError):
        Quantity.of(1.0, "kW") + Quantity.of(1.0, "kVA")
    with pytest.raises(UnitError):
        1.0 - Quantity.of(90.0, "%")
    with pytest.raises(UnitError):
        _ = Quantity.of(1.0, "MPa") > 1.0
    assert Quantity.of(1.0, "kW/(m3/min)").to("kJ/m3") == pytest.approx(60)


def test_units_that_do_not_fit_the_arguments_stop_the_import():
    with pytest.raises(TypeError, match="hours"):

        @quantities("kWh", power_kw="kW")
        def energy(power_kw, hours):
            return power_kw * hours

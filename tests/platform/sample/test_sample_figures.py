"""Annual figures of the sample city hang together, year by year and part by whole."""

from __future__ import annotations

import itertools
import random

import pytest

from jigai.platform.sample.figures import YEARS, firm_figures, mistyped, site_figures, titles
from jigai.platform.sample.firms import firms

CITY = list(firms(60))


def reported():
    for firm in CITY:
        for year in YEARS:
            said = firm_figures(firm, year)
            if said is not None:
                yield firm, year, said


def test_net_value_is_below_original_value():
    for _, _, said in reported():
        assert 0 < float(said["machinery_net"]) < float(said["machinery_original"])


def test_parts_are_not_more_than_the_whole():
    for firm in CITY:
        for place in range(len(firm.sites)):
            for year in YEARS:
                said = site_figures(firm, place, year, 40)
                if said is not None:
                    assert int(said["equipment_networked"]) <= int(said["equipment_total"])
                    assert int(said["key_processes_nc"]) <= int(said["key_processes"])
                    assert float(said["electricity"]) * 1.229 <= float(said["energy_total"]) * 1.01 + 1


def test_an_enterprise_and_its_sites_report_together():
    for firm in CITY:
        for year in YEARS:
            assert (firm_figures(firm, year) is None) == (site_figures(firm, 0, year, 10) is None)


def test_some_do_not_report_and_most_do():
    possible = sum(year >= firm.founded for firm in CITY for year in YEARS)
    share = sum(1 for _ in reported()) / possible
    assert 0.88 < share < 0.985


def test_revenue_moves_slowly():
    for firm in CITY:
        path = [float(said["main_revenue"]) for owner, _, said in reported() if owner is firm]
        assert all(0.6 < later / earlier < 1.7 for earlier, later in itertools.pairwise(path))


def test_digital_level_never_falls():
    words = ("未评定", "一级", "二级", "三级", "四级")
    for firm in CITY:
        path = [words.index(said["digital_level"]) for owner, _, said in reported() if owner is firm]
        assert path == sorted(path)
    assert {said["digital_level"] for _, _, said in reported()} >= set(words[:4])


def test_a_slip_is_of_ten_thousand():
    _, _, said = next(reported())
    slipped = mistyped(random.Random(1), said)
    changed = [name for name in said if said[name] != slipped[name]]
    assert len(changed) == 1
    assert float(slipped[changed[0]]) == pytest.approx(float(said[changed[0]]) * 10_000)


def test_some_hold_titles():
    held = [title["kind"] for firm in CITY for title in titles(firm)]
    assert "specialised_sme" in held
    assert len(held) < len(CITY) / 2

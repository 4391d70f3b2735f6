"""The sample city before it is stored: the same every time, and ledgers that the reader takes whole."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

import jigai
from jigai.ledger.columns import attribute_dtypes
from jigai.platform.sample.devices import NOW, devices
from jigai.platform.sample.draws import draw, table
from jigai.platform.sample.firms import ZONE, firms
from jigai.platform.sample.ledgers import BOOK_EVERY, WHOLE, keep_ledgers, write_ledgers
from jigai.reference import Reference


@pytest.fixture(scope="module")
def reference():
    return Reference.load(date(2026, 11, 23))


def test_a_larger_city_holds_the_smaller():
    assert list(firms(12)) == list(firms(40))[:12]


def test_another_seed_is_another_city():
    assert [one.name for one in firms(20)] != [one.name for one in firms(20, "other")]


def test_the_city_is_like_the_one_asked_for():
    city = list(firms(430))
    sites = [site for firm in city for site in firm.sites]
    assert len({firm.name for firm in city}) == len({firm.code_body for firm in city}) == 430
    assert 560 <= len(sites) <= 640
    assert {firm.sector["key"] for firm in city} == {one["key"] for one in table("sectors")}
    assert {site.manager for site in sites} == {"510402", "510403", "510411", "510421", "510422", ZONE}
    assert all(site.county != ZONE for site in sites)
    assert all(firm.name.endswith("（示例）") and firm.code_body.startswith("91510499") for firm in city)


def test_sectors_name_real_classes_and_known_recipes(reference):
    classes = set(reference.table("gb4754-2017", "classes")["code"])
    for sector in table("sectors"):
        assert set(sector["industries"]) <= classes, sector["key"]
        assert set(sector["equipment"]) <= set(table("equipment")), sector["key"]


def test_products_of_the_benchmark_table_are_named_as_there(reference):
    known = {
        (row["product"], row["process"] or "")
        for row in reference.table("sector-benchmarks-2023", "benchmarks").iter_rows(named=True)
    }
    made = {(line["product"], line["process"]) for sector in table("sectors") for line in sector["lines"]}
    assert len(made & known) >= 12


def test_machines_are_of_their_years(reference):
    for firm in firms(30):
        for line in devices(firm, reference):
            assert line.made <= line.in_service <= NOW
            assert line.quantity >= 1
            assert set(line.cells) <= set(attribute_dtypes())
    series = {
        line.model[:3]: line.made for firm in firms(60) for line in devices(firm, reference) if line.model[:3] == "YE5"
    }
    assert series
    assert min(series.values()) >= 2021


def test_half_as_many_lines_can_be_asked_for(reference):
    firm = next(iter(firms(1)))
    assert len(list(devices(firm, reference, 0.5))) == pytest.approx(len(list(devices(firm, reference))) / 2, abs=2)


def test_ledgers_are_the_same_bytes_each_time(reference, tmp_path):
    def hashes(folder):
        return [
            hashlib.sha256(path.read_bytes()).hexdigest()
            for _, path in write_ledgers(folder, BOOK_EVERY + 1, reference)
        ]

    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_they_are_written_once_and_never_over_something_else(tmp_path):
    place = tmp_path / "var" / "sample-ledgers"
    (tmp_path / "var" / ".sample-ledgers.new").mkdir(parents=True)
    (tmp_path / "var" / ".sample-ledgers.new" / "of a run that was cut off").touch()
    assert keep_ledgers(place, 3) is True
    names = sorted(path.name for path in place.iterdir())
    assert len(names) == 4 and WHOLE in names
    first = {path.name: path.stat().st_mtime_ns for path in place.iterdir()}
    assert keep_ledgers(place, 3) is False
    assert {path.name: path.stat().st_mtime_ns for path in place.iterdir()} == first
    with pytest.raises(FileExistsError):
        keep_ledgers(place, 4)
    (place / WHOLE).unlink()
    with pytest.raises(FileExistsError):
        keep_ledgers(place, 3)
    assert [path.name for path in place.parent.iterdir()] == ["sample-ledgers"]


def test_every_line_of_every_layout_is_read(reference, tmp_path):
    """Each text layout and each kind of workbook gives back exactly the lines that were written."""
    layouts = set()
    for firm, path in write_ledgers(tmp_path, 4 * BOOK_EVERY, reference, 0.4):
        if path.suffix == ".xlsx" or firm.number <= 16:
            written = list(devices(firm, reference, 0.4))
            ledger = jigai.read_ledger(path)
            assert not ledger.refused, path.name
            assert ledger.devices.height == len(written), path.name
            assert ledger.devices["quantity"].sum() == sum(line.quantity for line in written), path.name
            assert set(ledger.problems["severity"]) <= {"question", "note"}, path.name
            layouts.add((path.suffix, len(ledger.sheets) > 1, ledger.format))
    assert {suffix for suffix, _, _ in layouts} == {".xlsx", ".csv"}


def test_chance_depends_on_the_name_only():
    assert draw("s", "a", 1).random() == draw("s", "a", 1).random() != draw("s", "a", 2).random()

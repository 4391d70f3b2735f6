"""Register entries of the sample city, put in through the registers' own services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from jigai.platform.enterprises.models import LegalPerson
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.registers import services
from jigai.platform.registers.definition import registers
from jigai.platform.registers.shipped import load_shipped
from jigai.platform.registers.subjects import finder
from jigai.platform.sample.draws import draw, table
from jigai.platform.sample.firms import SEED, Firm
from jigai.platform.walls.actor import Actor

Rows = Iterator[dict[str, Any]]
SOURCE = "示例数据"


def load_registers(actor: Actor, drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> int:
    """Put the sample entries of every register in and return how many there are."""
    said = table("register_rows")
    made: dict[str, Rows] = {
        "two-integration": _two_integration(said["two-integration"]),
        "data-centres": iter(said["data-centres"]),
        "green-factories": _green_factories(said["green-factories"], drawn, people),
        "environmental-grades": _grades(said["environmental-grades"], drawn, people),
        "digital-maturity": _maturity(said["digital-maturity"], drawn, people),
        "guidance-visits": _visits(said["guidance-visits"], people),
        "park-risk": _park_risk(said["park-risk"]),
        "smart-factories": _smart_factories(said["smart-factories"], drawn, people),
        "smart-scenarios": _scenarios(said["smart-scenarios"], drawn, people),
        "base-stations-5g": _stations(said["base-stations-5g"]),
        "computing-power": iter(said["computing-power"]),
        "identifier-nodes": _nodes(said["identifier-nodes"], drawn, people),
        "investment-statistics": _investment(said["investment-statistics"]),
    }
    shipped = sum(load_shipped(actor, register) for register in registers().values())
    return shipped + sum(_add(actor, key, list(rows)) for key, rows in made.items())


def _add(actor: Actor, key: str, rows: list[dict[str, Any]]) -> int:
    register = registers()[key]
    find = finder(actor, register, rows)
    for row in rows:
        services.add_about(actor, register, find(row), row, source=SOURCE)
    return len(rows)


def _two_integration(said: dict[str, Any]) -> Rows:
    for year in said["years"]:
        index = {
            city: round(start + 1.6 * (year - 2021) + draw(SEED, "integration", city, year).uniform(-0.8, 1.2), 1)
            for city, start in zip(said["cities"], said["start"], strict=True)
        }
        for rank, city in enumerate(sorted(index, key=lambda one: -index[one]), 1):
            tier = next(name for last, name in said["tiers"] if rank <= last)
            yield {"city_name": city, "year": year, "index": index[city], "rank": rank, "tier": tier}


def _named(person: LegalPerson) -> dict[str, Any]:
    return {"enterprise_name": person.name, "credit_code": person.credit_code}


def _green_factories(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    for firm, person in zip(drawn, people, strict=True):
        chance = draw(SEED, "green", firm.number)
        if chance.random() < said["share"]:
            year = chance.randint(2019, 2025)
            yield _named(person) | {
                "level": chance.choice(said["level"]),
                "year": year,
                "score": round(chance.uniform(82, 96), 1),
                "review_on": date(max(year + 3, 2027 - (chance.random() < said["late"])), 6, 30),
            }


def _grades(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    for firm, person in zip(drawn, people, strict=True):
        sector = said["sectors"].get(firm.sector["key"])
        chance = draw(SEED, "grade", firm.number)
        if sector is None or chance.random() > said["share"] * 2:
            continue
        place = chance.choice([1, 2, 2, 3])
        for year in said["years"]:
            capacity = round(sum(line.capacity for site in firm.sites for line in site.lines), 2)
            yield _named(person) | {
                "sector": sector, "year": year, "grade": said["grades"][place], "capacity": capacity
            }  # fmt: skip
            place = max(0, place - (chance.random() < 0.3))


def _maturity(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    asked = [item.name for item in registers()["digital-maturity"].table if item.unit == "%"]
    for firm, person in zip(drawn, people, strict=True):
        chance = draw(SEED, "maturity", firm.number)
        if chance.random() > said["share"]:
            continue
        level = chance.triangular(10, 80, 32) + 4 * min(firm.scale, 4)
        for year in said["years"]:
            answers = {name: round(min(100, max(0, level + chance.uniform(-18, 18)))) for name in asked}
            yield _named(person) | {"year": year, "assessed_on": date(year, 9, 1 + firm.number % 28)} | answers
            level += chance.uniform(1, 8)


def _visits(said: dict[str, Any], people: Sequence[LegalPerson]) -> Rows:
    units = list(ManagingUnit.objects.all())
    for place, year in enumerate(said["years"]):
        for step in range(said["per_year"]):
            unit = units[(place * said["per_year"] + step) % len(units)]
            near = [person for person in people if person.manager_code == unit.code][: said["enterprises"]]
            for number, person in enumerate(near):
                chance = draw(SEED, "visit", year, unit.code, number)
                planned = date(year, 4 + 2 * number, 10 + step)
                found = chance.randint(3, 14)
                done = year < said["years"][-1]
                yield {
                    "manager_name": unit.name,
                    "enterprise": person.name,
                    "planned_on": planned,
                    "visited_on": planned,
                    "experts": chance.choice(said["experts"]),
                    "findings": found,
                    "closed": found if done else found - chance.randint(0, 3),
                    "close_by": date(year, 12, 20),
                    "state": "closed" if done else "visited",
                }


def _park_risk(said: dict[str, Any]) -> Rows:
    for place, park in enumerate(Park.objects.filter(chemical=True)):
        for one in said["scores"]:
            yield {
                "park_name": park.name,
                "assessed_on": date(one["year"], 11, 15),
                "score": one["score"] - 2 * place,
                "next_on": date(one["year"] + 1, 11, 15),
            }


def _smart_factories(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    for firm, person in zip(drawn, people, strict=True):
        chance = draw(SEED, "smart", firm.number)
        if chance.random() < said["share"] * min(firm.scale, 3):
            kind, word = chance.choice(list(said["kinds"].items()))
            yield _named(person) | {
                "kind": kind,
                "project": f"{firm.sites[0].lines[0].product}{word}",
                "level": chance.choice(["provincial", "city"]),
                "year": chance.randint(2021, 2025),
                "networked": chance.randint(55, 92),
                "nc_rate": chance.randint(60, 95),
            }


def _scenarios(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    for firm, person in zip(drawn, people, strict=True):
        chance = draw(SEED, "scenario", firm.number)
        if chance.random() < said["share"] * min(firm.scale, 3):
            link, scenario = chance.choice(list(said["scenarios"].items()))
            yield _named(person) | {
                "scenario": scenario,
                "link": link,
                "year": chance.randint(2022, 2025),
                "level": "city",
            }


def _stations(said: dict[str, Any]) -> Rows:
    for unit in ManagingUnit.objects.all():
        chance = draw(SEED, "5g", unit.code)
        stations, ports = chance.randint(*said["stations"]), chance.randint(*said["ports"])
        for year in said["years"]:
            yield {"manager_name": unit.name, "year": year, "stations": stations, "ports": ports}
            stations, ports = round(stations * 1.2), round(ports * 1.1)


def _nodes(said: dict[str, Any], drawn: Sequence[Firm], people: Sequence[LegalPerson]) -> Rows:
    for firm, person in zip(drawn, people, strict=True):
        chance = draw(SEED, "node", firm.number)
        if chance.random() < said["share"]:
            yield _named(person) | {
                "prefix": f"88.999.{firm.number}",
                "kind": "enterprise",
                "since": date(chance.randint(2022, 2025), 5, 20),
                "registered": chance.randint(2, 90),
            }


def _investment(said: dict[str, Any]) -> Rows:
    """Cumulative by month within each year, rising; the row of the city is the sum of the units."""
    units = [unit.name for unit in ManagingUnit.objects.all()]
    for year, last in said["months"].items():
        shares = {unit: draw(SEED, "investment", unit).uniform(0.4, 1.6) / len(units) for unit in units}
        total, equipment = dict.fromkeys(units, 0.0), dict.fromkeys(units, 0.0)
        for month in range(2, last + 1):
            for unit in units:
                chance = draw(SEED, "investment", year, month, unit)
                more = said["yearly"][year] * shares[unit] / 12 * (2 if month == 2 else 1) * chance.uniform(0.7, 1.3)
                total[unit] = round(total[unit] + more, 2)
                equipment[unit] = round(equipment[unit] + more * chance.uniform(*said["equipment"]), 2)
                yield _month(said, unit, year, month, total[unit], equipment[unit])
            whole = [round(sum(one.values()), 2) for one in (total, equipment)]
            yield _month(said, "全市", year, month, *whole)


def _month(said: dict[str, Any], unit: str, year: int, month: int, total: float, equipment: float) -> dict[str, Any]:
    return {
        "manager_name": unit,
        "year": year,
        "month": month,
        "industrial_investment": total,
        "equipment_investment": equipment,
        "document": said["document"],
    }

"""The board at full size: a million devices and ten thousand projects behind its figures, and the pages people open.

Steps for :mod:`benchmarks.measure`, on the sample city of :mod:`benchmarks.site`; every added row is invented.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any, Final

from benchmarks.site import _city_officer, _page, _site

Facts = dict[str, Any]
DEVICES, PROJECTS = "obsolete_closed", "renovation_projects"
_ADD: Final = """
insert into plan_contribution (indicator, period, kind, key, label, legal_person_id, org_id, site_id, manager_code,
    place_code, industry_code, "group", numerator, denominator, should, reported, standing, data_date)
select %(indicator)s::text, %(period)s::text, %(kind)s::text, %(kind)s::text || '-' || n,
    '示例' || n, e.id, e.org_id, null, e.manager_code,
    e.place_code, e.industry_code, '', n %% 2, 1, 1, 1, 'counted', %(day)s
from generate_series(1, %(rows)s) as n
join (
    select row_number() over (order by id) - 1 as place, count(*) over () as persons, * from enterprises_legalperson
) as e on e.place = n %% e.persons
"""


def fill_board(folder: str, addresses: dict[str, str], devices: int, projects: int) -> Facts:
    """Make the sample city with its plan, and add what ``devices`` and ``projects`` contribute to this year's figures.

    ``seconds`` is summing all of them up from scratch; ``one_seconds`` is what it takes when one enterprise changed.
    """
    _site(folder, addresses["owner"])
    from django.db import transaction

    from jigai.platform.ops.filling import fill
    from jigai.platform.walls.scope import command_scope, use_scope

    for _step in fill():
        pass
    today = date.today()
    _add(addresses["superuser"], DEVICES, "device", devices, today)
    _add(addresses["superuser"], PROJECTS, "project", projects, today)
    with transaction.atomic(), use_scope(command_scope("plan figures")):
        scratch = sum(_from_scratch(name, str(today.year)) for name in (DEVICES, PROJECTS))
        rows, one = _one_changed(DEVICES, str(today.year))
    return {"seconds": round(scratch, 3), "one_seconds": round(one, 3), "rows": devices + projects, "one_rows": rows}


def board_pages(folder: str, addresses: dict[str, str]) -> Facts:
    """Open the board, an objective, the list behind its figure and the scorecard, behind row-level security."""
    _site(folder, addresses["plain"])
    client = _city_officer()
    year = date.today().year
    pages = {
        "board": "/plan/",
        "objective": "/plan/objectives/O12/",
        "objective_by_unit": "/plan/objectives/O12/?by=unit",
        "contributions": f"/plan/figures/{DEVICES}/?period={year}",
        "contributions_of_unit": f"/plan/figures/{DEVICES}/?period={year}&manager=510411",
        "scorecard": f"/plan/scorecard/?year={year}",
    }
    timed = {name: _page(client, address) for name, address in pages.items()}
    return {"seconds": timed["board"]["median"], "pages": timed}


def plain_board(folder: str, addresses: dict[str, str]) -> Facts:
    """Reference: add the contributions of the one figure up by unit in SQL, as a board without kept sums would."""
    import psycopg

    text = (
        "select manager_code, sum(numerator), sum(denominator), sum(should), sum(reported) from plan_contribution "
        "where indicator = %s and period = %s and known_on is null group by manager_code"
    )
    with psycopg.connect(addresses["superuser"]) as connection:
        began = time.perf_counter()
        connection.execute(text, [DEVICES, str(date.today().year)]).fetchall()
        return {"seconds": round(time.perf_counter() - began, 3)}


def _add(url: str, indicator: str, kind: str, rows: int, day: date) -> None:
    """Put ``rows`` contributions in the place of those the sample city has for the figure of this year."""
    import psycopg

    given = {"indicator": indicator, "period": str(day.year), "kind": kind, "rows": rows, "day": day}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "delete from plan_contribution where indicator = %(indicator)s and period = %(period)s", given
        )
        connection.execute(_ADD, given)
        connection.execute("vacuum analyze plan_contribution")


def _from_scratch(name: str, period: str) -> float:
    """Sum one figure up from all its contributions [s]."""
    from django.utils import timezone

    from jigai.platform.plan import store

    began = time.perf_counter()
    store.sum_up(store.Part(name, period), None, "", timezone.now())
    return time.perf_counter() - began


def _one_changed(name: str, period: str) -> tuple[int, float]:
    """Let everything one enterprise contributes change, bring the sums in line; return its rows and the time [s]."""
    import polars as pl
    from django.utils import timezone

    from jigai.platform.plan import store

    part = store.Part(name, period)
    owner = part.rows.exclude(legal_person=None).order_by("legal_person").values_list("legal_person", flat=True)[0]
    kept = store.stored(part, [owner]).drop("pk").with_columns(numerator=1 - pl.col("numerator"))
    began = time.perf_counter()
    changed = store.replace(part, kept, [owner])
    store.sum_up(part, store.touched(changed), "", timezone.now())
    return kept.height, time.perf_counter() - began

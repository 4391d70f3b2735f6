"""The workplace at full size: the sample city's devices, multiplied, and the pages people open of them.

Steps for :mod:`benchmarks.measure`; the database is a private PostgreSQL that the job starts and stops.
"""

from __future__ import annotations

import html
import os
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

Facts = dict[str, Any]
ROUNDS: Final = 5
"""How often each page is asked for; the first is told apart, the median of the others counts."""
MULTIPLIED: Final = ("ledger_device", "ledger_devicestate", "screening_finding")
PAGES: Final = {
    "first": "?all=1",
    "must_replace": "?verdict=must_replace",
    "motors": "?kind=motor",
    "strongest": "?sort=-power_kw",
    "words": "?q=Y132M",
    "county": "?manager=510411",
    "old": "?age=20",
}
"""Lists of devices as people ask for them."""
_FURTHER: Final = re.compile(r'href="[^"?]*(\?[^"]*after=[^"]*)"')


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """Run a private PostgreSQL in ``folder``; yields its addresses for the owner, the plain role and the superuser."""
    from jigai.platform.ops.server import OWNER, RUN, PrivateServer, binaries

    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL's server is not installed: apt-get install postgresql")
    cluster = PrivateServer.below(folder, programs, "en")
    cluster.prepare()
    child = cluster.start(folder / "postgres.log")
    try:
        cluster.make_roles()
        yield {"owner": cluster.url(OWNER), "plain": cluster.url(RUN), "superuser": cluster.url("postgres")}
    finally:
        child.stop()


def fill_site(folder: str, addresses: dict[str, str], devices: int, ledgers: int) -> Facts:
    """Make the sample city, hand ``ledgers`` of its ledgers in, screen them, and multiply what came to ``devices``."""
    _site(folder, addresses["owner"])
    from jigai.platform.jobs import worker
    from jigai.platform.ops.filling import fill
    from jigai.platform.sample.handing_in import hand_in
    from jigai.platform.sample.ledgers import keep_ledgers

    for _step in fill():
        pass
    place = Path(folder) / "ledgers"
    keep_ledgers(place, ledgers)
    began = time.perf_counter()
    hand_in(place)
    worker.run(once=True)
    taken = time.perf_counter() - began
    return {"seconds": round(taken, 2), "devices": _multiply(addresses["superuser"], devices)}


def site_pages(folder: str, addresses: dict[str, str]) -> Facts:
    """Open the lists as a city officer does, under the plain role behind row-level security."""
    _site(folder, addresses["plain"])
    client = _city_officer()
    timed = {name: _page(client, f"/devices/{query}") for name, query in PAGES.items()}
    deep = _deep(client, 200)
    return {"seconds": timed["first"]["median"], "pages": timed | {"page_200": deep}}


def plain_pages(folder: str, addresses: dict[str, str]) -> Facts:
    """Reference: the bare rows of a first page, and the plain way (count, sums and rows by offset), in SQL alone."""
    import psycopg

    rows = "select * from ledger_device where gone_at is null order by id limit 51"
    plain = (
        "select count(*), sum(quantity), sum(power_kw * coalesce(quantity, 1)) from ledger_device where gone_at is null"
    )
    deep = "select * from ledger_device where gone_at is null order by id limit 51 offset 10000"
    with psycopg.connect(addresses["superuser"]) as connection:
        timed = {name: _query(connection, text) for name, text in (("rows", rows), ("sums", plain), ("deep", deep))}
    return {"seconds": timed["rows"], "plain": round(timed["rows"] + timed["sums"], 4), "queries": timed}


def _site(folder: str, url: str) -> None:
    os.environ.update(
        JIGAI_DATABASE_URL=url,
        JIGAI_RUN_ROLE="jigai_run",
        JIGAI_DATA_DIR=folder,
        JIGAI_ENVIRONMENT="demo",
        JIGAI_HTTPS="0",
        JIGAI_SECOND_FACTOR="off_for_demo",
        JIGAI_HOSTS="testserver",
        DJANGO_SETTINGS_MODULE="jigai.platform.settings",
    )
    import django

    django.setup()


def _multiply(url: str, wanted: int) -> int:
    """Copy every device with its states and findings until there are ``wanted``; returns how many there are."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("select count(*), max(id) from ledger_device").fetchone()
        have, step = found if found else (0, 0)
        copies = max(0, -(-wanted // max(have, 1)) - 1)
        for table in MULTIPLIED:
            columns = connection.execute(
                "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'",
                [table],
            ).fetchall()
            names = [f'"{name}"' for (name,) in columns]
            highest = connection.execute(f"select coalesce(max(id), 0) from {table}").fetchone()
            moved = {'"id"': f"id + copy * {highest[0] if highest else 0}", '"device_id"': f"device_id + copy * {step}"}
            values = ", ".join(moved.get(name, name) for name in names)
            connection.execute(
                f"insert into {table} ({', '.join(names)}) overriding system value "
                f"select {values} from {table}, generate_series(1, {copies}) as copy"
            )
        connection.execute("vacuum analyze")
        last = connection.execute("select count(*) from ledger_device").fetchone()
    return int(last[0]) if last else 0


def _city_officer() -> Any:
    from django.test import Client

    from jigai.platform.accounts.acting import MEMBERSHIP
    from jigai.platform.accounts.models import Membership

    held = (
        Membership.objects.filter(user__sample=True, role_key="city_officer").select_related("user").order_by("pk")[0]
    )
    client = Client()
    client.force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[MEMBERSHIP] = held.pk
    session.save()
    return client


def _page(client: Any, url: str) -> Facts:
    """Ask for a page; [s]. What it fetches afterwards by itself (``hx-trigger="load"``) is not in it."""
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(url)
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")
    return {"first": round(times[0], 3), "median": round(statistics.median(times[1:]), 3)}


def _deep(client: Any, pages: int) -> Facts:
    """Turn ``pages`` pages and time the last ones; keyset pages cost the same however deep [s]."""
    url, times = "/devices/?all=1", []
    for _turn in range(pages):
        began = time.perf_counter()
        answer = client.get(url, headers={"HX-Request": "true"})
        times.append(time.perf_counter() - began)
        following = _FURTHER.search(answer.content.decode())
        if not following:
            break
        url = "/devices/" + html.unescape(following[1])
    return {"pages": len(times), "median": round(statistics.median(times[-ROUNDS:]), 3)}


def _query(connection: Any, text: str) -> float:
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        connection.execute(text).fetchall()
        times.append(time.perf_counter() - began)
    return round(statistics.median(times), 4)

"""A list asks the database as often for thirty rows as for three, and as often as ``query_counts.json`` says.

A number that changed on purpose is written down anew, and its change reviewed with the rest, by

    JIGAI_TEST_WRITE_COUNTS=1 python -m pytest tests/platform/counts
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.platform.counts import many
from tests.platform.matrix import things
from tests.platform.matrix.addresses import addresses
from tests.platform.matrix.test_api_matrix import ENTRIES, ask, issued

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
PAGES = yaml.safe_load((HERE / "pages.yaml").read_text(encoding="utf-8"))
WRITTEN = HERE / "query_counts.json"


def url_of(city, page):
    """Return the address of a page; a word in ``of`` that names a thing of the city stands for its number."""
    built = things.of(city, False)
    said = {key: built[value].pk if value in built else value for key, value in page.get("of", {}).items()}
    return reverse(page["name"], kwargs=said)


def label(role, page):
    """Return what a page is called in the file: by words, since numbers of rows change."""
    about = [f"{key}={value}" for key, value in {**page.get("of", {}), **page.get("query", {})}.items()]
    return " ".join([role, page["name"], *about])


def counted(city):
    """Return how many queries every page and operation takes when asked a second time, and how long each is."""
    found, said = {}, {}
    for role, pages in PAGES.items():
        client = city.client(role)
        for page in pages:
            name, url = label(role, page), url_of(city, page)
            found[name], said[name] = _count(partial(client.get, url, page.get("query", {})))
    _, secret = issued(city, "county_officer")
    for operation, entry in ENTRIES.items():
        name = f"token {operation}"
        found[name], said[name] = _count(partial(ask, city, operation, entry, secret))
    assert {name: status for name, (status, _) in said.items() if status != 200} == {}
    return found, {name: length for name, (_, length) in said.items()}


def _count(visit):
    visit()
    with CaptureQueriesContext(connection) as queries:
        answer = visit()
    return len(queries), (answer.status_code, len(answer.content))


@pytest.mark.slow
@pytest.mark.postgres("the counts are pinned for the server")
def test_lists_ask_the_same_however_many_rows_they_show(built):
    """The search alone may ask less of a full city: once it has its fill, it looks no further."""
    many.add(built, 3)
    few, short = counted(built)
    many.add(built, 27)
    more, long = counted(built)
    assert sum(long[name] > short[name] for name in long) > len(long) / 2, "most pages show what was added"
    unlike = {name: (few[name], more[name]) for name in few if few[name] != more[name]}
    stopped = {name for name in unlike if " search " in name and few[name] > more[name]}
    assert {name: both for name, both in unlike.items() if name not in stopped} == {}
    if os.environ.get("JIGAI_TEST_WRITE_COUNTS"):
        WRITTEN.write_text(json.dumps(more, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert more == json.loads(WRITTEN.read_text(encoding="utf-8"))


def test_every_list_is_counted():
    """An address without an object is a list, a form or a thing done; lists are named as such."""
    named = {page["name"] for pages in PAGES.values() for page in pages}
    lists = {
        one.name for one in addresses() if one.name.split(":")[-1] in {"list", "people", "organisations", "grants"}
    }
    assert sorted(lists - named) == []

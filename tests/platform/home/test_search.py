"""The search of the top bar: found by name, code and initials, never beyond the scope."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from jigai.platform.home import search
from jigai.platform.postgres import trigram
from jigai.platform.walls.scope import use_scope

pytestmark = pytest.mark.django_db


def test_no_words_find_nothing(city):
    assert search.find_all(city.actor("city_officer"), "   ") == {}
    assert city.client("city_officer").get("/search/").status_code == 200


def test_words_are_shown_again_and_escaped(city):
    page = city.client("city_officer").get("/search/", {"q": "<b>东风</b>"}).content.decode()
    assert "&lt;b&gt;东风" in page
    assert "<b>东风</b>" not in page


def test_a_supplier_may_search_but_finds_no_enterprises(city):
    actor = city.actor("supplier")
    with transaction.atomic(), use_scope(actor.scope):
        assert not any("东风" in hit.title for hits in search.find_all(actor, "东风").values() for hit in hits)


def test_administrators_may_not_search(city):
    assert city.client("system_admin").get("/search/", {"q": "东"}).status_code == 403


def test_trigram_indexes_stand_where_the_server_can(db):
    if connection.vendor != "postgresql":
        assert not trigram.build_indexes()
        return
    assert trigram.build_indexes()
    assert trigram.available()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_indexes where indexname like 'trigram_%%'")
        assert cursor.fetchone()[0] == len(trigram.wanted())

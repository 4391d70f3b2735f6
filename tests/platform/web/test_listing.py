"""Lists by key: every row once, whatever is sorted by; what an address asks for, remembered, chosen and summed."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import F
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jigai.platform.accounts.models import Assignment, User
from jigai.platform.enterprises.models import Line
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web import listing
from jigai.platform.web.listing import Cell, Column, Filter, Listing

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PEOPLE = Listing(
    key="tests.people",
    title="人员",
    rows=lambda request: User.objects.filter(username__startswith="row").annotate(copied=F("last_login")),
    order="username",
    columns=(
        Column("username", "用户名", lambda one: one.username, sort="username"),
        Column("name", "姓名", lambda one: one.name, sort="name"),
        Column("last", "最近登录", lambda one: one.last_login, sort="last_login", hidden=True),
        Column("copied", "算得", lambda one: one.copied, sort="copied", hidden=True),
        Column("id", "编号", lambda one: one.pk, sort="pk", hidden=True),
    ),
    filters=(Filter("q", "查找", lambda rows, value: rows.filter(username__icontains=value)),),
)
LINES = Listing(
    key="tests.walked_lines",
    title="产线",
    rows=lambda request: Line.objects.select_related("site"),
    order="-pk",
    columns=(
        Column("name", "名称", lambda one: one.name, sort="name"),
        Column("site", "厂区", lambda one: one.site.name, sort="site__name"),
        Column("capacity", "产能", lambda one: one.capacity, sort="capacity", numeric=True, sums="capacity"),
        Column("year", "投产", lambda one: one.commissioned, sort="commissioned", numeric=True),
        Column("retired", "停用", lambda one: one.retired, sort="retired"),
    ),
    filters=(
        Filter("product", "产品", lambda rows, value: rows.filter(product=value), lambda _: [("steel", "钢材")]),
        Filter("q", "查找", lambda rows, value: rows.filter(name__icontains=value)),
    ),
)


def asked(query="", session=None, path="/rows/"):
    request = RequestFactory().get(f"{path}?{query}")
    request.session = SessionStore() if session is None else session
    return request


def walk(a_list, query=""):
    """Follow 下一页 to the end, as a person would; return the pages' keys."""
    pages, address = [], f"/rows/?{query}"
    for _ in range(300):
        answer = a_list.answer(asked(address.partition("?")[2]))
        pages.append([row.pk for row in answer.page])
        address = answer.next_url
        if not address:
            return pages
    raise AssertionError("the list does not end")


@pytest.fixture
def people(db):
    """A hundred and thirty people with many ties; every third never signed in."""
    now = timezone.now()
    User.objects.bulk_create(
        User(
            username=f"row{number:04}",
            name=f"同名{number % 3}",
            last_login=None if number % 3 == 0 else now - timedelta(days=number % 7, microseconds=number % 2),
        )
        for number in range(130)
    )


@pytest.fixture
def lines(city):
    """A hundred and twenty lines at two sites, some without capacity, year or end."""
    with transaction.atomic(), use_scope(command_scope("test")):
        for number in range(120):
            site = city.east_site if number % 2 else city.west_site
            Line.objects.create(
                name=f"{number % 10}号线" + ("%" if number == 7 else ""),
                product="steel" if number % 2 else "cement",
                capacity=None if number % 4 == 0 else Decimal(number % 5) / 4,
                commissioned=None if number % 5 == 0 else 1990 + number % 3,
                org=site.org,
                site=site,
                manager_code=site.manager_code,
                place_code=site.place_code,
            )
        yield city


@pytest.mark.parametrize(
    "sort",
    ["username", "-username", "name", "-name", "last_login", "-last_login", "copied", "-copied", "pk", "-pk", ""],
)
def test_every_row_comes_exactly_once_whatever_is_sorted_by(people, sort):
    pages = walk(PEOPLE, f"sort={sort}")
    keys = [key for page in pages for key in page]
    assert [len(page) for page in pages] == [50, 50, 30]
    assert sorted(keys) == sorted(User.objects.filter(username__startswith="row").values_list("pk", flat=True))
    request = asked(f"sort={sort}")
    assert keys == [row.pk for row in PEOPLE.select(request, request.GET).ordered()], "the export has another order"


@pytest.mark.parametrize("sort", ["site__name", "capacity", "commissioned", "retired", "name"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_joined_and_empty_fields_lose_no_row(lines, sign, sort):
    keys = [key for page in walk(LINES, f"sort={sign}{sort}") for key in page]
    assert len(keys) == len(set(keys)) == 120


@pytest.mark.parametrize("sign", ["", "-"])
def test_rows_without_a_value_come_last_both_ways(people, sign):
    rows = [User.objects.get(pk=key).last_login for page in walk(PEOPLE, f"sort={sign}last_login") for key in page]
    known = [moment for moment in rows if moment]
    assert rows == [*sorted(known, reverse=bool(sign)), *[None] * 44]


def test_thousands_of_rows_with_one_and_the_same_value_are_walked_through(db, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 400)
    User.objects.bulk_create(User(username=f"row{number:05}", name="同") for number in range(3000))
    for sort in ("name", "-last_login"):
        keys = [key for page in walk(PEOPLE, f"sort={sort}") for key in page]
        assert len(keys) == len(set(keys)) == 3000


def test_a_full_last_page_has_no_next(people):
    User.objects.filter(username__gte="row0100", username__startswith="row").delete()
    assert [len(page) for page in walk(PEOPLE)] == [50, 50]


def test_a_row_added_before_the_place_reached_does_not_shift_the_next_page(people):
    first = PEOPLE.answer(asked())
    User.objects.create(username="row0000a", name="新")
    User.objects.filter(username=first.page[-1].username).delete()
    second = PEOPLE.answer(asked(first.next_url.partition("?")[2]))
    assert second.page[0].username == "row0050" and len(second.page) == 50


def sealed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "after",
    ["x", "%", "中文", sealed(5), sealed(None), sealed({}), sealed([1]), sealed([1, 2, 3]), sealed("ab"), "AAAA"],
)
def test_a_place_that_cannot_be_read_is_the_first_page(people, after):
    answer = PEOPLE.answer(asked(f"sort=last_login&after={after}"))
    assert len(answer.page) == 50


@pytest.mark.parametrize("sort", ["last_login", "-last_login", "pk", "name"])
@pytest.mark.parametrize(
    "place", [["昨天", 1], [{}, {}], ["2026-02-31", 1], ["a\x00b", 1], [1, "x"], [[], []], [None, "x"], [1, 10**30]]
)
def test_a_place_of_the_wrong_kind_never_breaks_the_page(people, sort, place):
    PEOPLE.answer(asked(f"sort={sort}&after={sealed(place)}"))
    assert User.objects.exists(), "the transaction is broken"


@given(text=st.text(max_size=40))
def test_no_text_unpacks_into_anything_but_a_place_or_nothing(text):
    place = listing._unpack(text)
    assert place is None or len(place) == 2


def test_an_order_no_column_offers_is_passed_over(people):
    for sort in ("password", "-password", "name__x", "--name", "?", "groups__name"):
        answer = PEOPLE.answer(asked(f"sort={sort}"))
        assert answer.sort == "username" and answer.page[0].username == "row0000", sort


def test_a_letter_no_text_can_hold_does_not_break_the_search(people):
    assert len(PEOPLE.answer(asked("q=row%00001")).page) == 10


def test_filters_are_remembered_until_all_is_asked_for(people):
    session = SessionStore()
    assert PEOPLE.answer(asked("q=row000&sort=-name", session)).total == 10
    again = PEOPLE.answer(asked("", session))
    assert (again.total, again.sort, again.filtered) == (10, "-name", True)
    forgotten = PEOPLE.answer(asked("all=1", session))
    assert (forgotten.total, forgotten.sort, forgotten.filtered) == (130, "username", False)
    assert PEOPLE.answer(asked("", session)).total == 130


def test_lists_do_not_remember_each_others_filters(lines, people):
    session = SessionStore()
    PEOPLE.answer(asked("q=row000", session))
    assert LINES.answer(asked("", session)).total == 120
    assert PEOPLE.answer(asked("", session)).total == 10


def test_the_page_reached_is_not_remembered(people):
    session = SessionStore()
    later = PEOPLE.answer(asked("sort=-name", session)).next_url.partition("?")[2]
    assert PEOPLE.answer(asked(later, session)).first_url == "/rows/?sort=-name"
    back = PEOPLE.answer(asked("", session))
    assert back.first_url == "" and back.sort == "-name"


def test_the_next_page_keeps_filters_order_and_columns(people):
    answer = PEOPLE.answer(asked("q=row&sort=-name&columns=name&columns=id"))
    request = asked(answer.next_url.partition("?")[2])
    following = PEOPLE.answer(request)
    assert following.values == {"q": "row"} and following.sort == "-name"
    assert [one.key for one in following.chosen] == ["name", "id"], "the columns chosen"


def test_sorting_again_goes_to_the_first_page_and_turns_the_order(people):
    later = PEOPLE.answer(asked("q=row")).next_url.partition("?")[2]
    heads = {head["label"]: head for head in PEOPLE.answer(asked(later)).columns}
    assert heads["用户名"]["sorted"] == "ascending" and heads["姓名"]["sorted"] == ""
    assert heads["用户名"]["sort_url"] == "/rows/?q=row&sort=-username"
    assert heads["姓名"]["sort_url"] == "/rows/?q=row&sort=name"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["username", "name"]),
        ("columns=id,name", ["name", "id"]),
        ("columns=id&columns=last", ["last", "id"]),
        ("columns=nothing", ["username", "name", "last", "copied", "id"]),
        ("columns=,", ["username", "name"]),
    ],
)
def test_columns_are_chosen_in_the_order_of_the_list(people, query, keys):
    assert [one.key for one in PEOPLE.answer(asked(query)).chosen] == keys


def test_sums_are_over_all_rows_of_the_filter_not_of_the_page(lines):
    answer = LINES.answer(asked("product=steel"))
    wanted = sum(Decimal(number % 5) / 4 for number in range(120) if number % 2)
    assert answer.total == 60 and len(answer.page) == 50
    assert answer.sums[:2] == ["合计", ""] and answer.sums[2] == f"{wanted:,.0f}"
    assert LINES.select(asked(), asked("product=steel").GET).sums() == {"capacity": wanted}


def test_a_hidden_column_has_no_sum_and_no_foot(lines):
    assert LINES.answer(asked("columns=name")).sums == []


def test_nothing_to_add_up_is_a_dash_not_zero(lines):
    assert LINES.answer(asked("q=没有")).sums[2] == "—"


def test_a_percent_sign_is_searched_for_as_it_is(lines):
    assert LINES.answer(asked("q=%25")).total == 1


def test_what_a_cell_says_of_nothing(db):
    column = Column("x", "甲", lambda row: row, numeric=True)
    assert [listing.cell_of(column, one).text for one in (None, "", 0, False)] == ["—", "—", 0, False]
    linked = listing.cell_of(Column("x", "甲", lambda row: Cell("a", url="/u/", sub="b"), numeric=True), None)
    assert (linked.text, linked.url, linked.sub, linked.numeric) == ("a", "/u/", "b", True)


def test_the_list_of_people_shows_those_who_never_signed_in_too(city):
    organisation = city.actor("system_admin").organisation
    users = User.objects.bulk_create(User(username=f"guest{number}", name="客") for number in range(120))
    Assignment.objects.bulk_create(Assignment(user=user, organisation=organisation) for user in users)
    client = city.client("system_admin")
    seen, address = 0, f"{reverse('accounts:people')}?sort=last_login&columns=name,last"
    while address:
        answer = client.get(address).context["listing"]
        seen, address = seen + len(answer.page), answer.next_url
    assert seen == answer.total > 120

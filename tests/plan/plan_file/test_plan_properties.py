"""Whatever happens to a plan file, the reader answers with a plan or with faults that name a line."""

from __future__ import annotations

import random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.plan_file.plans import PANZHIHUA, SOUND, TEXT, TEXTILES

from jigai.plan.file import Plan, PlanError, StoredText, new_plan, read_contents

CITY, CITY_TEXT = ((PANZHIHUA / name).read_bytes() for name in ("plan.yaml", "text.txt"))
OTHER, OTHER_TEXT = ((TEXTILES / name).read_bytes() for name in ("plan.yaml", "text.txt"))


ODD = (None, True, -1, 1e400, "", "x" * 500, [], {}, [[]], {"parameter": "start"}, {"a": {"b": 1}}, "2027", "ask")


def outcome(plan: bytes, text: bytes) -> Plan | PlanError:
    """Read, and check that faults name a line of the file and can be said."""
    try:
        return read_contents(plan, {"text.txt": text})
    except PlanError as error:
        lines = plan.count(b"\n") + plan.count(b"\r") + 1
        for fault in error.faults:
            assert fault.line is not None and 1 <= fault.line <= lines, fault
            assert fault.say("zh") and fault.say("en")
        return error


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_lines_taken_out(data):
    lines = CITY.splitlines(keepends=True)
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=4))
    outcome(b"".join(line for place, line in enumerate(lines) if place not in gone), CITY_TEXT)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(OTHER) - 1), st.integers(0, 40), st.binary(max_size=6))
def test_bytes_taken_out_and_put_in(place, count, more):
    outcome(OTHER[:place] + more + OTHER[place + count :], OTHER_TEXT)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.text(max_size=5))
def test_signs_put_in(place, more):
    plan = SOUND[:place] + more + SOUND[place:]
    outcome(plan.encode("utf-8", "surrogatepass"), TEXT.encode())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_values_replaced(seed):
    """Any value of the tree replaced by one of another kind, however deep it lies."""
    pick = random.Random(seed)
    tree = yaml.safe_load(SOUND)
    holders: list[dict | list] = []

    def walk(node):
        if isinstance(node, dict | list):
            holders.append(node)
            for one in node.values() if isinstance(node, dict) else node:
                walk(one)

    walk(tree)
    for _ in range(pick.randint(1, 3)):
        holder = pick.choice([one for one in holders if one])
        place = pick.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        holder[place] = pick.choice(ODD)
    outcome(yaml.safe_dump(tree, allow_unicode=True).encode(), TEXT.encode())


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=20,
    )
)
def test_any_yaml_at_all(tree):
    assert isinstance(outcome(yaml.safe_dump(tree, allow_unicode=True).encode(), b""), PlanError)


@pytest.mark.parametrize("field", ["id", "title", "text", "region", "partition", "number", "issued", "period"])
@pytest.mark.parametrize("name", ["panzhihua", "textiles"])
def test_a_field_of_the_head_taken_out_is_missed(field, name):
    plan, text = (CITY, CITY_TEXT) if name == "panzhihua" else (OTHER, OTHER_TEXT)
    tree = yaml.safe_load(plan)
    del tree[field]
    found = outcome(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode(), text)
    assert isinstance(found, PlanError)
    assert (found.faults[0].code, found.faults[0].path) == ("field_missing", field)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_words_of_the_text_can_be_quoted_however_they_are_broken(data):
    text = StoredText.read("text.txt", CITY_TEXT)
    start = data.draw(st.integers(0, len(text.content) - 1))
    end = data.draw(st.integers(start + 1, min(len(text.content), start + 60)))
    words = text.content[start:end]
    if not words.strip():
        return
    broken = data.draw(st.sampled_from(["", " ", "\n", "　"])).join(words)
    found = text.find(broken)
    assert found
    assert any("".join(text.content[one.start : one.end].split()) == "".join(words.split()) for one in found)
    if len(found) == 1:
        assert start <= found[0].start < found[0].end <= end


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_new_plan_of_any_title_has_no_fault_but_blanks(title):
    try:
        plan = new_plan("some-city", "510400", title)
    except ValueError as error:
        assert str(error) == "title"
        return
    found = outcome(plan.encode("utf-8", "surrogatepass"), b"")
    assert isinstance(found, PlanError)
    assert {fault.code for fault in found.faults} == {"blank", "text_blank"}

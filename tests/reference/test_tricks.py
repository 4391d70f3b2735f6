"""Tricks of YAML are found before anything is built from a file; plain names and depths pass."""

from __future__ import annotations

import pytest
import yaml

from jigai.reference.tricks import DEEPEST, MOST_ALIASES, first_trick


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "a: &name 市统计局\nb: *name\nc: [*name, *name]",
        "a: &list [1, 2]\nb: *list",
        "[" * DEEPEST + "]" * DEEPEST,
        "a: &x 1\nb: [" + ", ".join(["*x"] * MOST_ALIASES) + "]",
    ],
)
def test_what_does_not_multiply_passes(text):
    assert first_trick(text) is None


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: 1\nb: &b [x, &c [*b]]", 2, "yaml_alias"),
        ("a: &a [x]\nb: &b [*a, *a]", 2, "yaml_alias"),
        ("a: &a\n  b: *a", 2, "yaml_alias"),
        ("a: &x 1\nb:\n" + "  - *x\n" * (MOST_ALIASES + 1), MOST_ALIASES + 3, "yaml_alias"),
        ("a:\n  " + "[" * DEEPEST + "]" * DEEPEST, 2, "yaml_deep"),
        ("- " * 5000 + "x", 1, "yaml_deep"),
    ],
)
def test_the_first_trick_is_named_with_its_line(text, line, code):
    found = first_trick(text)
    assert found is not None
    assert (found.line, found.code) == (line, code)


def test_what_is_no_yaml_is_left_to_the_reader():
    with pytest.raises(yaml.YAMLError):
        first_trick("a: [1")

"""Every action that is recorded anywhere has its words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import jigai.platform
from jigai.platform.audit.actions import actions, word
from jigai.platform.enterprises.data import keyed

SOURCE = Path(jigai.platform.__file__).parent


def recorded(tree: ast.AST) -> set[str]:
    """Return the keys that calls of ``record(actor, "key", …)`` name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            keys = [*node.args[1:2], *(one.value for one in node.keywords if one.arg == "action")]
            if name == "record":
                found |= {one.value for key in keys for one in _whole(key) if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str) and "." in one}


def _whole(key: ast.AST) -> list[ast.AST]:
    """Every part of an expression but those of a text put together at run time, which names no key by itself."""
    if isinstance(key, ast.JoinedStr):
        return []
    return [key, *(part for child in ast.iter_child_nodes(key) for part in _whole(child))]


def test_keys_put_together_have_their_words_too():
    steps = keyed("sheet_steps")
    assert {f"sheet.{step}" for step in steps} <= set(actions())
    for what in ("managing_unit", "park"):
        assert {f"{what}.{verb}" for verb in ("created", "edited", "archived", "restored")} <= set(actions())


def test_every_recorded_action_has_its_words():
    unknown = {}
    for path in sorted(SOURCE.rglob("*.py")):
        missing = recorded(ast.parse(path.read_text(encoding="utf-8"))) - set(actions())
        if missing:
            unknown[str(path.relative_to(SOURCE))] = sorted(missing)
    assert not unknown, "add them to actions.csv of the app"


def test_the_scan_finds_what_it_should():
    calls = ['record(a, "x.y")', 'services.record(a, "p.q" if b else "r.s", c)', "record(a, key)", 'other(a, "n.o")']
    tree = ast.parse("\n".join([*calls, 'record(a, f"t.{u}")']))
    assert recorded(tree) == {"x.y", "p.q", "r.s"}


def test_words_in_both_languages():
    assert word("job.done") == "任务完成"
    with translation.override("en"):
        assert word("job.done") == "job done"
    assert word("of.tomorrow") == "of.tomorrow"
    assert word("job.done.undone") == "撤销：任务完成"


@pytest.mark.parametrize("action", sorted(actions()))
def test_every_action_is_told_in_both(action):
    assert actions()[action].zh
    assert actions()[action].en


@pytest.mark.parametrize("what", ["added", "removed", "renewed"])
def test_every_change_of_a_second_factor_has_its_words(what):
    """The key is put together where the change is heard of, so no search of the code finds it."""
    assert f"account.second_factor_{what}" in actions()

"""The house style that no linter checks: small files, data as data, documented and typed public names."""

from __future__ import annotations

import ast
import re
import statistics

import pytest
from tests.ground.repository import ROOT, lines, tracked, tracked_below, tree

# Migrations are written by Django.
SOURCES = [path for path in tracked_below("src", "benchmarks") if path.parent.name != "migrations"]
LONGEST, MEDIAN, DATA_LINES, RATIO = 500, 150, 60, 0.8


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_source_file_can_be_held_in_the_head(path):
    assert len(lines(path)) <= LONGEST


def test_most_files_are_small():
    sizes = [len(lines(path)) for path in SOURCES if path.stat().st_size]
    assert statistics.median(sizes) <= MEDIAN


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tables_of_data_are_not_python(path):
    literals = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Set)
        and all(
            isinstance(leaf, ast.Constant) for leaf in ast.walk(node) if isinstance(leaf, ast.expr) and leaf is not node
        )
    ]
    assert [node.lineno for node in literals if (node.end_lineno or node.lineno) - node.lineno > DATA_LINES] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_public_names_are_documented_and_typed(path):
    bare = []
    for node in tree(path).body:
        members = [node, *node.body] if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for member in members:
            if isinstance(member, ast.ClassDef | ast.FunctionDef) and not member.name.startswith("_"):
                if ast.get_docstring(member) is None and member.name != "Meta":  # options of a model
                    bare.append(f"{member.name}: no docstring")
                if isinstance(member, ast.FunctionDef) and member.returns is None:
                    bare.append(f"{member.name}: no return type")
    assert bare == []


def test_there_are_enough_tests():
    code = sum(len(lines(path)) for path in SOURCES)
    tests = sum(len(lines(path)) for suffix in (".py", ".yaml") for path in tracked_below("tests", suffix=suffix))
    assert tests >= RATIO * code


def test_nothing_is_left_for_later():
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|raise NotImplemented" + "Error")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_below("src", "tests", "benchmarks")
        for number, line in enumerate(lines(path), 1)
        if marks.search(line)
    ]
    assert found == []


def test_no_file_names_a_machine():
    """Paths of one machine and addresses of package registries do not belong into a repository."""
    path_of_a_machine = re.compile(r"(^|[^\w.])/" + r"(work|tmp|farm|root|home/\w+)/|/opt/(wheels|pypi)")
    registry = re.compile(r"(pypi\.(org|python)|pythonhosted|npmjs|tuna\.tsinghua|mirrors\.)", re.IGNORECASE)
    found = []
    for path in tracked():
        if path.suffix in {".py", ".csv", ".yaml", ".toml", ".txt", ".in", ".md", ".sh", ".json", ""}:
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            if path != ROOT / "tests/ground/test_style.py":
                found += [
                    f"{path.relative_to(ROOT)}: {match.group()}"
                    for rule in (path_of_a_machine, registry)
                    for match in rule.finditer(text)
                ]
    assert found == []

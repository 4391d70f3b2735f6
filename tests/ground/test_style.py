"""The house style that no linter checks: small files, data as data, documented and typed public names."""

from __future__ import annotations

import ast
import re
import statistics

from tests.ground.repository import ROOT, lines, named, tracked, tracked_below, tree

# Migrations are written by Django.
SOURCES = [path for path in tracked_below("src", "benchmarks") if path.parent.name != "migrations"]
LONGEST, MEDIAN, DATA_LINES, RATIO = 500, 150, 60, 0.8


def test_a_source_file_can_be_held_in_the_head():
    assert [f"{named(path)}: {n} lines" for path in SOURCES if (n := len(lines(path))) > LONGEST] == []


def test_most_files_are_small():
    sizes = [len(lines(path)) for path in SOURCES if path.stat().st_size]
    assert statistics.median(sizes) <= MEDIAN


def test_tables_of_data_are_not_python():
    long = [
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Set)
        and (node.end_lineno or node.lineno) - node.lineno > DATA_LINES
        and all(
            isinstance(leaf, ast.Constant) for leaf in ast.walk(node) if isinstance(leaf, ast.expr) and leaf is not node
        )
    ]
    assert long == []


def bare(path):
    """What of a file's public names lacks a docstring or a return type."""
    for node in tree(path).body:
        members = [node, *node.body] if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for member in members:
            if isinstance(member, ast.ClassDef | ast.FunctionDef) and not member.name.startswith("_"):
                if ast.get_docstring(member) is None and member.name != "Meta":  # options of a model
                    yield f"{named(path)}: {member.name}: no docstring"
                if isinstance(member, ast.FunctionDef) and member.returns is None:
                    yield f"{named(path)}: {member.name}: no return type"


def test_public_names_are_documented_and_typed():
    assert [one for path in SOURCES for one in bare(path)] == []


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

"""From bytes to the nodes of a YAML file, each knowing its line; what is not YAML is said in plain words."""

from __future__ import annotations

import re
from typing import Final

import yaml

from jigai.plan.file.faults import PlanError, PlanFault, table
from jigai.reference.tricks import LOADER, first_trick

MOST_BYTES: Final = 500_000
"""How long a plan file may be [bytes]; that of a city with sixty sentences has 40,000."""
UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def line_of(node: yaml.Node) -> int:
    """Return the line a node begins on, counted from 1."""
    return node.start_mark.line + 1 if node.start_mark else 1


def read_tree(content: bytes, file: str) -> yaml.Node:
    """Return the top node of the file ``file`` with the bytes ``content``.

    Raises:
        PlanError: too long, not UTF-8, not YAML, nested too deeply, with aliases that multiply, or empty.
    """
    if len(content) > MOST_BYTES:
        raise _error(file, 1, "too_long", limit=f"{MOST_BYTES // 1000}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(file, content[: error.start].count(b"\n") + 1, "encoding") from error
    if found := UNPRINTABLE.search(text):
        raise _error(file, text.count("\n", 0, found.start()) + 1, "unprintable", sign=f"U+{ord(found[0]):04X}")
    try:
        if trick := first_trick(text):
            raise _error(file, trick.line, trick.code)
        node = LOADER(text).get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        detail = getattr(error, "problem", None) or str(error)
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        raise _error(file, line, "yaml", detail_zh=_in_chinese(detail), detail_en=detail) from error
    if node is None:
        raise _error(file, 1, "empty")
    return node


def _in_chinese(problem: str) -> str:
    for row in table("yaml_problems"):
        if row["has"] in problem:
            return row["zh"]
    return problem


def _error(file: str, line: int, code: str, **values: str) -> PlanError:
    return PlanError([PlanFault(file, line, "", code, values)])

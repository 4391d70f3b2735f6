"""From the bytes of a YAML file to plain values, and the line every entry stands on."""

from __future__ import annotations

from typing import Any, Final

import yaml

from jigai.diagnosis.file.faults import FactsError, Fault
from jigai.reference.tricks import LOADER, first_trick

MOST_BYTES: Final = 1_000_000
"""How long a file of facts may be [bytes]."""
Path = tuple[str | int, ...]


class Tree:
    """A YAML file as plain values: ``content``, and `line` of every place in it."""

    def __init__(self, content: bytes, file: str) -> None:
        """Read the file.

        Raises:
            FactsError: too long, not UTF-8, not YAML, with aliases, nested too deeply, an entry twice, or empty.
        """
        self.file = file
        self._lines: dict[Path, int] = {}
        text = self._text(content)
        try:
            trick = first_trick(text)
            if trick:
                raise self._error(trick.line, trick.code)
            loader = LOADER(text)
            node = loader.get_single_node()
            if node is None:
                raise self._error(1, "empty")
            faults = self._walk(node, ())
            if faults:
                raise FactsError(faults)
            self.content: Any = loader.construct_document(node)
        except (yaml.YAMLError, ValueError) as error:
            if isinstance(error, FactsError):
                raise
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            line = mark.line + 1 if mark else 1
            raise self._error(line, "yaml", detail=str(getattr(error, "problem", None) or error)) from error

    def line(self, *path: str | int) -> int:
        """Return the line of a place, or of the nearest thing around it that is there."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fault(self, path: Path, code: str, **values: object) -> Fault:
        """Return a fault at a place."""
        named = "".join(f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")
        return Fault(self.file, self.line(*path), named, code, {name: str(value) for name, value in values.items()})

    def _text(self, content: bytes) -> str:
        if len(content) > MOST_BYTES:
            raise self._error(1, "too_long", limit=str(MOST_BYTES // 1000))
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise self._error(content[: error.start].count(b"\n") + 1, "encoding") from error

    def _walk(self, node: yaml.Node, path: Path) -> list[Fault]:
        self._lines.setdefault(path, node.start_mark.line + 1)
        found: list[Fault] = []
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else "?"
                place = (*path, name)
                if place in self._lines:
                    found.append(Fault(self.file, key.start_mark.line + 1, name, "twice", {"name": name}))
                self._lines[place] = key.start_mark.line + 1
                found += self._walk(value, place)
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                found += self._walk(value, (*path, number))
        return found

    def _error(self, line: int, code: str, **values: str) -> FactsError:
        return FactsError([Fault(self.file, line, "", code, values)])

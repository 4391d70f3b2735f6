"""What no YAML file of ours needs and a hostile one could exhaust memory or stack with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import yaml

DEEPEST: Final = 12
"""How deep keys and lists may lie in one another; the shipped files need seven at most."""
MOST_ALIASES: Final = 100
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads plain values only; the quick one where it was built."""


@dataclass(frozen=True)
class Trick:
    """The first trick in a file: ``code`` is ``yaml_alias`` or ``yaml_deep``, ``line`` counts from 1."""

    line: int
    code: str


def first_trick(text: str) -> Trick | None:
    """Return the first trick in ``text`` without building anything from it.

    Raises:
        yaml.YAMLError: the text is not YAML.
    """
    depth, aliases, anchored = 0, 0, 0  # anchored: the depth of the outermost collection that has a name, or 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            if anchored or aliases > MOST_ALIASES:  # names within names multiply
                return Trick(line, "yaml_alias")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return Trick(line, "yaml_deep")
            if event.anchor and not anchored:
                anchored = depth
        elif isinstance(event, yaml.CollectionEndEvent):
            anchored = 0 if depth == anchored else anchored
            depth -= 1
    return None

"""``jigai check``: is this installation sound, and what to do where it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator

from jigai.platform.ops.checks.line import Line, State
from jigai.platform.ops.words import say
from jigai.screening.sentences import Language

__all__ = ["Line", "State", "check", "report"]


def check(part: str, language: Language) -> Iterator[Line]:
    """Yield the lines of ``all`` or of ``db``; nothing else can be asked where the settings cannot be read."""
    from jigai.platform.ops.checks import database, files, settings, walls

    readable = True
    for line in settings.check(language):
        readable = readable and line.state != "fail"
        if part == "all" or line.state == "fail":
            yield line
    if not readable:
        return
    reachable, migrated, served = True, True, True
    for line in database.check(language):
        reachable = reachable and line.key != "db_unreachable"
        migrated = migrated and line.key not in ("db_waiting", "db_newer")
        yield line
    if part == "db":
        return
    for line in walls.check(language) if reachable else ():
        served = served and line.key != "role_missing"  # without the role of the site nothing can be read
        yield line
    yield from files.check(language)
    if reachable and migrated and served:
        yield files.originals(language)


def report(part: str, language: Language, *, as_json: bool = False) -> int:
    """Print every line and how many there are of each state; 1 if one failed, else 0."""
    lines: list[Line] = []
    for line in check(part, language):
        lines.append(line)
        if not as_json:
            print(line.as_text(language), flush=True)
    counts = {state: sum(line.state == state for line in lines) for state in ("ok", "warn", "fail")}
    if as_json:
        print(json.dumps({**counts, "lines": [line.as_dict() for line in lines]}, ensure_ascii=False, indent=2))
    else:
        print(say("check_counts", language, **counts))
    return 1 if counts["fail"] else 0

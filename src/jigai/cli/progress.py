"""Progress bars on standard error, so that standard output stays clean for results and JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from tqdm import tqdm

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is at work now)."""

_LONGEST = 18
"""Characters kept of what is at work: a long file name would leave no room for the bar."""


def short(what: str) -> str:
    """Return the last part of a path, cut in the middle so that its beginning and its end can be recognised."""
    name = what.rpartition("/")[2]
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"


@contextmanager
def bar(title: str, quiet: bool = False) -> Iterator[Progress]:
    """Show a bar titled ``title`` while the block runs; nothing when ``quiet`` or when nobody watches."""
    shown: tqdm[NoReturn] = tqdm(desc=title, disable=quiet or not sys.stderr.isatty(), leave=False, file=sys.stderr)

    def update(done: int, total: int, what: str) -> None:
        shown.total = total
        shown.set_postfix_str(short(what), refresh=False)
        shown.update(done - shown.n)

    try:
        yield update
    finally:
        shown.close()

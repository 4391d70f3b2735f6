"""Compile the English labels (``locale/en/LC_MESSAGES/django.po``) of every app, where they changed."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PLATFORM = Path(__file__).resolve().parents[1] / "src" / "jigai" / "platform"


def main() -> None:
    """Write a ``.mo`` beside each ``.po`` that is newer."""
    for source in sorted(PLATFORM.glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as said:
            catalogue = read_po(said, locale=source.parents[1].name, domain="django", abort_invalid=True)
        draft = target.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as compiled:
            write_mo(compiled, catalogue)
        draft.replace(target)  # whole or not at all: somebody else may be reading or compiling it


if __name__ == "__main__":
    main()

"""Every text marked for translation in the site's sources, by app."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

PLATFORM = Path(__file__).resolve().parents[2] / "src" / "jigai" / "platform"
CALLS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def marked() -> Iterator[tuple[str, str]]:
    """Yield place and text of everything marked, templates and Python alike."""
    for path in sorted(PLATFORM.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        for line, texts, *_ in (
            (found[0], found[1]) for found in extract("python", io.BytesIO(source.encode()), keywords=CALLS)
        ):
            for text in texts if isinstance(texts, tuple) else (texts,):
                if text:
                    yield f"{path.relative_to(PLATFORM)}:{line}", text


def english() -> dict[str, str]:
    """Return every text with its English, from the catalogues of all apps."""
    found: dict[str, str] = {}
    for path in sorted(PLATFORM.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as said:
            for message in read_po(said, locale="en", abort_invalid=True):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                words = message.string if isinstance(message.string, tuple) else (message.string,)
                for place, text in enumerate(ids):
                    if text:
                        found[text] = words[min(place, len(words) - 1)]
    return found

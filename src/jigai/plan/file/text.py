"""The stored text of a plan, and sentences found in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

_SENTENCE: Final = re.compile(r"[^。！？]*[。！？]|[^。！？]+$")


@dataclass(frozen=True)
class Quote:
    """Words of the plan and where they stand: ``content[start:end]`` of the stored text [characters]."""

    words: str
    start: int
    end: int


@dataclass(frozen=True)
class StoredText:
    """The plan's text as it is kept: its file, its content with line ends ``\\n``, the sha256 of that in UTF-8."""

    file: str
    content: str

    @classmethod
    def read(cls, file: str, data: bytes) -> StoredText:
        """Return the text in ``data`` (UTF-8, with or without a mark of the byte order).

        Raises:
            UnicodeDecodeError: it is not UTF-8.
        """
        return cls(file, data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))

    @cached_property
    def sha256(self) -> str:
        """The hash by which a change of the text is noticed; kinds of line ends do not count."""
        return sha256(self.content.encode()).hexdigest()

    @cached_property
    def _dense(self) -> tuple[str, list[int]]:
        """The text without blanks and line breaks, and where each of its characters stands."""
        places = [place for place, character in enumerate(self.content) if not character.isspace()]
        return "".join(self.content[place] for place in places), places

    def find(self, words: str) -> list[Quote]:
        """Return where ``words`` stand, at most the first two places; blanks and line breaks do not count."""
        dense, places = self._dense
        wanted = "".join(words.split())
        found: list[Quote] = []
        at = dense.find(wanted) if wanted else -1
        while at >= 0 and len(found) < 2:
            found.append(Quote(words, places[at], places[at + len(wanted) - 1] + 1))
            at = dense.find(wanted, at + 1)
        return found

    def near(self, words: str) -> str:
        """Return the sentence of the text that begins like ``words`` for longest, or an empty text."""
        dense, places = self._dense
        wanted = "".join(words.split())
        # The longest beginning that stands in the text: if a beginning does not, no longer one does.
        short = bisect_left(range(1, len(wanted) + 1), True, key=lambda size: wanted[:size] not in dense)
        if short < min(4, len(wanted)):
            return ""
        at = places[dense.index(wanted[:short])]
        found = _SENTENCE.match(self.content, at)
        return "".join(found[0].split()) if found else ""

    def uncited(self, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        """Return the sentences none of ``quotes`` touches: what the plan file may have left out."""
        spans = [(quote.start, quote.end) for quote in quotes]
        left = []
        for found in _SENTENCE.finditer(self.content):
            words = found[0].strip()
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            end = start + len(words)
            if words and not any(start < last and first < end for first, last in spans):
                left.append(Quote("".join(words.split()), start, end))
        return tuple(left)

"""Tidying a written designation and reading the kind a name tells, one text at a time."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from jigai.nameplate.language import Language

RATING = re.compile(
    r"[\s;:,(]\d+(?:\.\d+)?\s*(?:KVAR|KVA|MVA|KW|KV|MPA|HZ|R/MIN|RPM|极|V|A)"
    r"(?:[\s;:,)/]|$)"
)
_BODY = re.compile(r"([0-9A-ZΦ][!-:<-~×Φ±]*)")
_LOOSE = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#.-/_~&+×Φ;:°%* ")


def python_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the datasets, whose code points are written ``\\x{3000}``."""
    return re.compile(re.sub(r"\\x\{([0-9a-fA-F]{4})\}", r"\\u\1", pattern))


class Tidier:
    """The substitutions, compiled once."""

    def __init__(self, words: Language) -> None:
        """Read the tables of characters and rewritings."""
        pairs = dict(words.replacements("characters"))
        self._one = str.maketrans({written: tidied for written, tidied in pairs.items() if len(written) == 1})
        self._many = {written: tidied for written, tidied in pairs.items() if len(written) > 1}
        self._words = dict(words.replacements("words"))
        self._word = re.compile("|".join(map(re.escape, self._words)))
        self._lower, self._upper = self._compiled(words, "rewrites"), self._compiled(words, "upper_rewrites")
        self._nothing = {*words.words("no_model"), ""}

    @staticmethod
    def _compiled(words: Language, table: str) -> list[tuple[re.Pattern[str], str]]:
        return [
            (python_pattern(pattern), re.sub(r"\$\{(\d)\}", r"\\g<\1>", replacement))
            for pattern, replacement in words.replacements(table)
        ]

    def characters(self, text: str) -> str:
        """Return half width with one character for each sign."""
        return self._replace(unicodedata.normalize("NFKC", self._replace(text)))

    def _replace(self, text: str) -> str:
        for written, tidied in self._many.items():
            text = text.replace(written, tidied)
        return text.translate(self._one)

    def tidied(self, text: str | None) -> str | None:
        """Return the tidied designation, None where the cell says nothing."""
        if text is None:
            return None
        text = self._word.sub(lambda found: self._words[found[0]], self.characters(text))
        for pattern, replacement in self._lower:
            text = pattern.sub(replacement, text)
        text = text.upper()
        for pattern, replacement in self._upper:
            text = pattern.sub(replacement, text)
        text = text.strip()
        return None if text in self._nothing else text


def body(norm: str | None) -> str | None:
    """Return the designation proper, without ratings and Chinese words."""
    if norm is None:
        return None
    found = _BODY.search(re.sub(r"\s+", "", RATING.sub(" ", RATING.sub(" ", norm))))
    return found[0] if found else None


@dataclass(frozen=True)
class Named:
    """What a name tells: the word, its kind, whether it ends the name, whether it means one kind only."""

    word: str | None = None
    kind: str | None = None
    anchored: bool = False
    firm: bool = False
    aside: str | None = None


class Namer:
    """Known words by their text, looked up from the end of the name."""

    def __init__(self, words: Language, tidier: Tidier) -> None:
        """Index names and aliases of all kinds; an alias goes before a name."""
        self._tidier = tidier
        self._kinds: dict[str, str] = {}
        rows = list(words.kinds.iter_rows(named=True))
        pairs = [(alias, row["kind"]) for row in rows for alias in row["aliases"] or ()]
        for word, kind in [*pairs, *((row["zh"], row["kind"]) for row in rows)]:
            self._kinds.setdefault(tidier.characters(word).upper(), kind)
        self._longest = max(map(len, self._kinds))
        self._tails = sorted({tail for tail in words.words("name_tails")}, key=lambda word: (-len(word), word))
        self._weak = set(words.words("weak_words"))

    def named(self, text: str | None) -> Named:
        """Return what one name tells."""
        if text is None:
            return Named()
        plain = re.sub(r"\s+", "", self._tidier.characters(text).upper())
        outer, inside = re.sub(r"\([^()]*\)", "", plain), re.search(r"\(([^()]*)\)", plain)
        inner = inside[1] if inside else None
        head = outer if re.search("[\u3400-\u9fff]", outer) else inner
        aside = self._last(inner)
        word = self._at_end(head)
        anchored = word is not None
        if word is None:
            word = self._last(head)
        return Named(
            word,
            self._kinds.get(word or ""),
            anchored,
            word is not None and word not in self._weak,
            self._kinds.get(aside or ""),
        )

    def _ending_at(self, text: str, end: int) -> str | None:
        for size in range(min(self._longest, end), 0, -1):
            if text[end - size : end] in self._kinds:
                return text[end - size : end]
        return None

    def _last(self, text: str | None) -> str | None:
        """The word that ends furthest to the right."""
        for end in range(len(text or ""), 0, -1):
            word = self._ending_at(text or "", end)
            if word:
                return word
        return None

    def _at_end(self, text: str | None) -> str | None:
        """The word that ends the name but for numbering and words such as 设备."""
        waiting, seen = [len(text or "")], set()
        while waiting and text:
            end = waiting.pop()
            if end in seen:
                continue
            seen.add(end)
            word = self._ending_at(text, end)
            if word:
                return word
            waiting += [end - len(tail) for tail in reversed(self._tails) if text.endswith(tail, 0, end)]
            if end and text[end - 1] in _LOOSE:
                waiting.append(end - 1)
        return None

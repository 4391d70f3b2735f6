"""How an objection goes from filing to its answer: states and steps are rows of ``states.csv`` and ``steps.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.platform.replies.data import Word, english, rows, words


@dataclass(frozen=True)
class Step:
    """A row of ``steps.csv``: from which states to which (empty: it stays), who may, whether words are *required*."""

    key: str
    sources: tuple[str, ...]
    target: str
    capability: str
    words: str
    photos: bool
    button: str
    zh: str
    en: str
    done_zh: str
    done_en: str

    @property
    def label(self) -> str:
        """What the button says."""
        return self.en if english() else self.zh

    @property
    def done(self) -> str:
        """What is said afterwards."""
        return self.done_en if english() else self.done_zh


def steps() -> list[Step]:
    """Return every step, in order."""
    return [
        Step(
            key=row["key"],
            sources=tuple(part for part in row["from"].split("|") if part),
            target=row["to"],
            capability=row["capability"],
            words=row["words"],
            photos=row["photos"] == "1",
            button=row["button"],
            zh=row["zh"],
            en=row["en"],
            done_zh=row["done"],
            done_en=row["done_en"],
        )
        for row in rows("steps")
    ]


def step(key: str) -> Step:
    """Return a step by its key; ``KeyError`` where there is none."""
    return {one.key: one for one in steps()}[key]


def state(key: str) -> Word:
    """Return a state by its key."""
    return words("states")[key]


def open_states() -> tuple[str, ...]:
    """Return the states in which an objection still waits for its answer: the finding counts as open."""
    return tuple(key for key, one in words("states").items() if one.row["open"] == "1")

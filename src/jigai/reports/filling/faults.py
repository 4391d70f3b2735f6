"""Why a workbook cannot be filled: where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jigai.reports.labels import Language, read_table


@dataclass(frozen=True)
class Fault:
    """One reason: ``code`` is a row of ``data/filling_faults.csv``; the place is empty where it is the whole file."""

    code: str
    sheet: str
    address: str
    zh: str
    en: str

    def words(self, language: Language = "zh") -> str:
        """Return what is wrong and how to put it right."""
        return self.zh if language == "zh" else self.en


class FillingError(ValueError):
    """A workbook that cannot be filled as asked; ``faults`` are all the reasons at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(one.en for one in faults))
        self.faults = list(faults)


def fault(code: str, *, sheet: str = "", address: str = "", **said: object) -> Fault:
    """Return a fault with its sentences filled in."""
    row = _texts()[code]
    fields = {"sheet": sheet, "address": address, **said}
    return Fault(code, sheet, address, row["zh"].format(**fields), row["en"].format(**fields))


@cache
def _texts() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read_table("filling_faults")}

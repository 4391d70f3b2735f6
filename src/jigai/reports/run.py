"""The facts of a run that make it repeatable: the day, the versions, the documents used, the inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from jigai.reports.labels import label

if TYPE_CHECKING:
    from jigai.ledger import Ledger
    from jigai.reference import Dataset, Gap, Reference

UNSURE_NUMBER: Final = "（文号待核）"


@dataclass(frozen=True)
class Source:
    """A document the run relied on, as shown in 说明."""

    id: str
    title_zh: str
    title_en: str
    issuer: str
    number: str
    number_certainty: str
    in_force_from: date | None
    in_force_to: date | None
    check: str | None
    binds: str | None
    certainty: str
    source: str
    rows: int
    doubts: tuple[str, ...]
    version: str
    content_hash: str

    @classmethod
    def of(cls, dataset: Dataset) -> Source:
        """Take over what the manifest says and count the rows of all tables."""
        return cls(
            id=dataset.id,
            title_zh=dataset.title_zh,
            title_en=dataset.title_en,
            issuer=dataset.issuer or "",
            number=dataset.number or "",
            number_certainty=dataset.number_certainty or "",
            in_force_from=dataset.in_force_from,
            in_force_to=dataset.in_force_to,
            check=dataset.check,
            binds=dataset.binds,
            certainty=dataset.certainty or "",
            source=dataset.source or "",
            rows=sum(table.height for table in dataset.tables.values()),
            doubts=tuple(dataset.doubts),
            version=str(dataset.version),
            content_hash=dataset.content_hash,
        )

    @property
    def shown_number(self) -> str:
        """The document number, marked 文号待核 unless it was transcribed from the document itself (D3)."""
        if not self.number or self.number_certainty == "transcribed":
            return self.number
        return self.number + UNSURE_NUMBER

    @property
    def window(self) -> str:
        """The days in force in words."""
        if self.in_force_from is None and self.in_force_to is None:
            return "长期"
        first = self.in_force_from.isoformat() if self.in_force_from else "不限"
        last = self.in_force_to.isoformat() if self.in_force_to else "现行"
        return f"{first} 至 {last}"


@dataclass(frozen=True)
class GapNote:
    """A part of the facts that is not held (D4) and weakens some check, as shown in 说明."""

    subject: str
    document: str
    kind: str
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, gap: Gap) -> GapNote:
        """Take over what the reference says."""
        return cls(gap.subject, gap.document, gap.kind, gap.text_zh, gap.text_en)


@dataclass(frozen=True)
class Run:
    """Everything a reader needs to repeat a screening and to judge what it can bear.

    ``kinds`` are the Chinese names of the kinds of equipment; ``files`` are all inputs, read or refused.
    """

    as_of: date
    engine_version: str
    reference_hash: str
    input_hash: str
    files: tuple[str, ...]
    sources: tuple[Source, ...]
    gaps: tuple[GapNote, ...]
    kinds: dict[str, str]

    @classmethod
    def of(cls, reference: Reference, ledgers: Sequence[Ledger], as_of: date) -> Run:
        """Collect the facts of a run from the reference in force and the ledgers read."""
        from jigai import __version__

        return cls(
            as_of=as_of,
            engine_version=__version__,
            reference_hash=reference.content_hash,
            input_hash=input_hash(ledgers),
            files=tuple(dict.fromkeys(str(ledger.source) for ledger in ledgers)),
            sources=tuple(Source.of(dataset) for dataset in reference.datasets.values()),
            gaps=tuple(GapNote.of(gap) for gap in reference.gaps if gap.check),
            kinds=kind_names(reference),
        )

    @property
    def checks(self) -> tuple[Source, ...]:
        """The documents that judge, in the order of the checks; look-up tables and glossaries left out."""
        return tuple(source for source in self.sources if source.check)

    def summary(self) -> dict[str, Any]:
        """Return the run as plain values for JSON."""
        return {
            "as_of": self.as_of.isoformat(),
            "engine_version": self.engine_version,
            "reference_hash": self.reference_hash,
            "input_hash": self.input_hash,
            "files": list(self.files),
            "datasets": [
                {
                    "id": source.id,
                    "title": source.title_zh,
                    "number": source.shown_number,
                    "in_force": source.window,
                    "check": source.check,
                    "binds": source.binds,
                    "certainty": source.certainty,
                    "version": source.version,
                    "rows": source.rows,
                    "doubts": list(source.doubts),
                }
                for source in self.sources
            ],
            "gaps": [
                {"document": gap.document, "kind": gap.kind, "zh": gap.text_zh, "en": gap.text_en} for gap in self.gaps
            ],
        }


def input_hash(ledgers: Sequence[Ledger]) -> str:
    """Hash the contents of the inputs, whatever their order: the ids of the lines and the problems of reading.

    A line's id is made from file content, sheet and row (D9), so equal hashes mean equal inputs.
    """
    digests = sorted(_ledger_hash(ledger) for ledger in ledgers)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _ledger_hash(ledger: Ledger) -> str:
    ids = ledger.devices["device_id"].to_list() if "device_id" in ledger.devices.columns else []
    problems = ledger.problems.select(pl.exclude("source_file")).write_csv()
    return hashlib.sha256("\n".join([*ids, problems]).encode()).hexdigest()


def kind_names(reference: Reference) -> dict[str, str]:
    """Return the Chinese name of every kind of equipment."""
    if not reference.has("kinds"):
        return {}
    table = reference.table("kinds", "kinds")
    return dict(zip(table["kind"].to_list(), table["zh"].to_list(), strict=True))


def describe_check(source: Source) -> str:
    """Name the check a document serves and whom it binds, in Chinese."""
    return "，".join(filter(None, [label("check", source.check), label("binds", source.binds)]))

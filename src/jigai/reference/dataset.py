"""One dataset: its manifest together with its typed tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from jigai.reference.errors import DatasetError, Fault
from jigai.reference.gaps import GAPS_TABLE, check_gaps_table
from jigai.reference.manifest import Gap, Manifest, TableSpec
from jigai.reference.manifest_reader import read_manifest
from jigai.reference.sources import MANIFEST, Source
from jigai.reference.table import read_table
from jigai.reference.vocabulary import ledger_vocabulary


@dataclass(frozen=True, eq=False)
class Dataset:
    """A document's facts, in force from ``in_force_from`` to ``in_force_to`` (both inclusive, None = open).

    ``tables`` holds one frame per table, ``specs`` how each is built; ``content_hash`` changes with any fact.
    The other attributes are those of the manifest (``docs/reference/datasets.md``).
    """

    id: str
    check: str | None
    title_zh: str
    title_en: str
    issuer: str
    number: str | None
    number_certainty: str
    in_force_from: date | None
    in_force_to: date | None
    supersedes: tuple[str, ...]
    superseded_by: str | None
    binds: str
    certainty: str
    source: str
    doubts: tuple[str, ...]
    speaks_for: tuple[str, ...]
    gaps: tuple[Gap, ...]
    version: str
    content_hash: str
    tables: dict[str, pl.DataFrame]
    specs: dict[str, TableSpec]
    place: str

    def in_force(self, day: date) -> bool:
        """Tell whether the document is in force on ``day``."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_to is None or day <= self.in_force_to
        )

    @property
    def number_unsure(self) -> bool:
        """Tell whether the document number must be shown as 文号待核 (D3)."""
        return self.number is not None and self.number_certainty != "transcribed"


_READ: dict[tuple[str, str], Dataset] = {}


def read_dataset(source: Source) -> Dataset:
    """Read and validate one dataset; the same content at the same place is validated once per process.

    Raises `DatasetError` with every fault of the manifest, or else of all its tables.
    """
    seen = (source.place, source.content_hash)
    if seen not in _READ:
        _READ[seen] = _read(source)
    return _READ[seen]


def _read(source: Source) -> Dataset:
    if MANIFEST not in source.files:
        raise DatasetError([Fault(source.place, None, None, "no_manifest")])
    manifest = read_manifest(source.files[MANIFEST], source.path(MANIFEST), source.folder)
    faults: list[Fault] = []
    tables: dict[str, pl.DataFrame] = {}
    for spec in manifest.tables:
        path = source.path(spec.file)
        if spec.file not in source.files:
            faults.append(Fault(path, None, None, "file_missing"))
            continue
        table, wrong = read_table(spec, source.files[spec.file], path, ledger_vocabulary())
        faults += wrong
        if table is not None:
            tables[spec.name] = table
            faults += check_gaps_table(table, path) if spec.name == GAPS_TABLE else []
    declared = {MANIFEST, *(spec.file for spec in manifest.tables)}
    faults += [Fault(source.path(name), None, None, "file_undeclared") for name in source.files if name not in declared]
    if faults:
        raise DatasetError(faults)
    return _assemble(manifest, source, tables)


def _assemble(manifest: Manifest, source: Source, tables: dict[str, pl.DataFrame]) -> Dataset:
    head = {name: value for name, value in vars(manifest).items() if name != "tables"}
    return Dataset(
        **head,
        content_hash=source.content_hash,
        tables=tables,
        specs={spec.name: spec for spec in manifest.tables},
        place=source.place,
    )

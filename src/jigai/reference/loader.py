"""All datasets in force on one day: the only door through which judgement sees facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from jigai.reference.dataset import Dataset, read_dataset
from jigai.reference.errors import DatasetError, Fault
from jigai.reference.gaps import gaps_on
from jigai.reference.manifest import Gap
from jigai.reference.manifest_reader import is_id
from jigai.reference.sources import MANIFEST, Source, find_sources


@dataclass(frozen=True)
class Reference:
    """The facts in force on the day ``as_of``; ``datasets`` by id, in the order of the ids.

    ``all_datasets`` also holds those not in force that day, for lists and for editions of a year of manufacture.
    """

    as_of: date
    datasets: dict[str, Dataset]
    all_datasets: dict[str, Dataset]
    gaps: list[Gap] = field(default_factory=list)

    @classmethod
    def load(cls, as_of: date, extra: Sequence[Path] = ()) -> Reference:
        """Read the shipped datasets and those of ``extra``, and keep what is in force on ``as_of``.

        ``extra`` are dataset folders, folders of datasets, or zips of either; a dataset with the id of an earlier one
        takes its place, another id is added. Everything is validated, in force or not: `DatasetError` names all
        faults of all datasets at once.
        """
        every = read_all(extra)
        valid = {name: dataset for name, dataset in every.items() if dataset.in_force(as_of)}
        return cls(as_of, valid, every, gaps_on(valid.values(), as_of))

    @property
    def content_hash(self) -> str:
        """Return the sha256 over ids and content hashes of the datasets in force; the day itself does not enter."""
        lines = [f"{dataset.id}:{dataset.content_hash}" for dataset in self.datasets.values()]
        return sha256("\n".join(lines).encode()).hexdigest()

    @property
    def set_hash(self) -> str:
        """Return the sha256 over all datasets, in force or not: which facts are held, whatever the day."""
        return set_hash(self.all_datasets)

    @property
    def standing(self) -> str:
        """Return a hash of all that judging may see: equal on two days, it is judged alike on both but for ages.

        Beside the datasets held it covers which of them are in force and which gaps are known on the day; a gap may
        begin or end while its dataset stays.
        """
        told = [self.set_hash, *self.datasets, *(repr(gap) for gap in self.gaps)]
        return sha256("\n".join(told).encode()).hexdigest()

    def has(self, dataset_id: str) -> bool:
        """Tell whether a dataset is in force."""
        return dataset_id in self.datasets

    def dataset(self, dataset_id: str) -> Dataset:
        """Return a dataset in force; ``KeyError`` says which id is not."""
        if dataset_id not in self.datasets:
            raise KeyError(f"no dataset {dataset_id} in force on {self.as_of}")
        return self.datasets[dataset_id]

    def by_check(self, check: str) -> list[Dataset]:
        """Return the datasets in force that a check rests on, in the order of their ids."""
        return [dataset for dataset in self.datasets.values() if dataset.check == check]

    def table(self, dataset_id: str, table: str = "rules") -> pl.DataFrame:
        """Return one table of a dataset in force; ``KeyError`` says which is not there."""
        tables = self.dataset(dataset_id).tables
        if table not in tables:
            raise KeyError(f"dataset {dataset_id} has no table {table}; it has {', '.join(tables)}")
        return tables[table]


def set_hash(datasets: Mapping[str, Dataset]) -> str:
    """Return the sha256 over ids and content hashes of ``datasets``, in the order of the ids."""
    lines = [f"{name}:{datasets[name].content_hash}" for name in sorted(datasets)]
    return sha256("\n".join(lines).encode()).hexdigest()


def read_all(extra: Sequence[Path] = ()) -> dict[str, Dataset]:
    """Return every dataset by id, whatever the day; see `Reference.load` for ``extra`` and errors."""
    faults: list[Fault] = []
    chosen: dict[str, Dataset] = {}
    with as_file(files("jigai.reference").joinpath("data")) as shipped:
        for place in (shipped, *extra):
            try:
                chosen |= read_place(place)
            except DatasetError as error:
                faults += error.faults
    if not faults:
        faults = _broken_links(chosen)
    if faults:
        raise DatasetError(faults)
    return dict(sorted(chosen.items()))


def read_place(place: Path) -> dict[str, Dataset]:
    """Return the datasets of one folder or zip, without looking at others; raises `DatasetError` with all faults."""
    return _read_sources(find_sources(place))


def _read_sources(sources: Iterable[Source]) -> dict[str, Dataset]:
    faults: list[Fault] = []
    found: dict[str, Dataset] = {}
    for source in sources:
        try:
            dataset = read_dataset(source)
        except DatasetError as error:
            faults += error.faults
            continue
        if dataset.id in found:
            values = {"id": dataset.id, "other": found[dataset.id].place}
            faults.append(Fault(source.path(MANIFEST), None, "id", "id_twice", values))
        found[dataset.id] = dataset
    if faults:
        raise DatasetError(faults)
    return found


def _broken_links(datasets: dict[str, Dataset]) -> list[Fault]:
    """Check what datasets say of each other: targets exist, and the old one ends before the new one begins.

    A link may also be the number of a document that is not held (``GB 30253-2013``); it stands as a note.
    """
    faults = []
    for dataset in datasets.values():
        file = f"{dataset.place}/{MANIFEST}"
        links = [("supersedes", name) for name in dataset.supersedes]
        links += [("superseded_by", dataset.superseded_by)] if dataset.superseded_by else []
        for key, name in links:
            if name not in datasets and is_id(name):
                faults.append(Fault(file, None, key, "link_unknown", {"id": name}))
        for name in dataset.supersedes:
            old = datasets.get(name)
            if old is not None and old.check == dataset.check and _same_day(old, dataset):
                last = dataset.in_force_from - timedelta(days=1) if dataset.in_force_from else "—"
                faults.append(Fault(file, None, "supersedes", "link_overlap", {"id": name, "day": str(last)}))
    return faults


def _same_day(one: Dataset, other: Dataset) -> bool:
    start = max(one.in_force_from or date.min, other.in_force_from or date.min)
    end = min(one.in_force_to or date.max, other.in_force_to or date.max)
    return start <= end

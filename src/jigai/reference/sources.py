"""Where datasets lie: folders and zips, read into memory as named bytes."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from jigai.reference.errors import DatasetError, Fault

MANIFEST: Final = "manifest.yaml"
MAX_ZIP_BYTES: Final = 200_000_000
"""Most bytes a zip of datasets may unpack to: the shipped data has about 5 MB."""
MAX_ZIP_FILES: Final = 5_000
"""Most files a zip of datasets may hold: the shipped data has about 130."""
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Source:
    """One dataset as it lies on disk: the folder's name, the place to show in messages, its files."""

    folder: str
    place: str
    files: dict[str, bytes]

    def path(self, name: str) -> str:
        """Return the path of a file as messages show it."""
        return f"{self.place}/{name}"

    @property
    def content_hash(self) -> str:
        """Return the sha256 over the manifest and all CSV files, sorted by name.

        A UTF-8 byte order mark and the kind of line ends do not count, so that the same facts have the same hash on
        Windows and after a round trip through Excel; any other byte does.
        """
        digest = sha256()
        for name in sorted(self.files):
            content = self.files[name].removeprefix(_BOM).replace(b"\r\n", b"\n")
            digest.update(f"{name}\0{sha256(content).hexdigest()}\n".encode())
        return digest.hexdigest()


def find_sources(path: Path) -> list[Source]:
    """Return the datasets at ``path``: a dataset folder, a folder of them, or a zip of either.

    Raises `DatasetError` when the path does not exist, holds no dataset, or the zip is broken or unsafe.
    """
    if not path.exists():
        raise _fault(path, "not_found")
    sources = list(_in_zip(path) if path.is_file() else _in_folder(path))
    if not sources:
        raise _fault(path, "no_datasets")
    return sources


def _fault(path: Path, code: str, **values: object) -> DatasetError:
    return DatasetError([Fault(path.as_posix(), None, None, code, {name: str(v) for name, v in values.items()})])


def _wanted(name: str) -> bool:
    return name == MANIFEST or name.lower().endswith(".csv")


def _in_folder(path: Path) -> Iterator[Source]:
    itself = _read_folder(path)
    if MANIFEST in itself.files:
        yield itself
        return
    inside = [item for item in sorted(path.iterdir()) if item.is_dir() and not item.name.startswith((".", "_"))]
    found = [source for source in map(_read_folder, inside) if source.files]
    # Tables without a manifest and no datasets below: a dataset someone forgot to describe.
    yield from found or ([itself] if itself.files else [])


def _read_folder(folder: Path) -> Source:
    files = {item.name: item.read_bytes() for item in sorted(folder.iterdir()) if _wanted(item.name)}
    return Source(folder.resolve().name, folder.as_posix(), files)


def _in_zip(path: Path) -> Iterator[Source]:
    folders: dict[PurePosixPath, dict[str, bytes]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            room = MAX_ZIP_BYTES
            if len(archive.infolist()) > MAX_ZIP_FILES:
                raise _fault(path, "zip_many", limit=MAX_ZIP_FILES)
            for info in archive.infolist():
                inner = _inner_path(path, info)
                if inner is None:
                    continue
                with archive.open(info) as stream:
                    content = stream.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise _fault(path, "zip_size", limit=MAX_ZIP_BYTES // 1_000_000)
                folders.setdefault(inner.parent, {})[inner.name] = content
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error) as error:
        raise _fault(path, "zip_broken", detail=error) from error
    described = [folder for folder, files in folders.items() if MANIFEST in files]
    for folder, files in sorted(folders.items()):
        if folder not in described and any(folder in inner.parents for inner in described):
            continue  # stray tables beside the datasets, as in a folder of datasets
        # A zip made from inside the dataset folder has no folder of its own: its name is the zip's.
        name = folder.name or path.stem
        yield Source(name, f"{path.as_posix()}/{folder.as_posix()}".removesuffix("/."), files)


def _inner_path(path: Path, info: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return the path of a member worth reading; odd names are refused although nothing is unpacked to disk."""
    if info.is_dir():
        return None
    inner = PurePosixPath(info.filename)
    if inner.is_absolute() or ".." in inner.parts or "\\" in info.filename or ":" in info.filename:
        raise _fault(path, "zip_name", name=info.filename)
    if not _wanted(inner.name) or "__MACOSX" in inner.parts:
        return None
    if info.flag_bits & 1:
        raise _fault(path, "zip_encrypted")
    return inner

"""Files, folders and zips → the single files in them, each with a name unique in the run."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jigai.ledger.filenames import shown
from jigai.ledger.limits import MAX_DEPTH, MAX_FILE, MEGABYTE, Refused, read_member, refuse_if_bomb
from jigai.ledger.sniff import ignorable, sniff


@dataclass(frozen=True)
class Origin:
    """Where the bytes of a ledger can be read again: a file, or a member of a zip (of a zip)."""

    path: Path | None
    members: tuple[str, ...] = ()
    data: bytes | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """Return the original bytes, unchanged."""
        if self.data is not None:
            return self.data
        if self.path is None:
            raise FileNotFoundError("a ledger given as nothing has no bytes")
        data = self.path.read_bytes()
        for member in self.members:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = read_member(archive, archive.getinfo(member))
        return data


@dataclass(frozen=True)
class Source:
    """One file to read: its name in the run, and its bytes and format, or why it is refused or left aside."""

    name: str
    origin: Origin
    data: bytes = field(default=b"", repr=False)
    format: str | None = None
    refusal: Refused | None = None
    skipped: bool = False

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def open_all(inputs: Sequence[str | Path], without: Path | None = None) -> Iterator[Source]:
    """Yield every file in ``inputs`` (files, folders, zips), one at a time, in a stable order.

    Names are relative with forward slashes and unique: ``a.zip/b.xlsx``, ``folder/c.xls``. Nothing is raised for a
    file that cannot be read; it comes with ``refusal``.
    """
    taken: set[str] = set()
    for path, name, given in _walk(inputs, without):
        unique = _unique(name, taken)
        if not given and ignorable(name):
            yield Source(unique, Origin(path), skipped=True)
        else:
            yield from _open_path(path, unique)


def count_files(inputs: Sequence[str | Path], without: Path | None = None) -> int:
    """Return how many files (zips count once) lie in ``inputs``, for a progress bar."""
    return sum(1 for _ in _walk(inputs, without))


def open_bytes(data: bytes, name: str) -> Source:
    """Return a source for bytes already in memory, not a zip of workbooks."""
    return _opened(name, Origin(None, (), data), data)


def open_inside(data: bytes, name: str) -> Iterator[Source]:
    """Yield the files inside bytes in memory: those of a zip (of zips), else the one file they are."""
    source = open_bytes(data, name)
    if source.format == "zip" and source.refusal is None:
        yield from _open_zip(source, 1)
    else:
        yield source


def open_file(path: Path, name: str) -> Source:
    """Return the source for one file; a zip of workbooks is refused here (see :func:`open_all`)."""
    try:
        data = _read(path)
    except Refused as refusal:
        return Source(name, Origin(path), refusal=refusal)
    return _opened(name, Origin(path), data)


def _walk(inputs: Sequence[str | Path], without: Path | None) -> Iterator[tuple[Path, str, bool]]:
    several = len(inputs) > 1
    left_out = without.resolve() if without else None
    for item in inputs:
        root = Path(item)
        if not root.is_dir():
            yield root, shown(root.name), True
            continue
        for path in sorted(entry for entry in root.rglob("*") if entry.is_file()):
            if left_out is not None and left_out != root.resolve() and left_out in path.resolve().parents:
                continue
            relative = path.relative_to(root).as_posix()
            yield path, shown(f"{root.resolve().name}/{relative}" if several else relative), False


def _unique(name: str, taken: set[str]) -> str:
    pure = PurePosixPath(name)
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = str(pure.with_name(f"{pure.stem} ({number}){pure.suffix}"))
    taken.add(candidate.casefold())
    return candidate


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise Refused("too_large", size=size // MEGABYTE, limit=MAX_FILE // MEGABYTE)
        return path.read_bytes()
    except OSError as error:
        raise Refused("cannot_open", detail=error.strerror or type(error).__name__) from error


def _open_path(path: Path, name: str) -> Iterator[Source]:
    source = open_file(path, name)
    if source.format == "zip":
        yield from _open_zip(source, depth=1)
    else:
        yield source


def _opened(name: str, origin: Origin, data: bytes) -> Source:
    try:
        return Source(name, origin, data, format=sniff(data, name))
    except Refused as refusal:
        return Source(name, origin, data, refusal=refusal)


def _open_zip(source: Source, depth: int) -> Iterator[Source]:
    if depth > MAX_DEPTH:
        yield Source(source.name, source.origin, refusal=Refused("archive_nested", depth=depth))
        return
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        try:
            if any(member.flag_bits & 1 for member in members):
                raise Refused("archive_password")
            refuse_if_bomb(sum(member.file_size for member in members), len(source.data))
        except Refused as refusal:
            yield Source(source.name, source.origin, refusal=refusal)
            return
        taken: set[str] = set()
        for member in members:
            inside = member_name(member)
            name = _unique(f"{source.name}/{inside}", taken)
            origin = Origin(source.origin.path, (*source.origin.members, member.filename), None)
            if ignorable(inside):
                yield Source(name, origin, skipped=True)
                continue
            try:
                data = read_member(archive, member)
            except Refused as refusal:
                yield Source(name, origin, refusal=refusal)
                continue
            inner = _opened(name, origin, data)
            if inner.format == "zip":
                yield from _open_zip(inner, depth + 1)
            else:
                yield inner


def member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a zip member as its author saw it: Windows zips often hold GBK without saying so.

    Drive letters, ``..`` and leading slashes are dropped, so that the name never leads out of a folder.
    """
    text = member.filename
    if not member.flag_bits & 0x800:
        try:
            raw = text.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                text = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(part.replace(":", "_") for part in parts) or "noname"

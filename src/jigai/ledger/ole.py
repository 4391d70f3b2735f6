"""Streams of an OLE compound file (the container of .xls, .et and password-protected workbooks).

Layout: MS-CFB. Only what is needed to list streams and to read one of them.
"""

from __future__ import annotations

import struct
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END: Final = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_MINI_CUTOFF: Final = 4096


class OleError(ValueError):
    """The container is cut off or inconsistent."""


def stream_names(data: bytes) -> dict[str, tuple[int, int]]:
    """Return name → (first sector, size) of every stream and storage of the compound file."""
    return {name: (start, size) for name, (start, size, _) in _Container(data).entries.items()}


def read_stream(data: bytes, name: str) -> bytes:
    """Return the bytes of one stream; ``KeyError`` when there is none of that name."""
    return _Container(data).read(name)


class _Container:
    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise OleError("no compound file header")
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise OleError("unknown sector size")
        self.sector, self.mini = 1 << shift, 1 << mini_shift
        (_, first_directory, _, _, first_mini_fat, _, first_difat, _) = struct.unpack_from("<8I", data, 44)
        self.fat = self._load_fat(first_difat)
        directory = self._chain(first_directory)
        self.entries = self._directory(directory)
        self.mini_fat = self._numbers(self._chain(first_mini_fat)) if first_mini_fat < _END else ()

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self.sector
        piece = self.data[start : start + self.sector]
        if not piece:
            raise OleError("sector beyond the end of the file")
        return piece

    @staticmethod
    def _numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _load_fat(self, first_difat: int) -> tuple[int, ...]:
        sectors = [number for number in struct.unpack_from("<109I", self.data, 76) if number < _END]
        seen: set[int] = set()
        while first_difat < _END and first_difat not in seen:
            seen.add(first_difat)
            numbers = self._numbers(self._at(first_difat))
            sectors += [number for number in numbers[:-1] if number < _END]
            first_difat = numbers[-1]
        return self._numbers(b"".join(self._at(number) for number in sectors))

    def _chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        seen: set[int] = set()
        while start < _END:
            if start in seen or start >= len(self.fat):
                raise OleError("broken chain of sectors")
            seen.add(start)
            pieces.append(self._at(start))
            start = self.fat[start]
        return b"".join(pieces)

    @staticmethod
    def _directory(raw: bytes) -> dict[str, tuple[int, int, int]]:
        entries: dict[str, tuple[int, int, int]] = {}
        for offset in range(0, len(raw) - 127, 128):
            length, kind = struct.unpack_from("<HB", raw, offset + 64)
            if kind == 0 or not 2 <= length <= 64:
                continue
            name = raw[offset : offset + length - 2].decode("utf-16-le", errors="replace")
            start, size = struct.unpack_from("<IQ", raw, offset + 116)
            entries.setdefault(name, (start, size & 0xFFFFFFFF, kind))
        return entries

    def read(self, name: str) -> bytes:
        start, size, _ = self.entries[name]
        if size >= _MINI_CUTOFF:
            return self._chain(start)[:size]
        root = next(entry for entry in self.entries.values() if entry[2] == 5)
        container = self._chain(root[0])
        pieces: list[bytes] = []
        while start < _END and len(pieces) * self.mini < size:
            pieces.append(container[start * self.mini : (start + 1) * self.mini])
            if start >= len(self.mini_fat):
                raise OleError("broken chain of small sectors")
            start = self.mini_fat[start]
        return b"".join(pieces)[:size]

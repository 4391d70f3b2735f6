"""Safety limits: what may be unpacked, and the refusal that names the step to take."""

from __future__ import annotations

import zipfile
from typing import Final

MEGABYTE: Final = 1_000_000
MAX_FILE: Final = 512 * MEGABYTE
"""Largest file read [bytes]."""
MAX_UNPACKED: Final = 1024 * MEGABYTE
"""Largest size of one workbook or one archive after unpacking [bytes]."""
RATIO_FROM: Final = 20 * MEGABYTE
"""Below this unpacked size the ratio does not matter: small sheets of blanks pack very well."""
MAX_RATIO: Final = 100
"""Largest unpacked : packed size. Real ledgers stay below 40; a zip bomb starts at several hundred."""
MAX_DEPTH: Final = 2
"""Zips within zips that are opened."""
_CHUNK: Final = 1 << 20


class Refused(Exception):  # noqa: N818 - says what happened to the file, in the words of the problem table
    """A file that is not read: ``code`` of the problem and the fields of its texts."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def check_zip(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse an archive that would unpack to too much, is encrypted or damaged.

    The declared sizes are checked first. Then every member is unpacked once in small pieces and thrown away, so
    that neither a wrong size nor a damaged member reaches a reader that trusts the declaration.
    ``packed`` is the size of the archive [bytes].
    """
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise Refused("archive_password")
    total = sum(member.file_size for member in members)
    refuse_if_bomb(total, packed)
    for member in members:
        read_member(archive, member, keep=False)


def refuse_if_bomb(unpacked: int, packed: int) -> None:
    """Raise :class:`Refused` when ``unpacked`` bytes out of ``packed`` are over the limits."""
    ratio = unpacked // max(packed, 1)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and ratio > MAX_RATIO):
        raise Refused("zip_bomb", size=unpacked // MEGABYTE, ratio=ratio)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, keep: bool = True) -> bytes:
    """Unpack one member, never more than it declares; a mismatch raises :class:`Refused` (damaged)."""
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(member) as handle:
            while piece := handle.read(_CHUNK):
                size += len(piece)
                if keep:
                    pieces.append(piece)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused("damaged", detail=f"{member.filename}: {error}"[:120]) from error
    except Exception as error:  # zlib.error and lzma.LZMAError have no common base
        if type(error).__module__ not in {"zlib", "_lzma", "lzma"}:
            raise
        raise Refused("damaged", detail=f"{member.filename}: {error}"[:120]) from error
    if size != member.file_size:
        raise Refused("damaged", detail=member.filename)
    return b"".join(pieces)

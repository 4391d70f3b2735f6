"""What a file really is: decided by its content, never by its name alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import Final

from jigai.ledger import ole
from jigai.ledger.limits import Refused, check_zip

READABLE: Final = frozenset({"xlsx", "xlsb", "xls", "ods", "text", "parquet", "zip"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES: Final = (
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
)
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")
_WEB: Final = ("<html", "<!doctype html", "<table", "<?xml", "<meta", "<head", "<body", "mime-version:", "<style")
_IGNORED: Final = frozenset(
    {".md", ".rst", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".mp4", ".log", ".db", ".ini"}
    | {".lnk", ".url", ".exe", ".py", ".json", ".yaml", ".yml"}
)


def ignorable(name: str) -> bool:
    """Say whether a file met in a folder is left aside by its name: pictures, notes, system and lock files."""
    path = PurePosixPath(name)
    base = path.name
    return base.startswith(("~$", ".")) or "__MACOSX" in path.parts or path.suffix.lower() in _IGNORED


def sniff(data: bytes, name: str) -> str:
    """Return the format of ``data``, one of :data:`READABLE`.

    Raises :class:`Refused` with the step to take when the content is something jigai does not read, is protected,
    incomplete, or would unpack to more than the safety limits allow.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if not data:
        raise Refused("empty_file")
    if data.startswith(b"PK"):
        return _sniff_zip(data)
    if data.startswith(_OLE):
        return _sniff_ole(data, suffix)
    if data.startswith(b"PAR1"):
        if not data.endswith(b"PAR1"):
            raise Refused("truncated")
        return "parquet"
    if data.startswith(b"%PDF"):
        raise Refused("pdf")
    for magic, kind in _ARCHIVES:
        if data.startswith(magic):
            raise Refused("other_archive", suffix=kind)
    if data.startswith(_PICTURES):
        raise Refused("picture")
    if data.startswith((b"\t\x08", b"\t\x04", b"\t\x02", b"\t\x00")):
        return "xls"
    if not _is_text(data):
        raise Refused("unknown_format")
    head = data[:2048].decode("utf-8", errors="ignore").lstrip("\ufeff \t\r\n").lower()
    if head.startswith(_WEB):
        raise Refused("web_page")
    if head.startswith("{\\rtf"):
        raise Refused("word_document")
    return "text"


def _is_text(data: bytes) -> bool:
    """Text has no NUL bytes, unless it is UTF-16, and hardly any control characters."""
    head = data[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        return looks_utf16(head) is not None
    control = sum(head.count(bytes([code])) for code in range(32) if code not in (9, 10, 11, 12, 13, 26, 27))
    return control <= len(head) // 200


def looks_utf16(head: bytes) -> str | None:
    """Name the UTF-16 variant of text without a byte-order mark, judged by where its ASCII zero bytes stand."""
    sample = head[: len(head) // 2 * 2][:4096]
    half = len(sample) // 2
    if not half:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > half // 20 and low == 0:
        return "utf-16-le"
    if low > half // 20 and high == 0:
        return "utf-16-be"
    return None


def _sniff_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = _kind_of_zip(archive, names)
            if kind != "zip":
                check_zip(archive, len(data))
            return kind
    except zipfile.BadZipFile as error:
        raise Refused("truncated") from error
    except (NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise Refused("damaged", detail=str(error)[:80]) from error


def _kind_of_zip(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names:
        with archive.open("mimetype") as handle:
            mimetype = handle.read(200).decode("ascii", errors="replace")
        if "opendocument.spreadsheet" in mimetype:
            return "ods"
        if "opendocument.text" in mimetype:
            raise Refused("word_document")
        if "opendocument.presentation" in mimetype:
            raise Refused("slides")
    if any(name.startswith("word/") for name in names):
        raise Refused("word_document")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("slides")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "zip"


def _sniff_ole(data: bytes, suffix: str) -> str:
    try:
        streams = ole.stream_names(data)
    except ole.OleError as error:
        raise Refused("truncated") from error
    if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
        raise Refused("password")
    if "WordDocument" in streams:
        raise Refused("word_document")
    if "PowerPoint Document" in streams:
        raise Refused("slides")
    if suffix == ".et":
        raise Refused("wps_et")
    if "Workbook" in streams or "Book" in streams:
        return "xls"
    raise Refused("unknown_format")

"""Names of files between people and the disk: a name can be bytes in another encoding than the system believes.

Archives from Chinese Windows unpacked on Linux leave names in GBK; a system without a language set believes in ASCII.
Python then hands over surrogates, which no table, workbook or JSON can hold.
"""

from __future__ import annotations

import os
from typing import Final

_ENCODINGS: Final = ("utf-8", "gb18030")


def shown(name: str) -> str:
    """Return a file name as its author saw it, free of surrogates: bytes in UTF-8 or GBK, unknown ones as �."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        for encoding in _ENCODINGS:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return raw.decode("utf-8", errors="replace")
    return name


def on_disk(name: str) -> str:
    """Return the name to write a file under, in UTF-8 even where the system believes in less."""
    return os.fsdecode(name.encode("utf-8"))

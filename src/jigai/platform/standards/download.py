"""A dataset as a zip, to be edited in Excel or WPS and uploaded again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jigai.platform.standards.packages import canonical
from jigai.reference import Dataset
from jigai.reference.sources import Source, find_sources

_BOM: Final = b"\xef\xbb\xbf"


def package(dataset: Dataset) -> bytes:
    """Return the dataset as it is held, its tables marked as UTF-8 so that Excel shows Chinese at once.

    ``DatasetError`` where its files are no longer there.
    """
    place = Path(dataset.place)
    found = find_sources(place if place.exists() else place.parent)
    source = next(one for one in found if one.folder == dataset.id)
    marked = {
        name: content if content.startswith(_BOM) or not name.endswith(".csv") else _BOM + content
        for name, content in source.files.items()
    }
    return canonical([Source(source.folder, source.place, marked)])

"""How the model designation of a device is read: its pieces, and what each piece was taken to mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jigai.platform.ledger.models import Device
from jigai.platform.ledger.words import attribute_word
from jigai.screening import Explanation

_PIECE = r"[A-Za-z]+|\d+(?:\.\d+)?|[^A-Za-z0-9]+"


@dataclass(frozen=True)
class Piece:
    """A part of the designation as it is written, and the parameters that stand in it; separators have none."""

    text: str
    means: tuple[str, ...]
    separator: bool


def nameplate_of(device: Device, told: Explanation) -> list[Piece]:
    """Cut the tidied designation into pieces and put beside each what the reading found in it.

    A piece means a parameter where the parameter was read from the plate and is written like the piece: 75 kW beside
    75, S9 over S and 9. What was read from the whole is left to the table below.
    """
    model = device.values.get("model_norm") or device.model
    if not model:
        return []
    read = {
        name: told.device[name]
        for name in told.origins
        if name in told.device and name not in ("name", "model", "kind", "quantity")
    }
    # A series such as S9 is one piece; it is looked for before letters and figures are.
    whole = sorted({one for one in read.values() if isinstance(one, str) and one}, key=len, reverse=True)
    pieces, used = [], set[str]()
    for text in re.findall("|".join([*map(re.escape, whole), _PIECE]), model, re.IGNORECASE):
        separator = not text[0].isalnum()
        means = [] if separator else [name for name, value in read.items() if name not in used and _same(text, value)]
        used.update(means[:2])
        pieces.append(Piece(text, tuple(attribute_word(name) for name in means[:2]), separator))
    return pieces


def _same(text: str, value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return text.replace(".", "", 1).isdigit() and float(text) == float(value)
    return text.upper() == str(value).upper()

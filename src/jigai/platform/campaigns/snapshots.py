"""What a report was about: the devices of a site in the states then in force, kept under the hash of that list."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from jigai.platform.imports.storage import write_whole
from jigai.platform.ledger.models import DeviceState


def folder() -> Path:
    """Return the folder of all that surveys keep; part of every backup."""
    return Path(settings.DATA_DIR) / "files" / "campaigns"


def path(content_hash: str) -> Path:
    """Return where something lies that was kept."""
    return folder() / content_hash[:2] / content_hash


def keep(data: bytes) -> str:
    """Keep bytes under their hash and return it; the same bytes are kept once."""
    content_hash = hashlib.sha256(data).hexdigest()
    write_whole(path(content_hash), data)
    return content_hash


def read(content_hash: str) -> bytes:
    """Return what was kept; ``FileNotFoundError`` where the store has lost it."""
    return path(content_hash).read_bytes()


def canonical(said: Any) -> bytes:
    """Return data as bytes that are the same for the same data."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def freeze_site(site: int) -> str:
    """Keep which devices the site has in which states, and return the hash of that list.

    The states themselves are never changed (D16), so that list is all it takes to say what was reported.
    """
    states = DeviceState.objects.filter(superseded_at__isnull=True, device__site=site, device__gone_at__isnull=True)
    rows = states.order_by("device_id").values_list("device_id", "pk", "device__said_hash")
    return keep(canonical({"site": site, "devices": [list(row) for row in rows]}))

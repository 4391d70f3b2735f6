"""Cells that were put right, in the audit trail: told to those who may open the file."""

from __future__ import annotations

from jigai.platform.audit.models import Event
from jigai.platform.audit.secrets import Secret
from jigai.platform.imports.models import Upload
from jigai.platform.imports.subjects import subject


def secret(event: Event) -> Secret | None:
    """Return the guard on the cells of a file that not everybody may open."""
    if event.action != "import.corrected":
        return None
    upload = Upload.objects.filter(pk=event.object_id).first()
    found = subject(upload.subject) if upload else None
    return Secret(found.opens, frozenset({"cells"})) if found and found.opens else None

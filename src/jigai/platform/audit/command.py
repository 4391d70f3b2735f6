"""``jigai audit verify``: the check of the chain from the command line."""

from __future__ import annotations

from django.db import transaction

from jigai.platform.audit.chain import CHAIN
from jigai.platform.audit.jobs import in_words
from jigai.platform.audit.verification import verify
from jigai.platform.walls.scope import use_scope


def verify_and_tell(first: int = 1, last: int | None = None) -> int:
    """Verify the chain, print what was found line by line, and return the exit code: 1 if it does not hold."""
    with transaction.atomic(), use_scope(CHAIN):
        found = verify(first, last)
    print(in_words(found))
    for one in found.breaks:
        print(f"  {one.position}  {one.text}  [{one.event_number or '-'}]")
    print(f"  {found.position}  {found.hash}")
    return 0 if found.intact else 1

"""Send notices and count what is unread."""

from __future__ import annotations

from jigai.platform.walls.actor import Actor


def unread_count(actor: Actor) -> int:
    """Return how many notices the one who acts has not read."""
    return 0

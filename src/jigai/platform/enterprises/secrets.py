"""Financial figures in the audit trail: who changed which is told, the figure only to those who may see it."""

from __future__ import annotations

from jigai.platform.audit.models import Event
from jigai.platform.audit.secrets import Secret
from jigai.platform.enterprises.attributes import attributes, is_financial


def secret(event: Event) -> Secret | None:
    """Return the guard on a figure of finance; one that this version does not know is guarded too."""
    if event.action != "fact.set":
        return None
    described = attributes().get((event.after or {}).get("attribute", ""))
    if described is not None and not is_financial(described):
        return None
    return Secret("finance.view", frozenset({"value"}))

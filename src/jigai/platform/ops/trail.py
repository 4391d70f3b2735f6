"""``jigai audit verify``: has nobody changed the audit trail?"""

from __future__ import annotations

from jigai.platform.audit import services
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language


def verify(language: Language) -> int:
    """Walk the chain and say what is found; 1 if a link does not hold."""
    walk = getattr(services, "verify", None)
    if walk is None:
        raise OpsError(say("no_verify", language))
    return int(walk())

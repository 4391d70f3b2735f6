"""``jigai audit verify``: has nobody changed the audit trail?"""

from __future__ import annotations

from django.db import transaction
from django.utils import translation

from jigai.platform.ops.words import say
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
from jigai.screening.sentences import Language

TONGUES = {"zh": "zh-hans", "en": "en"}


def verify(language: Language) -> int:
    """Walk the chain, say what is found and keep that in the trail itself; 1 if a link does not hold."""
    from jigai.platform.audit import verification
    from jigai.platform.audit.jobs import in_words
    from jigai.platform.audit.services import record

    actor = command("audit verify")
    with translation.override(TONGUES[language]), transaction.atomic(), use_scope(actor.scope):
        found = verification.verify()
        print(in_words(found))
        for one in found.breaks:
            print(say("trail_break", language, position=one.position, number=one.event_number or "–", text=one.text))
        record(actor, "audit.verified", after={"checked": found.checked, "breaks": found.found})
    return 0 if found.intact else 1

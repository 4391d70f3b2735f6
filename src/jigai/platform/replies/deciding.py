"""Uphold an objection: the device is put right by the answer, and its site is judged again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jigai.platform.ledger.models import DeviceState
from jigai.platform.ledger.stating import restate
from jigai.platform.ledger.words import attribute_word, with_unit
from jigai.platform.replies import objections
from jigai.platform.replies.data import words
from jigai.platform.replies.models import Objection
from jigai.platform.screening import obsolete
from jigai.platform.screening import services as screening
from jigai.platform.walls.actor import Actor


def uphold(
    actor: Actor, pk: int, said: str, values: Mapping[str, Any], today: date, *, version: int | None = None
) -> Objection:
    """Decide for the enterprise, with a written answer.

    Args:
        actor: the officer; not the one who objected.
        pk: number of the objection.
        said: the written answer.
        values: attribute → value as the officer accepts them; those not named stay as they are.
        today: the day by which the site is judged again.
        version: of the objection as it was read.

    Raises:
        ValidationError: the state, the person or the words do not allow it, or no value is put right where one must be.
    """
    one, taken = objections.begin(actor, pk, "uphold", said, version)
    effect = words("reasons")[one.reason].row["effect"]
    known = DeviceState.objects.get(device=one.device, superseded_at__isnull=True).values
    changed = {name: value for name, value in values.items() if value is not None and value != known.get(name)}
    if effect == "values" and not changed:
        raise ValidationError(_("异议成立的，至少有一项数值要按答复更正；都与台账相同的，请选“异议不成立”。"))
    if effect == "values":
        restate(actor, one.device_id, {**known, **changed}, "reply", said)
    elif effect == "gone":
        # Dismantled or never of this site: without a disposal record it is not counted as replaced.
        obsolete.withdraw(actor.label, [restate(actor, one.device_id, known, "gone", said)], said)
    if effect != "none" and one.site_id:
        title = _("异议答复后筛查：%(device)s") % {"device": one.device}
        one.run_after = screening.start(actor, [one.site_id], today, title=title)
    told = {name: [known.get(name), value] for name, value in changed.items()} if effect == "values" else {}
    objections.finish(actor, one, taken, said, told)
    return one


def in_words(changed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a step changed: attribute, before, after, as people write it."""
    return [
        (attribute_word(name), "—" if before is None else with_unit(name, before), with_unit(name, after))
        for name, (before, after) in changed.items()
    ]

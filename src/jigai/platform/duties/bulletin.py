"""What is late as the bulletin (工作进展通报) lists it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from jigai.platform.duties.adopting import current
from jigai.platform.duties.overdue import Late
from jigai.platform.duties.overdue import overdue as late
from jigai.platform.reporting.overdue import Overdue


def overdue(today: date) -> Sequence[Overdue] | None:
    """Return what is late on a day as it was known on it, the longest first, in the scope in force.

    None where no plan was adopted: nobody keeps tasks, and that nothing is late would be said without knowing.
    """
    if current() is None:
        return None
    return [Overdue(_title(one), one.organisation or _("还没有牵头单位"), one.due) for one in late(today)]


def _title(one: Late) -> str:
    """Name the task, the rule that speaks, and what exactly is missing."""
    about = f"{one.words}（{one.detail}）" if one.detail else one.words
    return f"{one.duty}：{one.rule_name}，{about}"

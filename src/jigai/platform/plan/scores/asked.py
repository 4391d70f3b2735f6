"""What the address of a scorecard asks for: a year, a day known, and weights to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jigai.plan.period import Period
from jigai.platform.plan.work import FIRST_YEAR
from jigai.platform.web.forms import read_number
from jigai.platform.web.period import when_of

WEIGHT: Final = "w-"
"""What the parameters of weights begin with, followed by the objective."""
MOST: Final = Decimal(1000)


@dataclass(frozen=True)
class Asked:
    """A year as known on a day; ``weights`` are those to try, None the plan's own; ``wrong`` says what was refused."""

    period: Period
    known_on: date
    today: date
    weights: Mapping[str, Decimal] | None = None
    wrong: Sequence[str] = field(default_factory=list)

    @property
    def replay(self) -> bool:
        """Whether this looks back to what was known on an earlier day."""
        return self.known_on < self.today

    @property
    def years(self) -> range:
        """The years there are figures for, the newest first."""
        return range(self.today.year, FIRST_YEAR - 1, -1)

    @property
    def arguments(self) -> dict[str, object]:
        """The same for a job."""
        weights = {key: str(value) for key, value in self.weights.items()} if self.weights is not None else None
        return {"period": self.period.key, "known_on": self.known_on.isoformat(), "weights": weights}


def asked_of(request: HttpRequest) -> Asked:
    """Return what the address asks for; a weight that is no number from 0 to 1000 is refused with its sentence."""
    when = when_of(request)
    weights: dict[str, Decimal] = {}
    wrong: list[str] = []
    for name in request.GET:
        text = request.GET.get(name, "")
        if not name.startswith(WEIGHT) or not text.strip():
            continue
        key = name.removeprefix(WEIGHT)
        try:
            number = read_number(text)
        except ValueError:
            number = Decimal(-1)
        if not 0 <= number <= MOST or number != number.quantize(Decimal("0.01")):
            said = _("%(item)s 的权重“%(text)s”不能用：填 0 到 1000 的数，小数不超过两位；0 表示不计这一项。")
            wrong.append(said % {"item": key, "text": text[:20]})
            continue
        weights[key] = number
    if wrong:
        weights = {}
    return Asked(Period(when.year), when.known_on, when.today, weights or None, wrong)

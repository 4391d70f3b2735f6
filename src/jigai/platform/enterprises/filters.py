"""The filter by industry that lists of enterprises share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Manager
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jigai.platform.enterprises import reference
from jigai.platform.web.listing import Filter


def by_division(rows: Manager[Any]) -> Filter:
    """Return the filter by industry division (行业大类 of GB/T 4754) for a list whose rows carry ``industry_code``.

    It offers the divisions that occur among ``rows``, those in sight of whoever asks; one query.
    """

    def offered(request: HttpRequest) -> Sequence[tuple[str, Any]]:
        found = reference.divisions(timezone.localdate())
        used = {code[:2] for code in rows.order_by().values_list("industry_code", flat=True).distinct()}
        return [(code, f"{code} {name}") for code, name in sorted(found.items()) if code in used]

    return Filter("division", _("行业大类"), lambda rows, code: rows.filter(industry_code__startswith=code), offered)

"""Filters by place that lists share: whoever manages a row (管理主体), and the county it lies in (属地); D13 for both.

They fit any list whose rows carry the scope columns ``manager_code`` and ``place_code`` (D19).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.web.listing import Filter


def _managers(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    """Offer every managing unit by its short name, also those out of use: rows still carry their codes."""
    return [(one.code, str(one)) for one in ManagingUnit.objects.all()]


def _counties(request: HttpRequest) -> Sequence[tuple[str, Any]]:
    return list(Place.objects.filter(level="county").values_list("code", "name"))


BY_MANAGER: Final = Filter("manager", _("管理主体"), lambda rows, code: rows.filter(manager_code=code), _managers)
"""Narrow rows to those one managing unit answers for; asks the database once for what to choose from."""

BY_COUNTY: Final = Filter("place", _("属地"), lambda rows, code: rows.filter(place_code=code), _counties)
"""Narrow rows to those that lie in one county, whoever manages them; asks the database once."""

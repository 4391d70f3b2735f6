"""Whose figure a cell asks for: the city, a managing unit, a county, a division of industry, with their names."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.platform.enterprises import reference
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.reporting.figures import COUNTY, INDUSTRY


def parts() -> dict[str, dict[str, str]]:
    """Return the name of every part by how bindings write it (``computing.partition``), in groups by their name."""
    counties = Place.objects.filter(level="county").order_by("order", "code").values_list("code", "name")
    divisions = reference.divisions(timezone.localdate()).items()
    return {
        _("管理主体"): {one.code: str(one) for one in ManagingUnit.objects.filter(active=True)},
        _("县区（属地）"): {f"{COUNTY}:{code}": name for code, name in counties},
        _("行业大类"): {f"{INDUSTRY}:{code}": f"{code} {name}" for code, name in divisions},
    }


def whose(key: str) -> str:
    """Return the name of the part a binding names; the key where it is there no more."""
    named = {code: name for group in parts().values() for code, name in group.items()}
    return named.get(key, key) if key else _("全市")

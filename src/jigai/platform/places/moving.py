"""What the registers say of somebody goes along when the managing unit or the place changes (D13, D19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps


def move_register_rows(about: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Move the entries of registers that match ``about`` with everything recorded of them.

    The registers build on places and enterprises, so they are reached by name.
    """
    entries = apps.get_model("registers", "RegisterEntry").objects.filter(**about)
    # The versions first: they are found by the entries, which are out of a county's sight once moved.
    versions = apps.get_model("registers", "RegisterVersion").objects
    versions.filter(entry__in=list(entries.values_list("pk", flat=True))).update(**columns)
    entries.update(**columns)

"""What the files of enterprises have in common: finding what a row names, and comparing before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jigai.attributes import AttributeTable, read_folder
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports.subjects import Row
from jigai.platform.web.wording import label, word


@cache
def table(folder: str, zh: str, en: str) -> AttributeTable:
    """Return the attribute table in ``imports/data``."""
    place = files("jigai.platform.imports").joinpath("data", folder)
    return read_folder(place, folder, zh, en, f"imports/data/{folder}")


def differences(
    of: AttributeTable, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return what ``after`` changes, in words: (name of the column, before, after)."""
    return tuple(
        (label(of.attribute(name)), word(of.attribute(name), before.get(name)) or "—", word(of.attribute(name), value))
        for name, value in after.items()
        if value != before.get(name)
    )


def said(error: ValidationError) -> str:
    """Return what a service refuses, in one line."""
    return " ".join(error.messages)


def site_finder() -> Callable[[LegalPerson, Row], Site]:
    """Return a function that tells which site of an enterprise a row means: the one named, or the only one.

    It raises ``ValueError`` with what to do.
    """
    known: dict[int, list[Site]] = {}

    def find(person: LegalPerson, row: Row) -> Site:
        if person.pk not in known:
            known[person.pk] = list(Site.objects.filter(legal_person=person, active=True))
        sites, name = known[person.pk], str(row.values.get("site_name") or "")
        found = [site for site in sites if site.name == name] if name else sites
        if len(found) == 1:
            return found[0]
        if name:
            raise ValueError(
                _("“%(who)s”没有叫“%(site)s”的厂区，请核对厂区名称。") % {"who": person.name, "site": name}
            )
        raise ValueError(_("“%(who)s”有 %(n)d 个厂区，请填厂区名称。") % {"who": person.name, "n": len(found)})

    return find

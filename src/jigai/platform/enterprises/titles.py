"""Titles of an enterprise (称号): which there are, register one, withdraw one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jigai.platform.audit.models import Event
from jigai.platform.audit.services import record
from jigai.platform.enterprises.data import keyed, split
from jigai.platform.enterprises.models import LegalPerson, Title
from jigai.platform.enterprises.rules import reason_given
from jigai.platform.walls.actor import Actor

EDIT = "title.edit"


def title_name(kind: str) -> str:
    """Return the name of a title in the language of the page."""
    row = keyed("titles").get(kind)
    return kind if row is None else row["en" if (get_language() or "").startswith("en") else "zh"]


def title_key(text: str) -> str:
    """Return the key of a title written as people write it; ``ValueError`` lists what there is."""
    for key, row in keyed("titles").items():
        if text in (key, row["zh"], *split(row["aliases"], ";")):
            return key
    names = "、".join(row["zh"] for row in keyed("titles").values())
    raise ValueError(_("没有“%(text)s”这种称号：填其中之一，%(names)s。") % {"text": text, "names": names})


def add_title(actor: Actor, person: LegalPerson, kind: str, level: str, year: int, until: int | None = None) -> Title:
    """Register a title: ``kind`` a key of ``titles.csv``, ``year`` of recognition, ``until`` the last year it holds."""
    actor.require(EDIT)
    row = keyed("titles").get(kind)
    if row is None:
        raise ValidationError({"kind": _("请从列表中选择称号。")})
    if level not in split(row["levels"], "|"):
        raise ValidationError(
            {
                "level": _("“%(title)s”的级别填：%(levels)s。")
                % {"title": row["zh"], "levels": row["levels"].replace("|", "、")}
            }
        )
    if year > timezone.localdate().year:
        raise ValidationError({"year": _("认定年份在今年之后，请核对。")})
    if until is not None and until < year:
        raise ValidationError({"until": _("有效期早于认定年份，请核对。")})
    same = {"legal_person": person, "kind": kind, "level": level, "year": year, "withdrawn_at": None}
    if Title.objects.filter(**same).exists():
        raise ValidationError({"kind": _("同一年的这个称号已经登记。")})
    columns = {"org": person.org, "manager_code": person.manager_code, "place_code": person.place_code}
    title = Title.objects.create(until=until, **same, **columns)
    record(actor, "title.added", title, after={"kind": kind, "level": level, "year": year, "until": until})
    return title


def withdraw_title(actor: Actor, title: Title, reason: str) -> Event:
    """Take a title back that was revoked or entered by mistake."""
    actor.require(EDIT)
    reason_given(reason)
    with transaction.atomic():
        title = Title.objects.select_for_update(of=("self",)).get(pk=title.pk)
        if title.withdrawn_at is not None:
            raise ValidationError(_("已有人撤下这个称号，请刷新查看。"))
        before, title.withdrawn_at = {"withdrawn_at": None}, timezone.now()
        title.save(update_fields=["withdrawn_at"])
        return record(
            actor, "title.withdrawn", title, before=before, after={"withdrawn_at": title.withdrawn_at}, reason=reason
        )

"""Whom each step of an objection is told to: the other side, through the outbox."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from jigai.platform.accounts.models import Organisation
from jigai.platform.ledger.words import word
from jigai.platform.notices.services import Group, Receiver, send
from jigai.platform.replies.data import FLOW, OPEN, words
from jigai.platform.replies.models import Objection
from jigai.platform.replies.windows import READERS
from jigai.platform.walls.actor import Actor
from jigai.platform.web.workflow import Step

COUNTY = ("county_officer",)
CITY = ("city_officer",)


def filed(actor: Actor, one: Objection) -> None:
    """Tell the managing unit that an objection was filed."""
    named = {"who": _enterprise(one), "device": one.device}
    title = _("%(who)s对“%(device)s”的判定提出异议") % named
    text = f"{words('reasons')[one.reason].label}：{one.words}"
    send(actor, to=county(one), kind="reply", title=title, text=text, url=page(one), due=one.answer_due)


def moved(actor: Actor, one: Objection, taken: Step, said: str) -> None:
    """Tell the other side of a step: the enterprise of what officers did, the officers of what the enterprise did."""
    by_enterprise = taken.capability == "reply.file"
    to = (authority(one) if by_enterprise else enterprise(one)) if taken.capability else []
    title = _("“%(device)s”的异议：%(state)s") % {"device": one.device, "state": FLOW.states[one.state].label}
    due = one.answer_due if by_enterprise and one.state in OPEN else None
    if to:
        send(actor, to=to, kind="reply", title=title, text=said, url=page(one), due=due)


def escalated(actor: Actor, one: Objection) -> None:
    """Tell city, county and enterprise that the answer is late and now with the city."""
    named = {"who": _enterprise(one), "device": one.device}
    title = _("异议逾期未答复，转市级：%(who)s“%(device)s”") % named
    text = _("逾期未答复不等于驳回；请于 %(day)s 前书面答复。") % {"day": one.answer_due.isoformat()}
    to = [*city(), *county(one), *enterprise(one)]
    send(actor, to=to, kind="reply", title=title, text=text, url=page(one), due=one.answer_due)


def judged(actor: Actor, one: Objection) -> None:
    """Tell the enterprise and who answered what the new run came to."""
    named = {
        "device": one.device,
        "before": word("verdict", one.verdict_before) or "—",
        "after": word("verdict", one.verdict_after) or _("不再参加筛查"),
    }
    title = _("“%(device)s”答复后重新筛查：%(before)s → %(after)s") % named
    send(
        actor, to=[*enterprise(one), *authority(one)], kind="reply", title=title, url=page(one), key=f"judged:{one.pk}"
    )


def page(one: Objection) -> str:
    """Return the address of an objection."""
    return reverse("replies:objection", args=[one.pk])


def enterprise(one: Objection) -> list[Receiver]:
    """Return who answers for the enterprise."""
    return [Group(one.org, READERS)] if one.org else []


def county(one: Objection) -> list[Receiver]:
    """Return the officers of the managing unit."""
    bureaus = Organisation.objects.filter(kind="county_bureau", manager_code=one.manager_code, active=True)
    return [Group(bureau, COUNTY) for bureau in bureaus if one.manager_code]


def city() -> list[Receiver]:
    """Return the officers of the city."""
    return [Group(office, CITY) for office in Organisation.objects.filter(kind="department", active=True)]


def authority(one: Objection) -> list[Receiver]:
    """Return who is to answer now: the managing unit, and the city once it was passed on."""
    return [*county(one), *(city() if one.level == "city" else [])]


def _enterprise(one: Objection) -> str:
    return one.device.site.enterprise_name if one.device.site else ""

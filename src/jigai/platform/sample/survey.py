"""The sample city's survey: started before its ledgers come in, and in the middle of it once they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership, Registration, SignIn, User
from jigai.platform.campaigns import notes, services, steps
from jigai.platform.campaigns.lists import on_list
from jigai.platform.campaigns.models import Campaign, Entry, Note, Step
from jigai.platform.campaigns.standing import with_standing
from jigai.platform.enterprises import above_scale
from jigai.platform.sample.draws import draw, table
from jigai.platform.sample.firms import SEED, Firm, firms
from jigai.platform.sample.handing_in import clerk
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.walls.scope import command_scope, use_scope

WHY = "the sample city's survey"


def start_survey() -> bool:
    """Start the survey once; ``False`` where there is one already, or nobody to start it."""
    held = clerk()
    if held is None:
        return False
    actor, said, today = actor_for(held), table("survey"), timezone.localdate()
    with transaction.atomic(), use_scope(actor.scope):
        if Campaign.objects.exists():
            return False
        words = {**said["campaign"], "name": said["campaign"]["name"].format(year=today.year)}
        deadline = today + timedelta(days=said["days_given"])
        dates = {"year": above_scale.years()[0], "counts_from": today, "deadline": deadline}
        made = services.create(actor, {**words, **dates})
        services.start(actor, made, made.version)
    return True


def report_survey(size: int) -> int:
    """Let those whose ledger is in report, as far as each county is, once; returns how many steps were taken."""
    with _everything():
        campaign = Campaign.objects.filter(status=Campaign.Status.RUNNING).order_by("pk").first()
        if campaign is None or Step.objects.filter(entry__campaign=campaign).exists():
            return 0
        known = {firm.name: firm for firm in firms(size)}
        _contacts(list(known.values()))
        entries = list(with_standing(on_list(campaign).select_related("campaign", "site")).order_by("pk"))
        own = set(Membership.objects.filter(user__sample=True).values_list("organisation", flat=True))
    return sum(
        _report(entry, known[entry.site.enterprise_name])
        for entry in entries
        if entry.site and entry.site.enterprise_name in known and entry.org_id not in own  # those are for who looks
    )


def _report(entry: Entry, firm: Firm) -> int:
    said = table("survey")
    chance = draw(SEED, "survey", firm.number, entry.site.name if entry.site else "")
    low, high = said["reported"]
    share = draw(SEED, "survey", entry.manager_code).uniform(low, high)
    state = entry.state  # type: ignore[attr-defined]
    with _everything():
        if state != "filling":
            return _without_ledger(entry, firm, chance)
        if chance.random() > share:
            return 0
        steps.take_step(_actor(said["by_enterprise"]), entry, entry.version, "submit")
        return 1 + _answered(entry, chance)


def _without_ledger(entry: Entry, firm: Firm, chance: Random) -> int:
    """Some looked in, and some of these report that there is nothing."""
    said = table("survey")
    if chance.random() > said["signed_in"]:
        return 0
    user, made = User.objects.get_or_create(
        username=f"firm{firm.number:04d}",
        defaults={"name": firm.contact, "phone": _phone(firm), "password": make_password(None), "sample": True},
    )
    if made:
        Membership.objects.create(user=user, organisation_id=entry.org_id or 0, role_key="enterprise_head")
        SignIn.objects.create(user=user, session_key=f"sample {firm.number}")
    if chance.random() > said["nothing"]:
        return 0
    actor = _actor(said["by_enterprise"])
    steps.take_step(actor, entry, entry.version, "submit", comment=said["nothing_because"], nothing=True)
    return 1


def _answered(entry: Entry, chance: Random) -> int:
    said, county = table("survey"), _actor(table("survey")["by_county"])
    fresh = Entry.objects.select_related("campaign", "site").get(pk=entry.pk)
    drawn = chance.random()
    if drawn < said["verified"]:
        for device, _check in notes.drawn(fresh)[: said["checked"]]:
            fits = chance.random() < said["matches"]
            kind, text = (Note.Kind.MATCHES, "") if fits else (Note.Kind.DIFFERS, "铭牌功率与台账不一致")
            notes.add(county, fresh, kind, text, device=device.pk)
        steps.take_step(county, fresh, fresh.version, "verify")
        return 1
    if drawn < said["verified"] + said["returned"]:
        comment = chance.choice(said["comments"])
        notes.add(county, fresh, Note.Kind.COMMENT, comment)
        due = timezone.localdate() + timedelta(days=7)
        steps.take_step(county, fresh, fresh.version, "return", comment=comment, due=due)
        return 1
    return 0


def _contacts(drawn: list[Firm]) -> None:
    """Store whom each enterprise named when it registered, so that there is somebody to telephone."""
    entries = {one.site.enterprise_name: one for one in Entry.objects.select_related("site") if one.site}
    Registration.objects.bulk_create(
        [
            Registration(
                status=Registration.Status.APPROVED,
                credit_code=entries[firm.name].site.credit_code,
                name=firm.name,
                contact=firm.contact,
                phone=_phone(firm),
                username=f"firm{firm.number:04d}",
                password=make_password(None),
                receipt=f"sample {firm.number}",
                submitted_at=timezone.now(),
                decided_at=timezone.now(),
                decided_by=table("survey")["by_county"],
                **entries[firm.name].scope_columns() | {"site_id": None},
            )
            for firm in drawn
            if firm.name in entries
        ]
    )


def _phone(firm: Firm) -> str:
    return str(table("survey")["phone"]).format(number=firm.number)


def _actor(name: str) -> Actor:
    return Actor(scope=command_scope(WHY), capabilities=frozenset(capabilities()), label=name)


@contextmanager
def _everything() -> Iterator[None]:
    with transaction.atomic(), use_scope(command_scope(WHY)):
        yield

"""The sample city's tasks: its plan was adopted some months ago, most of it given out, some of it is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from jigai.plan.file import Plan, read_plan
from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership, Organisation
from jigai.platform.accounts.roles import roles
from jigai.platform.duties import adopting, bodies, claims, progress, remarks
from jigai.platform.duties.data import ACTIVE, FLOW
from jigai.platform.duties.models import Duty, Share
from jigai.platform.duties.overdue import months_owed
from jigai.platform.sample.draws import draw, table
from jigai.platform.sample.firms import SEED
from jigai.platform.sample.handing_in import clerk
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.scope import command_scope, use_scope

WHY: Final = "the sample city's tasks"
WHOLE: Final = 5
"""Days into a month after which everybody who reports the last one has done so."""


def plan_folder() -> Path | None:
    """Return the folder of the sample city's plan: beside the source, or where the bundle was unpacked."""
    name = Path("plans") / str(table("duties")["plan"])
    places = (Path(__file__).resolve().parents[4] / name, Path.cwd() / name)
    return next((place for place in places if place.is_dir()), None)


def load_duties(today: date) -> int:
    """Adopt the plan and tell its sample progress up to ``today``, once; return how many tasks there are.

    Nothing is done where there are tasks already, nobody to adopt the plan, or no plan at hand.
    """
    held, folder = clerk(), plan_folder()
    if held is None or folder is None:
        return 0
    said, plan, office = table("duties"), read_plan(folder), actor_for(held)
    with transaction.atomic(), use_scope(command_scope(WHY)):
        if Duty.objects.exists():
            return 0
        adopting.adopt(office, plan, _at(today, said["adopted"]))
        _give_out(office, plan, today)
        for share in Share.objects.filter(state__in=ACTIVE).select_related("duty", "organisation").order_by("pk"):
            _tell(share, today)
        _close(office, today)
        _talk(office, today)
        return Duty.objects.count()


def _give_out(office: Actor, plan: Plan, today: date) -> None:
    """Assign what the plan leaves open, and have those it names take theirs on."""
    said, at = table("duties"), _at(today, table("duties")["assigned"])
    known = {one.key: one.organisation for one in bodies.bodies_of(plan.id)}
    for duty in Duty.objects.filter(gathers=False).order_by("position"):
        if duty.asked and not any(duty.key == one or duty.key.startswith(f"{one}.") for one in said["left"]):
            for place, key in enumerate(said["bodies"].get(duty.key.split(".")[0], [])):
                if organisation := known.get(key):
                    claims.assign(office, duty, organisation, "support" if place else "lead", at)
        elif duty.key in said["claimed"]:
            for share in list(Share.objects.filter(duty=duty, state="unclaimed").order_by("pk"))[:-1]:
                claims.claim(_of(share.organisation), duty, share.role, at)


def _tell(share: Share, today: date) -> None:
    """Report the months of a share, as far and as well as its draw says; all of them where it was finished."""
    said, chance = table("duties"), draw(SEED, "duty", share.duty.key, share.organisation.name)
    months: Sequence[date] = [month for month in months_owed(share.since or today, today) if month < _last(today)]
    whole = share.duty.key in (*said["finished"], *said["finishing"])
    pace = chance.uniform(12, 18) if chance.random() < said["ahead"] else chance.uniform(4, 9)
    stalls = not whole and chance.random() < said["stalled"]
    if not whole and chance.random() < said["silent"]:
        months = months[: chance.randint(0, max(len(months) - 1, 0))]
    percent = 0
    for place, month in enumerate(months):
        percent = 100 if whole and place == len(months) - 1 else percent if stalls and place else percent + round(pace)
        text = chance.choice(said["texts"]).format(title=share.duty.title_zh)
        figures = [(said["figure"]["name"], str(chance.randint(2, 15)), said["figure"]["unit"])]
        day = (month + timedelta(days=31)).replace(day=1) + timedelta(days=chance.randint(0, 4))
        progress.report(
                _of(share.organisation), share, month, text, min(percent, 100), _on(day),
                figures=figures if share.role == Share.Role.LEAD else (),
            )  # fmt: skip


def _close(office: Actor, today: date) -> None:
    """Report some tasks as completed; all but one of them were confirmed."""
    said = table("duties")
    for share in Share.objects.filter(duty__key__in=[*said["finished"], *said["finishing"]], role="lead"):
        held = Share.objects.select_related("duty", "organisation").get(pk=share.pk)
        claims.take(_of(held.organisation), held, FLOW.steps["finish"], _at(today, 6), said["finish"])
        if held.duty.key in said["finished"]:
            claims.take(office, held, FLOW.steps["confirm"], _at(today, 4))


def _talk(office: Actor, today: date) -> None:
    said = table("duties")
    share = Share.objects.filter(duty__key=said["remarked"], role="lead").select_related("duty", "organisation").first()
    if share is not None:
        made = remarks.add(office, share.duty, said["remark"], _at(today, 3), share)
        remarks.answer(_of(share.organisation), share.duty, made.pk, said["answer"], _at(today, 2))


def _of(organisation: Organisation) -> Actor:
    """Return somebody of an organisation, for what the sample city says was done there."""
    role = roles()["county_officer" if organisation.manager_code else "dept_officer"]
    membership = Membership(organisation=organisation, role_key=role.key)
    return Actor(
        membership=membership,
        scope=command_scope(WHY),
        capabilities=role.capabilities,
        label=str(table("duties")["by"]),
    )


def _last(today: date) -> date:
    """Return the first month whose reports are not all in yet: last month in the first days of one."""
    month = today.replace(day=1)
    return month if today.day > WHOLE else (month - timedelta(days=1)).replace(day=1)


def _at(today: date, days: int) -> datetime:
    return _on(today - timedelta(days=days))


def _on(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))

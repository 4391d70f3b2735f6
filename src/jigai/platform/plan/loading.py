"""Take a plan file in, see how it differs from the one in force, and put it in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jigai.plan.file import PLAN_FILE, Plan, read_contents, read_plan
from jigai.plan.parameters import ParameterError, completed, parameters
from jigai.platform.audit.services import record
from jigai.platform.jobs.models import Job
from jigai.platform.jobs.services import submit
from jigai.platform.places.models import ManagingUnit, Place
from jigai.platform.plan import refreshing
from jigai.platform.plan.models import PlanVersion
from jigai.platform.plan.services import MANAGE
from jigai.platform.plan.work import in_use
from jigai.platform.walls.actor import Actor


def load(actor: Actor, content: bytes, texts: Mapping[str, bytes], file: str = PLAN_FILE) -> PlanVersion:
    """Store a plan file with its text and return the version; one that is stored already is returned as it is.

    Args:
        actor: who loads it; needs plan.manage.
        content: the plan file.
        texts: the files beside it by name; the plan names its text.
        file: what messages call the plan file.

    Raises:
        PlanError: everything wrong with the file, each with its line and its remedy.
        ValidationError: parameters this release cannot compute with.
    """
    actor.require(MANAGE)
    return _store(actor, read_contents(content, texts, file), content)


def load_folder(actor: Actor, folder: Path) -> PlanVersion:
    """Store the plan of a folder on the server; raises as `load` does."""
    actor.require(MANAGE)
    plan = read_plan(folder)
    file = folder / PLAN_FILE if folder.is_dir() else folder
    return _store(actor, plan, file.read_bytes())


def _store(actor: Actor, plan: Plan, content: bytes) -> PlanVersion:
    _usable(plan)
    known = PlanVersion.objects.filter(content_hash=plan.content_hash).first()
    if known:
        return known
    version = PlanVersion.objects.create(
        title=plan.title.zh,
        content=content.decode("utf-8-sig"),
        text=plan.text.content,
        text_file=plan.text.file,
        content_hash=plan.content_hash,
        loaded_at=timezone.now(),
        loaded_by=actor.label[:150],
    )
    record(actor, "plan.loaded", version, after={"title": version.title, "content_hash": plan.content_hash})
    return version


def _usable(plan: Plan) -> None:
    try:
        completed(dict(plan.values(parameters())))
    except ParameterError as error:
        raise ValidationError(str(error).split("\n")) from error


def strangers(plan: Plan) -> list[str]:
    """Return the units of a plan the site has no code for: figures by unit cannot be told for them."""
    known = ManagingUnit if plan.partition == "manager" else Place
    codes = set(known.objects.values_list("code", flat=True))
    return [unit.name.say() for unit in plan.units if unit.code not in codes]


def put_in_force(actor: Actor, version: PlanVersion, reason: str = "") -> Job:
    """Have figures go by a version from now on; a job computes them anew, with its parameters.

    Raises:
        ValidationError: it is in force already, or not the whole city is in scope.
        PlanError: this release no longer takes the file.
    """
    switch(actor, version, reason)
    return submit(actor, "plan.refresh", {"scratch": False}, _("按新的规划文件重算指标"))


def switch(actor: Actor, version: PlanVersion, reason: str = "") -> None:
    """Put a version in force without computing; raises as `put_in_force` does."""
    actor.require(MANAGE)
    if not actor.scope.everything:
        raise ValidationError(_("规划文件管全市，请由市级办理。"))
    with transaction.atomic():
        former = PlanVersion.objects.select_for_update().filter(in_force=True).first()
        if former == version:
            raise ValidationError(_("这个版本已经在用。"))
        PlanVersion.objects.filter(in_force=True).update(in_force=False)
        PlanVersion.objects.filter(pk=version.pk).update(in_force=True)
        record(
            actor,
            "plan.in_force",
            version,
            before={"version": former.pk if former else None, "title": former.title if former else ""},
            after={"version": version.pk, "title": version.title},
            reason=reason,
        )


def load_and_compute(actor: Actor, folder: Path, now: datetime, day: date) -> PlanVersion:
    """Load a folder, put it in force and compute the figures at once: for commands and the sample city."""
    version = load_folder(actor, folder)
    if not PlanVersion.objects.filter(pk=version.pk, in_force=True).exists():
        switch(actor, version)
    refreshing.refresh(in_use(), now, day)
    return version

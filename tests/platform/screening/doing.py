"""Have runs done by a real worker, and look at what they left."""

from __future__ import annotations

from django.db import transaction

from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Device, DeviceState
from jigai.platform.ledger.stating import restate
from jigai.platform.screening import services
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope


def run(city, sites, as_of, role="city_officer", **more):
    """Start a run over ``sites``, have it done, and return it."""
    actor = city.actor(role)
    with transaction.atomic(), use_scope(actor.scope):
        started = services.start(actor, [one.pk for one in sites], as_of, **more)
    worker.run(once=True)
    job = everything(Job, pk=started.job_id)[0]
    assert job.state == "done", job.error
    return everything(Run, pk=started.pk)[0]


def everything(model, **filters):
    """Return all rows, whoever may see them."""
    with transaction.atomic(), use_scope(command_scope("test")):
        return list(model.objects.filter(**filters).order_by("pk"))


def put_right(city, device, **values):
    """Say anew what a device is."""
    actor = city.actor("city_officer")
    with transaction.atomic(), use_scope(actor.scope):
        former = DeviceState.objects.get(device=device, superseded_at__isnull=True)
        restate(actor, device.pk, {**former.values, **values}, "edit", "看铭牌改正")


def in_database():
    """Return what of the run in force stands in the database, without which run said it."""
    names = [one.attname for one in Device._meta.concrete_fields if one.attname not in ("run_id", "version")]
    return [[getattr(one, name) for name in names] for one in everything(Device)]

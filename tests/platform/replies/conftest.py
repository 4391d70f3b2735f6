"""Devices that were screened, pictures as cameras make them, and people acting on both."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image

from jigai.platform.jobs import claims
from jigai.platform.jobs.execution import execute
from jigai.platform.ledger.models import Device
from jigai.platform.ledger.stating import add
from jigai.platform.registers.workdays import calendar
from jigai.platform.replies.windows import tell_everyone
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Finding
from jigai.platform.walls.scope import use_scope

TODAY = timezone.localdate()
LISTED = {"code": "D7", "name": "引风机电机", "model": "JO2-21-4", "power_kw": 1.1, "quantity": 1, "use_state": "在用"}
ENTRY = {"row_id": "entry-7", "source_file": "", "sheet": "", "row": None, "cells": ""}
_TAKEN, _EXIF, _GPS = 0x9003, 0x8769, 0x8825


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), taken: str = "", place: bool = False, colour: str = "grey"
) -> bytes:
    """Return a photo as a camera makes it: with the time, and the place where ``place``."""
    image, target = Image.new("RGB", size, colour), io.BytesIO()
    exif = image.getexif()
    exif[0x0110] = "Test Camera"
    if taken:
        exif.get_ifd(_EXIF)[_TAKEN] = taken
    if place:
        exif.get_ifd(_GPS).update({1: "N", 2: (26.0, 34.0, 48.0), 3: "E", 4: (101.0, 42.0, 36.0)})
    image.save(target, kind, exif=exif)
    return target.getvalue()


def work() -> None:
    """Do the jobs that wait, and none of the chores."""
    while job := claims.claim("test"):
        execute(job)


@pytest.fixture
def doing(city):
    """Act as a role: doing(act, role, west=…) opens its scope."""

    def _doing(act, role="enterprise_equipment", *, west=False):
        actor = city.actor(role, west=west)
        with transaction.atomic(), use_scope(actor.scope):
            return act(actor)

    return _doing


@pytest.fixture
def listed(city, doing):
    """A motor of the first elimination list at the site of the east, screened: must be replaced."""
    made = doing(lambda actor: add(actor, city.east_site.pk, LISTED, "entry", "台账漏报", source=ENTRY))
    doing(lambda actor: screening.start(actor, [city.east_site.pk], TODAY))
    work()
    tell_everyone(TODAY, calendar())
    return doing(lambda actor: Device.objects.get(pk=made.pk))


@pytest.fixture
def against(listed, doing):
    """The finding that orders it out."""
    return doing(lambda actor: Finding.objects.get(device=listed, check_name="elimination"))

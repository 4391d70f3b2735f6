"""Many rows of everything that lists show, in the east of the matrix city."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone
from tests.platform.matrix import things
from tests.platform.people import EAST, City

from jigai.platform.accounts.models import Invitation, Membership, Organisation, Registration, User
from jigai.platform.api.models import ApiToken
from jigai.platform.audit.services import record
from jigai.platform.campaigns.models import Campaign, Entry, Note, Step
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line, Site, Title
from jigai.platform.imports.models import Upload
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Bulk, BulkFile, Device, DeviceState
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.registers.models import PublicEntry, PublicVersion, RegisterEntry, RegisterVersion
from jigai.platform.screening.models import Run
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope

_NUMBERS = count(1)


def add(city: City, rows: int) -> None:
    """Add ``rows`` of everything to what is there."""
    with transaction.atomic(), use_scope(command_scope("counts")):
        for _ in range(rows):
            number = next(_NUMBERS)
            _enterprise(city, number)
            _office(city, number)


def _enterprise(city: City, number: int) -> None:
    east = city.east_enterprise
    code, name = f"91510400MB{number:08d}", f"第{number}号企业"
    organisation = Organisation.objects.create(kind="legal_person", name=name, credit_code=code, manager_code=EAST)
    columns = {"org": organisation, "manager_code": EAST, "place_code": EAST}
    person = LegalPerson.objects.create(name=name, credit_code=code, industry_code="3130", **columns)
    for one, own in ((person, columns), (east, {**columns, "org": east.org})):
        said = {"legal_person": one, "enterprise_name": one.name, "credit_code": one.credit_code}
        site = Site.objects.create(name=f"{number}号厂区", **said, **own)
        Line.objects.create(name=f"{number}#线", product="钢材", site=site, **own)
        Title.objects.create(legal_person=one, kind="little_giant", year=1990 + number % 30, **own)
        things.entry(RegisterEntry, RegisterVersion, "green-factories", f"{one.name}{number}", legal_person=one, **own)
    device = Device.objects.create(
        name=f"{number}号企业风机", kind="fan", quantity=2, power_kw=7.5, verdict="keep", legal_person=person,
        site=Site.objects.get(legal_person=person), **columns,
    )  # fmt: skip
    DeviceState.objects.create(
        device=device, values={"name": device.name}, recorded_at=timezone.now(), recorded_by="x", **columns
    )
    bulk = Bulk.objects.get(pk=things.of(city, False)["bulk"].pk)
    BulkFile.objects.create(
        bulk=bulk, file_name=f"{number}.csv", content_hash="0" * 64, state="read", for_site=device.site, **columns
    )  # fmt: skip
    Bulk.objects.create(state="open", sent_by="x", **columns)
    Run.objects.create(title=f"{number}号企业筛查", as_of=timezone.localdate(), started_by="x", state="done", **columns)
    AboveScale.objects.create(legal_person=person, year=things.YEAR, **columns)
    _survey(city, device, number)
    Fact.objects.create(
        legal_person=person, subject="legal_person", attribute="employees", year=things.YEAR, value="640", number=640,
        recorded_at=timezone.now(), recorded_by="x", **columns,
    )  # fmt: skip
    record(command("counts"), "enterprise.edited", person, after={"name": name})


def _survey(city: City, device: Device, number: int) -> None:
    now = timezone.now()
    columns = {"org": device.org, "site": device.site, "manager_code": EAST, "place_code": EAST}
    entry = Entry.objects.create(
        campaign=things.of(city, False)["survey"], legal_person=device.legal_person, source="amended", reason="x",
        listed_as=device.name, listed_code="x", listed_manager=EAST, industry_code="3130", listed_at=now,
        listed_by="x", **columns,
    )  # fmt: skip
    own = things.of(city, False)["survey_entry"]
    noted = {"recorded_at": now, "recorded_by": "x"}
    if number % 2:
        Step.objects.create(entry=entry, kind="submit", state="submitted", **noted, **columns)
    Step.objects.create(entry=own, kind="extend", due=now, **noted, **own.scope_columns())
    Note.objects.create(entry=own, kind="comment", text=f"{number}号意见", **noted, **own.scope_columns())
    Campaign.objects.create(
        name=f"{number}号摸排", year=2025, counts_from=now, deadline=now, status="closed", started_at=now, closed_at=now
    )


def _office(city: City, number: int) -> None:
    shared = {"manager_code": EAST, "place_code": EAST}
    unit = ManagingUnit.objects.get(pk=EAST)
    park = Park.objects.create(name=f"{number}号园区", manager=unit, place=unit.place, chemical=True)
    things.entry(RegisterEntry, RegisterVersion, "guidance-visits", f"{number}帮扶", **shared)
    things.entry(RegisterEntry, RegisterVersion, "park-risk", f"{number}评估", park=park, **shared)
    things.entry(PublicEntry, PublicVersion, "holidays", f"节日{number}")
    bureau = Organisation.objects.create(kind="county_bureau", name=f"{number}号局", manager_code=EAST)
    user = User.objects.create(username=f"more_{number}", name=f"某{number}")
    Membership.objects.create(user=user, organisation=bureau, role_key="county_officer")
    east, head = city.east_enterprise, city.people["enterprise_head"]
    hand = User.objects.create(username=f"hand_{number}", name=f"手{number}")
    Membership.objects.create(user=hand, organisation=east.org, role_key="enterprise_equipment")
    later = timezone.now() + timedelta(days=7)
    Invitation.objects.create(
        role_key="enterprise_finance", name=f"新{number}", token=f"counts {number}", invited_by=head, expires_at=later,
        org=east.org, **shared,
    )  # fmt: skip
    ApiToken.objects.create(
        membership=head.memberships.get(), name="x", prefix="jgt_", digest=f"counts {number}", expires_at=later
    )
    Registration.objects.create(
        credit_code=f"91510400MC{number:08d}", name=f"{number}号新厂", contact="某", phone="1",
        username=f"asked_{number}", password="!", receipt=f"counts {number}", submitted_at=timezone.now(), **shared,
    )  # fmt: skip
    for key, owner in city.people.items():
        if key not in {"county_officer", "system_admin", "enterprise_head"}:
            continue
        held = owner.memberships.get()
        common = {"owner": owner, "membership": held, "org": held.organisation, "kind": "matrix"}
        Job.objects.create(title=f"任务{number}", state="failed", seen={}, **common)
        things.notice(owner)
        Upload.objects.create(
            subject="registers.green-factories", file_name=f"{number}.csv", content_hash="0" * 64, size=1,
            format="csv", uploaded_by=owner, uploaded_by_label="x", org=held.organisation, **shared,
        )  # fmt: skip

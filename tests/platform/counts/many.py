"""Many rows of everything that lists show, in the east of the matrix city."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from tests.platform.matrix import things
from tests.platform.people import EAST, City

from jigai.platform.accounts.models import Invitation, Membership, Organisation, Registration, User
from jigai.platform.api.models import ApiToken
from jigai.platform.audit.services import record
from jigai.platform.campaigns.models import Campaign, Entry, Note, Step
from jigai.platform.duties.models import (
    Body,
    Call,
    Duty,
    Evidence,
    Milestone,
    MilestoneStep,
    MilestoneTerm,
    Remark,
    Share,
    ShareStep,
)
from jigai.platform.duties.models import Report as DutyReport
from jigai.platform.enterprises.models import AboveScale, Fact, LegalPerson, Line, Site, Title
from jigai.platform.imports.models import Upload
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Bulk, BulkFile, Device, DeviceState, OpenLine, ReturnSlip
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.plan.models import Contribution, PlanVersion
from jigai.platform.registers.models import PublicEntry, PublicVersion, RegisterEntry, RegisterVersion
from jigai.platform.replies.models import CheckItem, Objection, ObjectionStep, Photo, SiteCheck, Told
from jigai.platform.replies.objections import frozen
from jigai.platform.reporting.models import Binding, Form, Report, ReportValue
from jigai.platform.screening.models import Finding, Run
from jigai.platform.standards.models import Change
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web.models import SavedView

_NUMBERS = count(1)
RULE = "B3-1-1-5"
"""The rule of the fifth row of its list."""


def add(city: City, rows: int) -> None:
    """Add ``rows`` of everything to what is there."""
    with transaction.atomic(), use_scope(command_scope("counts")):
        for _ in range(rows):
            number = next(_NUMBERS)
            _enterprise(city, number)
            _office(city, number)
            _duty(city, number)


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
    _replies(city, device, number, {**columns, "site": device.site})
    bulk = Bulk.objects.get(pk=things.of(city, False)["bulk"].pk)
    file = BulkFile.objects.create(
        bulk=bulk, file_name=f"{number}.csv", content_hash="0" * 64, state="read", for_site=device.site, errors=3,
        **columns,
    )  # fmt: skip
    of_site = {**columns, "site": device.site}
    ReturnSlip.objects.create(
        file=file, file_name=f"{number}.csv", content_hash="0" * 64, wanted="改正", sent_at=timezone.now(), sent_by="x",
        **of_site,
    )  # fmt: skip
    OpenLine.objects.create(
        row_id=str(number), values={"name": f"{number}号泵"}, why="several", candidates=[device.pk],
        recorded_at=timezone.now(), recorded_by="x", **of_site,
    )  # fmt: skip
    SavedView.objects.create(owner=city.people["county_officer"], key="devices", name=f"视图{number}", query="kind=fan")
    Bulk.objects.create(state="open", sent_by="x", **columns)
    Finding.objects.create(
        run=things.of(city, False)["run"], device=device, check_name="elimination", outcome="eliminate",
        dataset="elimination-3", rule_id=RULE, reason_zh="列入目录", reason_en="listed", **columns, site=device.site,
    )  # fmt: skip
    sets = things.of(city, False)["reference_set"]
    Change.objects.create(kind="restore", back_to=sets, reason=f"第{number}次", proposed_by="x", proposer_id=0)
    Run.objects.create(title=f"{number}号企业筛查", as_of=timezone.localdate(), started_by="x", state="done", **columns)
    AboveScale.objects.create(legal_person=person, year=things.YEAR, **columns)
    _survey(city, device, number)
    Contribution.objects.create(
        indicator="nc_rate", period=str(things.YEAR), kind="legal_person", key=str(person.pk), label=person.name,
        legal_person=person, industry_code="3130", numerator=1, denominator=2, should=1, reported=1,
        standing="counted", **columns,
    )  # fmt: skip
    PlanVersion.objects.create(title=name, content="", content_hash=name, loaded_at=timezone.now(), loaded_by="x")
    _report(city, number)
    Fact.objects.create(
        legal_person=person, subject="legal_person", attribute="employees", year=things.YEAR, value="640", number=640,
        recorded_at=timezone.now(), recorded_by="x", **columns,
    )  # fmt: skip
    record(command("counts"), "enterprise.edited", person, after={"name": name})


def _replies(city: City, device: Device, number: int, of_site: dict[str, Any]) -> None:
    """Add an objection, a finding told and a check elsewhere; a photo, and a line on the list, where pages look."""
    made, now, day = things.of(city, False), timezone.now(), timezone.localdate()
    same = {"check_name": "elimination", "outcome": "eliminate", "rule_id": f"R{number}"}
    run = Run.objects.create(title=f"{number}号筛查", as_of=day, started_by="x", state="done", **of_site)
    finding = Finding.objects.create(run=run, device=device, reason_zh="列入", reason_en="listed", **same, **of_site)
    Told.objects.create(device=device, run=run, told_on=day, due=day, **same, **of_site)
    for one, about in ((device, of_site), (made["device"], made["device"].scope_columns())):
        Objection.objects.create(
            device=one, run=run, finding=frozen(finding), reason="other", words="有异议", state="rejected",
            answer_due=day, filed_at=now, filed_by="x", **same, **about,
        )  # fmt: skip
    about = made["device"].scope_columns()
    Photo.objects.create(
        device=made["device"], content_hash=f"{number:064d}", preview_hash="0" * 64, media_type="image/jpeg", size=1,
        width=1, height=1, received_at=now, received_by="x", **about,
    )  # fmt: skip
    ObjectionStep.objects.create(
        objection=made["objection"], step="ask", state="asked", words="请补", recorded_at=now, recorded_by="x", **about
    )
    CheckItem.objects.create(
        site_check=made["check"], device=device, place=number + 1, why="must", asks=["model"], **about
    )
    DeviceState.objects.filter(device=device).update(values={"name": device.name, "model": f"Y{number}"})
    SiteCheck.objects.create(run=run, opened_at=now, opened_by="x", **of_site)


def _report(city: City, number: int) -> None:
    """Add a form with an open report, and a cell to the report that is there."""
    now, kept = timezone.now(), things.of(city, False)["report"]
    said = {"every": "month", "issuer": "省厅", "due_day": 5, "blank_hash": "0" * 64, "blank_name": "x.xlsx"}
    form = Form.objects.create(name=f"{number}号报表", **said)
    opened = Report.objects.create(form=form, period="2026-09", state="confirming", started_at=now, started_by="x")
    ReportValue.objects.create(report=opened, binding="1", held=["n", "1"], manager_code=EAST)
    about = {"number": False}
    cell = {"sheet": "月报", "address": f"F{number}", "kind": "typed", "label": f"{number}号", "said": about}
    bound = Binding.objects.create(form=kept.form, **cell)
    kept.bindings = [*kept.bindings, {"key": str(bound.pk), **cell}]
    kept.save()
    ReportValue.objects.create(report=kept, binding=str(bound.pk), held=["t", "x"], manager_code=EAST)


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


def _duty(city: City, number: int) -> None:
    """Add a task, somebody new on it, and one more of everything that is said about the task there is."""
    now, day = timezone.now(), timezone.localdate()
    held = things.of(city, False)
    duty = Duty.objects.create(
        plan_id="plan", key=f"K{number + 1}", version_hash="0" * 64, kind="task", position=number + 1,
        title_zh=f"{number}号任务", clause="一", state="doing",
    )  # fmt: skip
    office = Organisation.objects.create(kind="department", name=f"{number}号局")
    Body.objects.create(plan_id="plan", key=f"b{number}", kind="department", name=f"{number}号局", organisation=office)
    since = day - timedelta(days=99)
    for of, by in ((duty, office), (duty, held["duty_office"]), (held["duty"], office)):
        share = Share.objects.create(
            duty=of, organisation=by, role="lead", origin="assigned", state="doing", since=since
        )
        noted = {"recorded_at": now - timedelta(days=99), "recorded_by": "x", **held["duty_share"].scope_columns()}
        ShareStep(share=share, kind="assign", state="claimed", **noted).save()
        said = {"month": since.replace(day=1), "text": "x", "percent": 1, "figures": [["a", "1", "b"]]}
        report = DutyReport(share=share, **said, **noted)
        report.save()
        proof = {"file_name": "a.pdf", "content_hash": "0" * 64, "media_type": "application/pdf", "size": 1}
        Evidence(report=report, **proof, **noted).save()
        remark = Remark(duty=of, share=share, text="x", **noted)
        remark.save()
        Remark(duty=of, share=share, text="x", answers=remark, **noted).save()
        Call(duty=of, share=share, rule="stalled", about=str(number), due=day, stage="late", **noted).save()
    for of in (duty, held["duty"]):
        point = Milestone.objects.create(duty=of, title_zh=f"{number}号节点", due=day - timedelta(days=number))
        MilestoneTerm.objects.create(milestone=point, title_zh=point.title_zh, due=point.due, recorded_at=now)
        MilestoneStep(milestone=point, text="x", **noted).save()


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

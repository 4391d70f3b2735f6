"""What stands in the city of the matrix: one of everything in the east and one in the west."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from tests.platform.people import EAST, WEST, City

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Invitation, Registration, SignIn, User
from jigai.platform.accounts.services.registrations import hashed
from jigai.platform.api.models import ApiToken
from jigai.platform.audit.services import record
from jigai.platform.campaigns.models import Campaign, Deadline, Entry, Note, Reminder, Step
from jigai.platform.duties.models import (
    Adoption,
    Body,
    Call,
    Duty,
    Evidence,
    Milestone,
    MilestoneStep,
    Remark,
    Report,
    Share,
    ShareStep,
)
from jigai.platform.enterprises.models import AboveScale, Fact, Line, Title
from jigai.platform.imports.models import Upload
from jigai.platform.imports.storage import keep
from jigai.platform.jobs import files
from jigai.platform.jobs.models import Job
from jigai.platform.ledger.models import Bulk, BulkFile, Device, DeviceState, OpenLine, ReturnSlip
from jigai.platform.notices.models import Notice
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.registers.models import PublicEntry, PublicVersion, RegisterEntry, RegisterVersion
from jigai.platform.replies.models import CheckItem, Objection, Photo, SiteCheck, Told
from jigai.platform.replies.objections import frozen
from jigai.platform.screening import storage as runs
from jigai.platform.screening.models import Finding, Run
from jigai.platform.standards import sets
from jigai.platform.standards.models import Change, ReferenceSet
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.platform.web.models import SavedView

YEAR = 2025
FILE = "list.csv"
WORD = "a-word-nobody-was-given"
PIXEL = b"\xff\xd8\xff pixels"
CSV = "企业,级别,认定年份\n{name},市级,2024\n"
_BUILT: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}


def build(city: City) -> None:
    """Put one of everything into both sides; `of` gives it back."""
    with transaction.atomic(), use_scope(command_scope("matrix")):
        _BUILT.clear()
        _BUILT[id(city)] = (_side(city, False), _side(city, True))


def of(city: City, west: bool) -> dict[str, Any]:
    """Return what stands in the east, or the west."""
    return _BUILT[id(city)][west]


def side(city: City, west: bool) -> dict[str, User]:
    """Return the people of the east, or the west."""
    return city.west if west else city.people


def _side(city: City, west: bool) -> dict[str, Any]:
    enterprise = city.west_enterprise if west else city.east_enterprise
    site = city.west_site if west else city.east_site
    mark, code = enterprise.name[:2], WEST if west else EAST
    unit = ManagingUnit.objects.get(pk=code)
    columns = {"org": enterprise.org, "manager_code": code, "place_code": code}
    park = Park.objects.create(name=f"{code}化工园区", manager=unit, place=unit.place, chemical=True)
    made = {"enterprise": enterprise, "site": site, "park": park}
    made["line"] = Line.objects.create(name=f"{mark}1#线", product="钢材", **columns, site=site)
    made["title"] = Title.objects.create(legal_person=enterprise, kind="little_giant", year=YEAR, **columns)
    made["above_scale"] = AboveScale.objects.create(legal_person=enterprise, year=YEAR, **columns)
    for attribute, value in (("employees", "640"), ("output_value", "86421")):
        Fact.objects.create(
            legal_person=enterprise, subject="legal_person", attribute=attribute, year=YEAR, value=value,
            number=value, recorded_at=timezone.now(), recorded_by=mark, **columns,
        )  # fmt: skip
    shared = {"manager_code": code, "place_code": code}
    made["entry_enterprise"] = entry(
        RegisterEntry, RegisterVersion, "green-factories", f"{mark}绿色工厂", legal_person=enterprise, **columns
    )
    made["entry_unit"] = entry(RegisterEntry, RegisterVersion, "guidance-visits", f"{mark}帮扶", **shared)
    made["entry_park"] = entry(RegisterEntry, RegisterVersion, "park-risk", f"{mark}评估", park=park, **shared)
    made["entry_public"] = entry(PublicEntry, PublicVersion, "holidays", f"节日{code}")
    content = CSV.format(name=enterprise.name).encode()
    made["upload"] = Upload.objects.create(
        subject="registers.green-factories", file_name=f"{mark}.csv", content_hash=keep(content), size=len(content),
        format="csv", uploaded_by=city.people["city_officer"], uploaded_by_label=mark, **columns,
    )  # fmt: skip
    made["registration"] = Registration.objects.create(
        credit_code=f"9151040{code}0", name=f"{mark}新厂", contact="某", phone="1", username=f"new_{code}",
        password="!", receipt=hashed(code), submitted_at=timezone.now(), manager_code=code, place_code=code,
    )  # fmt: skip
    head = side(city, west)["enterprise_head"]
    made["invitation"] = Invitation.objects.create(
        role_key="enterprise_finance", name=f"{mark}新人", token=hashed(f"invitation {code}"), invited_by=head,
        expires_at=timezone.now() + timedelta(days=7), **columns,
    )  # fmt: skip
    made["token"] = ApiToken.objects.create(
        membership=head.memberships.get(), name=f"{mark}平台", prefix="jgt_", digest=hashed(f"token {code}"),
        expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    of_site = {**columns, "site": site}
    made["device"] = Device.objects.create(name=f"{mark}风机", legal_person=enterprise, **of_site)
    DeviceState.objects.create(
        device=made["device"], values={"name": f"{mark}风机"}, recorded_at=timezone.now(), recorded_by=mark, **of_site
    )  # fmt: skip
    made["bulk"] = Bulk.objects.create(state="open", sent_by=mark, **columns)
    ledger = keep(f"设备名称,规格型号,数量\n{mark}风机,G4-73,若干\n".encode())
    made["bulk_file"] = BulkFile.objects.create(
        bulk=made["bulk"], file_name=f"{mark}台账.csv", content_hash=ledger, state="read", for_site=site, **columns
    )  # fmt: skip
    made["claim"] = OpenLine.objects.create(
        row_id=mark, values={"name": f"{mark}水泵"}, why="reused", candidates=[made["device"].pk],
        recorded_at=timezone.now(), recorded_by=mark, **of_site,
    )  # fmt: skip
    made["slip"] = ReturnSlip.objects.create(
        file=made["bulk"].files.get(), file_name=f"{mark}台账.csv", content_hash=keep(content), wanted=f"{mark}改正",
        sent_at=timezone.now(), sent_by=mark, **of_site,
    )  # fmt: skip
    line = {"device_id": [f"{mark}-1"], "device": [made["device"].pk], "site": [site.pk], "name": [f"{mark}风机"]}
    made["run"] = Run.objects.create(
        title=f"{mark}筛查", as_of=timezone.localdate(), sites=[site.pk], started_by=mark,
        output_hash=runs.keep({"devices": pl.DataFrame(line)}, {}, f"matrix-{mark}"), **columns,
    )  # fmt: skip
    made["rehearsal"] = Run.objects.create(
        title=f"{mark}试算", as_of=timezone.localdate(), sites=[site.pk], started_by=mark, rehearsal=True,
        comparison_hash="0" * 64, **columns,
    )  # fmt: skip
    made["reference_set"] = ReferenceSet.objects.create(
        set_hash="0" * 64, packages=[], release="0", why="restore", made_by="x"
    )
    made["change"] = Change.objects.create(
        kind="restore", back_to=made["reference_set"], reason="补充目录暂缓", proposed_by="x", proposer_id=0
    )
    sets.adopt()
    made.update(_replies(made, of_site, mark))
    Finding.objects.create(
        run=made["run"], device=made["device"], check_name="elimination", outcome="eliminate", reason_zh=mark,
        reason_en="x", **of_site,
    )  # fmt: skip
    made |= _survey(enterprise, site, of_site)
    made |= _duty(side(city, west)["county_officer"], enterprise)
    made["event"] = record(command("matrix"), "enterprise.edited", enterprise, after={"name": enterprise.name})
    return made


def _replies(made: dict[str, Any], of_site: dict[str, Any], mark: str) -> dict[str, Any]:
    """Return a photo, an objection that was answered, and a check of a device."""
    device, now, day = made["device"], timezone.now(), timezone.localdate()
    same = {"check_name": "elimination", "outcome": "eliminate", "rule_id": "R1"}
    finding = Finding.objects.create(
        run=made["run"], device=device, reason_zh=f"{mark}列入", reason_en="listed", **same, **of_site
    )
    Told.objects.create(device=device, run=made["run"], told_on=day, due=day, **same, **of_site)
    kept = keep(PIXEL)
    return {
        "photo": Photo.objects.create(
            device=device, content_hash=kept, preview_hash=kept, media_type="image/jpeg", size=len(PIXEL), width=1,
            height=1, file_name=f"{mark}铭牌.jpg", received_at=now, received_by=mark, **of_site,
        ),
        "objection": Objection.objects.create(
            device=device, run=made["run"], finding=frozen(finding), reason="other", words=f"{mark}有异议",
            state="rejected", answer_due=day, filed_at=now, filed_by=mark, decided_at=now, decided_by=mark,
            **same, **of_site,
        ),
        "check": _check(device, made["run"], mark, of_site),
    }  # fmt: skip


def _check(device: Device, run: Run, mark: str, of_site: dict[str, Any]) -> SiteCheck:
    made = SiteCheck.objects.create(run=run, opened_at=timezone.now(), opened_by=mark, **of_site)
    looks = [{"check": "elimination", "zh": f"{mark}铭牌", "en": "plate"}]
    CheckItem.objects.create(
        site_check=made, device=device, place=1, why="must", looks=looks, asks=["model"], **of_site
    )
    return made


def _survey(enterprise: Any, site: Any, of_site: dict[str, Any]) -> dict[str, Any]:
    """Return the one running survey of the city with an entry of this side, and a draft nobody else sees."""
    now, today = timezone.now(), timezone.localdate()
    said = {"year": YEAR, "counts_from": today, "deadline": today + timedelta(days=9)}
    survey, fresh = Campaign.objects.get_or_create(
        name="摸排", defaults={"status": "running", "started_at": now, **said}
    )
    if fresh:
        Deadline.objects.create(campaign=survey, day=survey.deadline, recorded_at=now, recorded_by="x")
    draft, _ = Campaign.objects.get_or_create(name="筹备中的摸排", defaults=said)
    listed = Entry.objects.create(
        campaign=survey, legal_person=enterprise, source="above_scale", listed_as=enterprise.name,
        listed_code=enterprise.credit_code, listed_manager=enterprise.manager_code, industry_code="3130",
        listed_at=now, listed_by="x", **of_site,
    )  # fmt: skip
    noted = {"entry": listed, "recorded_at": now, "recorded_by": enterprise.name[:2], **of_site}
    Step.objects.create(kind="extend", comment=enterprise.name, due=survey.deadline, **noted)
    Note.objects.create(kind="comment", text=enterprise.name, **noted)
    Reminder.objects.create(state="unseen", **noted)
    return {"survey": survey, "survey_draft": draft, "survey_entry": listed}


def _duty(officer: User, enterprise: Any) -> dict[str, Any]:
    """Return the one task of the city, what the bureau of this side has of it, and a file it handed in."""
    now, today, office = timezone.now(), timezone.localdate(), officer.memberships.get().organisation
    about = {"plan_id": "plan", "version_hash": "0" * 64}
    if not Adoption.objects.exists():
        Adoption.objects.create(
            title_zh="方案",
            text="推动设备更新。",
            first_day=today,
            last_day=today,
            recorded_at=now,
            recorded_by="x",
            **about,
        )
        Body.objects.create(plan_id="plan", key="jingxin", kind="department", name="市经信局")
    said = {"kind": "task", "position": 1, "title_zh": "设备更新", "clause": "一", "lead": ["units"], **about}
    quotes = [{"words": "推动设备更新。", "start": 0, "end": 7}]
    duty, _ = Duty.objects.get_or_create(key="K1", defaults={"quotes": quotes, "state": "doing", **said})
    point, _ = Milestone.objects.get_or_create(duty=duty, title_zh="摸排完成", due=today)
    share = Share.objects.create(
        duty=duty, organisation=office, role="lead", origin="plan", state="doing", since=today - timedelta(days=99)
    )
    noted = {"recorded_at": now, "recorded_by": enterprise.name[:2], **share.scope_columns()}
    ShareStep(share=share, kind="claim", state="claimed", comment=enterprise.name, **noted).save()
    report = Report(share=share, month=today.replace(day=1), text=enterprise.name, percent=10, **noted)
    report.save()
    MilestoneStep(milestone=point, text=enterprise.name, **noted).save()
    proof = Evidence(
        report=report, file_name=f"{enterprise.name}.pdf", content_hash=keep(b"%PDF-1.7"), size=8,
        media_type="application/pdf", **noted,
    )  # fmt: skip
    proof.save()
    Remark(duty=duty, share=share, text=enterprise.name, **noted).save()
    Call(duty=duty, share=share, rule="report_day", about="2026-01", due=today, stage="late", **noted).save()
    return {"duty": duty, "duty_office": office, "duty_evidence": proof, "duty_share": share, "duty_point": point}


def own_duty(city: City, role: str, west: bool) -> dict[str, Any]:
    """Return what the organisation of a role has of the task: it leads it, and progress is under way."""
    office = side(city, west)[role].memberships.get().organisation
    held = of(city, west)
    values = {"role": "lead", "origin": "assigned", "state": "doing", "since": timezone.localdate()}
    share, _ = Share.objects.get_or_create(duty=held["duty"], organisation=office, defaults=values)
    return {"share": share, "milestone": held["duty_point"]}


def entry(entries: Any, versions: Any, register: str, title: str, **columns: Any) -> Any:
    """Return a new entry of a register, with its first version."""
    made = entries.objects.create(register=register, identity=title, title=title, **columns)
    scope = {name: value for name, value in columns.items() if name in {"org", "manager_code", "place_code"}}
    values = {"kind": "holiday", "day": "2026-10-01"} if register == "holidays" else {}
    versions.objects.create(
        entry=made, register=register, values=values, recorded_at=timezone.now(), recorded_by=title, **scope
    )
    return made


def job(user: User, state: str) -> Job:
    """Return a job of a person, done with a file, queued or failed."""
    with transaction.atomic(), use_scope(command_scope("matrix")):
        held = user.memberships.get()
        scope = actor_for(held).scope
        seen = {"everything": scope.everything, "managers": sorted(scope.managers), "orgs": sorted(scope.orgs)}
        mark = _mark(user)
        made = Job.objects.create(
            kind="matrix", title=f"{mark}任务", owner=user, membership=held, org=held.organisation, state=state,
            seen={**seen, "sites": sorted(scope.sites)},
        )  # fmt: skip
        if state == "done":
            target = files.folder(made.pk) / FILE
            with files.whole(target) as draft:
                draft.write_text(f"{mark}清单", encoding="utf-8")
            made.result = {"files": [files.describe(target)]}
            made.save()
    return made


def notice(user: User) -> Notice:
    """Return a notice to a person."""
    with transaction.atomic(), use_scope(command_scope("matrix")):
        return Notice.objects.create(
            user=user, sending="00000000-0000-4000-8000-000000000000", kind="message", title=f"{_mark(user)}通知",
            org=user.memberships.get().organisation,
        )  # fmt: skip


def view(user: User) -> SavedView:
    """Return a view of a list that a person keeps."""
    return SavedView.objects.create(owner=user, key="devices", name=f"{_mark(user)}视图", query="kind=fan")


def sign_in(user: User) -> SignIn:
    """Return a sign-in of a person elsewhere."""
    return SignIn.objects.create(user=user, session_key=f"elsewhere {user.pk}")


def key(user: User) -> Any:
    """Return a security key of a person."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "credential": {}})


def _mark(user: User) -> str:
    return "西山" if user.username.endswith(WEST) else "东风"

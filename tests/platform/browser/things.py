"""What the pages are about, made when a page first asks for it: a request to join, an upload in each state, a job, …"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.platform.accounts.signing import sign_in
from tests.platform.browser.answers import Answers
from tests.platform.browser.reported import WORDS as REPORT_WORDS
from tests.platform.browser.tasks import Tasks
from tests.platform.imports.conftest import MESSY, book
from tests.platform.standards.making import head

from jigai.ledger.columns import attributes
from jigai.plan.period import Period
from jigai.plan.registry import registry
from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership, Organisation, Registration, User
from jigai.platform.accounts.services import hands, registrations
from jigai.platform.api import services as tokens
from jigai.platform.audit.models import Event
from jigai.platform.campaigns.models import Campaign
from jigai.platform.enterprises import above_scale, titles
from jigai.platform.enterprises.data import keyed
from jigai.platform.enterprises.models import AboveScale, LegalPerson, Line, Site
from jigai.platform.imports import services as imports
from jigai.platform.jobs import services as jobs
from jigai.platform.jobs import worker
from jigai.platform.jobs.models import Job
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger.models import Bulk, Device, OpenLine
from jigai.platform.notices import services as notices
from jigai.platform.places.models import ManagingUnit, Park
from jigai.platform.plan import loading, sources
from jigai.platform.plan.scores import services as scores
from jigai.platform.plan.versions import in_force
from jigai.platform.registers.definition import Register, registers
from jigai.platform.registers.models import RegisterVersion
from jigai.platform.walls.actor import Actor, command
from jigai.platform.walls.scope import command_scope, use_scope

SAMPLES = Path(__file__).parents[3] / "samples"
PLAN = Path(__file__).parents[3] / "plans" / "panzhihua-2024"
LEDGER = SAMPLES / "01_rolling_mill.xlsx"
YEAR = 2025
GREEN = "registers.green-factories"
TITLE = "请于 11 月 30 日前核对 2025 年年度数据"
ASKING = {
    "credit_code": "91350100M000100Y43",
    "name": "南坡铸造有限公司",
    "contact": "孙七",
    "post": "办公室主任",
    "phone": "13800000000",
}


def _words_of(register: Register) -> Iterator[str]:
    """Return units and choices: what the city's own lists call them, in every language."""
    for attribute in register.table.attributes:
        yield attribute.unit or ""
        yield from attribute.choices


def _words_of_plan() -> Iterator[str]:
    """Return what the plan and the register of indicators say in Chinese alone: the official words."""
    for one in registry().values():
        yield from (one.definition, one.population, one.note, one.formula_source, one.numerator_zh, one.denominator_zh)
        yield one.display_unit
    yield from sources.LOADERS
    yield sources.PROJECTS
    plan = in_force()
    if plan:
        yield plan.plan.title.zh
        yield from (words for line in plan.plan.text.content.splitlines() if (words := line.strip()))
        yield from (quote.words for quote in plan.plan.quotes())
        yield from (one.clause for one in (*plan.plan.objectives, *plan.plan.tasks, *plan.plan.measures))
        yield from (one.short or one.name.zh for one in plan.plan.departments)


class Things(Answers, Tasks):
    """Each thing is a method without an underscore that returns the arguments of an address."""

    def __init__(self, people: dict[str, Membership]) -> None:
        self._people = people
        self._made: dict[str, dict[str, Any]] = {}
        self._role = ""

    def arguments(self, name: str, role: str) -> dict[str, Any]:
        """Return the arguments a thing gives; who looks matters only for what is one's own."""
        if not name:
            return {}
        if name in registers():
            return {"key": name}
        kept = f"{name} {role}" if name in ("own", "near", "site", "line", "sheet", "sheet_before", "submit") else name
        if kept not in self._made:
            self._role = role
            self._made[kept] = getattr(self, name)()
        return self._made[kept]

    def words(self) -> list[str]:
        """Return words of the things that may stand in a frame as data."""
        with self._all():
            return [
                *Line.objects.values_list("name", flat=True),
                *Job.objects.values_list("title", flat=True),
                *Campaign.objects.values_list("name", flat=True),
                *ManagingUnit.objects.exclude(short="").values_list("short", flat=True),
                *Device.objects.values_list("name", flat=True).distinct(),
                *(one.title["zh"] for one in registers().values()),
                *(word for one in registers().values() for word in _words_of(one)),
                *("国家级", "省级", "市级"),
                *(word for words in Device.objects.values_list("name", "model") for word in words if word),
                *(line.values["name"] for line in OpenLine.objects.all()),
                *(one.unit for one in attributes() if one.unit),
                *_words_of_plan(),
                *REPORT_WORDS,
                ASKING["name"],
                TITLE,
                head()["title_zh"],
                "能源管理系统",
                "市统一身份认证",
            ]

    @contextmanager
    def _all(self) -> Iterator[None]:
        with transaction.atomic(), use_scope(command_scope("test")):
            yield

    @contextmanager
    def _as(self, role: str) -> Iterator[Actor]:
        actor = actor_for(self._people[role])
        with transaction.atomic(), use_scope(actor.scope):
            yield actor

    # ── enterprises and places ──

    def _person(self) -> LegalPerson:
        organisation = self._people[self._role].organisation
        people = LegalPerson.objects.order_by("pk")
        own = people.filter(org=organisation).first()
        return own or people.filter(manager_code=organisation.manager_code).first() or people.first()

    def near(self) -> dict[str, Any]:
        with self._all():
            return {"pk": self._person().pk}

    own = near

    def sheet(self) -> dict[str, Any]:
        return self.near() | {"year": YEAR}

    def sheet_before(self) -> dict[str, Any]:
        return self.near() | {"year": YEAR - 2}

    def submit(self) -> dict[str, Any]:
        return self.sheet() | {"key": "submit"}

    def figure(self) -> dict[str, Any]:
        self._role = "county_officer"
        return self.sheet() | {"key": "output_value"}

    def year(self) -> dict[str, Any]:
        return {"year": YEAR}

    def year_ahead(self) -> dict[str, Any]:
        return {"year": timezone.localdate().year + 1}

    def two_years(self) -> dict[str, Any]:
        with self._all():
            first, second, *_rest = above_scale.years()
        return {"first": first, "second": second}

    def site(self) -> dict[str, Any]:
        with self._all():
            sites = Site.objects.filter(legal_person=self._person()).order_by("pk")
            return {"pk": sites.first().pk}

    def line(self) -> dict[str, Any]:
        with self._all():
            return {"pk": Line.objects.filter(site=self.site()["pk"]).order_by("pk").first().pk}

    def listed(self) -> dict[str, Any]:
        with self._all():
            return {"pk": AboveScale.objects.filter(superseded_at__isnull=True).first().pk}

    def title(self) -> dict[str, Any]:
        with self._all():
            person = LegalPerson.objects.order_by("pk").first()
        with self._as("city_officer") as actor:
            kind, row = next(iter(keyed("titles").items()))
            made = titles.add_title(actor, person, kind, row["levels"].split("|")[0], 2024)
            return {"pk": made.pk}

    def unit(self) -> dict[str, Any]:
        return {"code": ManagingUnit.objects.order_by("order").first().code}

    def park(self) -> dict[str, Any]:
        with self._all():
            return {"pk": Park.objects.order_by("pk").first().pk}

    def unit_active(self) -> dict[str, Any]:
        return {"kind": "units", "key": self.unit()["code"]}

    def park_active(self) -> dict[str, Any]:
        return {"kind": "parks", "key": str(self.park()["pk"])}

    # ── people ──

    def person(self) -> dict[str, Any]:
        return {"pk": User.objects.get(username="head").pk}

    def organisation(self) -> dict[str, Any]:
        with self._all():
            return {"pk": Organisation.objects.filter(kind="legal_person").first().pk}

    def _registration(self, code: str) -> tuple[str, Registration]:
        word = secrets.token_urlsafe(24)
        unit = self._people["county_officer"].organisation.manager_code
        with self._all():
            said = ASKING | {"credit_code": code, "manager_code": unit}
            return word, registrations.submit(word, said, "Furnace-2026-ok")

    def registration(self) -> dict[str, Any]:
        return {"pk": self._registration(ASKING["credit_code"])[1].pk}

    def receipt(self) -> dict[str, Any]:
        return {"word": self._registration("91350100M000100Y43")[0]}

    def receipt_returned(self) -> dict[str, Any]:
        word, registration = self._registration("91350100M000100Y43")
        with self._as("county_officer") as actor:
            registrations.send_back(actor, registration, "联系人与营业执照不一致，请更正。")
        return {"word": word}

    def invitation(self) -> dict[str, Any]:
        with self._as("enterprise_head") as actor:
            return {"word": hands.invite(actor, name="周八", role_key="enterprise_equipment")[1]}

    def invitation_gone(self) -> dict[str, Any]:
        with self._as("enterprise_head") as actor:
            invitation, word = hands.invite(actor, name="吴九", role_key="enterprise_equipment")
            hands.revoke(actor, invitation)
        return {"word": word}

    def security_key(self) -> dict[str, Any]:
        return {"pk": Authenticator.objects.get(user=self._people["expert"].user, type="webauthn").pk}

    def token(self) -> dict[str, Any]:
        with self._as("enterprise_head") as actor:
            tokens.issue(actor, "能源管理系统", {"enterprise.view"}, 90)
        return {}

    def locked(self) -> dict[str, Any]:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            cache.clear()
            sign_in(self._people["expert"].user.username, "not the password", Client(REMOTE_ADDR="10.0.0.9"))
        return {}

    # ── registers, notices, audit ──

    def _entry(self, key: str) -> dict[str, Any]:
        with self._all():
            return {"key": key, "pk": RegisterVersion.objects.filter(register=key).first().entry_id}

    def entry(self) -> dict[str, Any]:
        return self._entry("green-factories")

    def entry_maturity(self) -> dict[str, Any]:
        return self._entry("digital-maturity")

    def notice(self) -> dict[str, Any]:
        post = self._people["county_officer"]
        copies = notices.send(
            command("test"),
            to=post,
            kind="message",
            title=TITLE,
            text="请各县（区）在期限前完成核对，覆盖率低于 80% 的不能上报。\n联系人：陈立。",
            url="/enterprises/reporting/2025/",
            due=date(2026, 11, 30),
        )
        return {"pk": copies[0].pk}

    def event(self) -> dict[str, Any]:
        with self._all():
            return {"number": Event.objects.filter(action="sample.loaded").first().pk}

    # ── uploads ──

    def subject_green(self) -> dict[str, Any]:
        return {"key": GREEN}

    def subject_holidays(self) -> dict[str, Any]:
        return {"key": "registers.holidays"}

    def subject_facts(self) -> dict[str, Any]:
        return {"key": "facts"}

    def subject_ledger(self) -> dict[str, Any]:
        return {"key": "ledger"}

    def entry_motor(self) -> dict[str, Any]:
        code = self._people["county_officer"].organisation.manager_code
        with self._all():
            site = Site.objects.filter(manager_code=code).order_by("pk").first()
        return {"site": site.pk, "kind": "motor"}

    def _ledger(self, name: str) -> Any:
        """A ledger with good and bad lines, given to a site of the county."""
        rows = [
            ["设备名称", "规格型号", "功率(kW)", "效率(%)", "数量", "出厂年份"],
            ["1号水泵电机", "Y132M-4", 7.5, 0.875, 2, "20l5"],
            ["配电变压器", "S7-200/10", "", "", 1, 1990],
            ["天车", "QD20/5t-22.5m", 75, "", "二或三", 1995],
        ]
        with self._as("county_officer") as actor:
            upload = imports.take_in(actor, "ledger", name, book(rows), {})
            site = self.entry_motor()["site"]
            return imports.tell(actor, upload, upload.version, {"site": str(site), "whole": "on"})

    def ledger_open(self) -> dict[str, Any]:
        return {"pk": self._ledger("设备台账（核对中）.xlsx").pk}

    def ledger_done(self) -> dict[str, Any]:
        upload = self._ledger("设备台账（已入库）.xlsx")
        with self._as("county_officer") as actor:
            imports.accept(actor, upload, upload.version)
        worker.run(once=True)
        worker.run(once=True)
        return {"pk": upload.pk}

    def _rows(self) -> list[list[Any]]:
        code = self._people["county_officer"].organisation.manager_code
        with self._all():
            names = list(LegalPerson.objects.filter(manager_code=code).values_list("name", flat=True)[:2])
        swapped = {"东风轧钢有限公司": names[0], "西山水泥有限公司": names[-1]}
        return [[swapped.get(cell, cell) for cell in row] for row in MESSY]

    def _upload(self, name: str, data: bytes) -> Any:
        with self._as("county_officer") as actor:
            return imports.take_in(actor, GREEN, name, data, {})

    def upload_open(self) -> dict[str, Any]:
        return {"pk": self._upload("绿色工厂名单（2025年）.xlsx", book(self._rows())).pk}

    def upload_refused(self) -> dict[str, Any]:
        return {"pk": self._upload("通知.xlsx", b"not a workbook").pk}

    def _accepted(self, name: str) -> Any:
        known = [["级别" if cell == "档次" else cell for cell in row] for row in self._rows()]
        upload = self._upload(name, book(known))
        with self._as("county_officer") as actor:
            return imports.accept(actor, upload, upload.version)

    def upload_done(self) -> dict[str, Any]:
        upload = self._accepted("绿色工厂名单（已入库）.xlsx")
        worker.run(once=True)
        return {"pk": upload.pk}

    def upload_accepting(self) -> dict[str, Any]:
        self._worked_off()
        return {"pk": self._accepted("绿色工厂名单（入库中）.xlsx").pk}

    def upload_withdrawn(self) -> dict[str, Any]:
        upload = self._upload("绿色工厂名单（作废）.xlsx", book(self._rows()))
        with self._as("county_officer") as actor:
            imports.withdraw(actor, upload, upload.version)
        return {"pk": upload.pk}

    # ── jobs ──

    def _worked_off(self) -> None:
        """Make first what a worker must finish: what is to stay in the queue comes after it."""
        for name in ("job_done", "upload_done"):
            self.arguments(name, "county_officer")

    def _job(self, title: str, **columns: Any) -> dict[str, Any]:
        with self._as("county_officer") as actor:
            job = jobs.submit(actor, "registers.export", {"register": "green-factories", "query": {}}, title)
        if columns:
            with self._all():
                Job.objects.filter(pk=job.pk).update(**columns)
        return {"pk": job.pk}

    def job_done(self) -> dict[str, Any]:
        made = self._job("导出绿色工厂")
        worker.run(once=True)
        return made

    def job_queued(self) -> dict[str, Any]:
        self._worked_off()
        return self._job("导出绿色工厂（排队）")

    def job_running(self) -> dict[str, Any]:
        now = timezone.now()
        return self._job(
            "导出绿色工厂（进行）",
            state="running",
            done=1841,
            total=4300,
            text="第 1,841 行",
            worker="worker-1",
            started_at=now,
            lease_until=now + timedelta(hours=1),
        )

    def job_failed(self) -> dict[str, Any]:
        said = "第 3 行缺少企业名称，请补上后重新上传。"
        return self._job("导出绿色工厂（失败）", state="failed", error=said, finished_at=timezone.now(), attempt=3)

    def job_cancelled(self) -> dict[str, Any]:
        return self._job("导出绿色工厂（取消）", state="cancelled", finished_at=timezone.now())

    def _bulk(self, *names: str) -> Any:
        with self._as("county_officer") as actor:
            return bulks.receive(actor, [(name, (SAMPLES / name).read_bytes()) for name in names])

    def bulk_open(self) -> dict[str, Any]:
        made = self._bulk("01_rolling_mill.xlsx", "02_substation.xls", "bad_truncated.xlsx", "bad_cells.xlsx")
        worker.run(once=True)
        return {"pk": made.pk}

    def bulk_done(self) -> dict[str, Any]:
        made = self._bulk("04_mine_many_sheets.xlsx", "bad_zip_bomb.xlsx")
        worker.run(once=True)
        with self._as("county_officer") as actor:
            bulk = Bulk.objects.get(pk=made.pk)
            site = Site.objects.filter(manager_code=actor.organisation.manager_code).order_by("pk").last()
            bulks.give(actor, bulk, bulk.version, {bulk.files.get(state="read").pk: site.pk})
            bulks.accept(actor, bulk, bulk.version + 1)
        worker.run(once=True)
        worker.run(once=True)
        return {"pk": made.pk}

    def plan(self) -> dict[str, Any]:
        """The shipped plan in force, with its figures."""
        actor = command("test")
        with transaction.atomic(), use_scope(actor.scope):
            loading.load_and_compute(actor, PLAN, timezone.now(), timezone.localdate())
        return {}

    def objective(self) -> dict[str, Any]:
        """An objective with figures of enterprises."""
        self.arguments("plan", self._role)
        return {"id": "O8"}

    def objective_finance(self) -> dict[str, Any]:
        """An objective whose figures are financial."""
        self.arguments("plan", self._role)
        return {"id": "O15"}

    def figure_of_plan(self) -> dict[str, Any]:
        """The indicator of an objective."""
        self.arguments("plan", self._role)
        return {"indicator": "nc_rate"}

    def own_with_plan(self) -> dict[str, Any]:
        """The enterprise of the one who looks, once figures rest on it."""
        self.arguments("plan", self._role)
        return self.arguments("own", "enterprise_head")

    def scorecard_unit(self) -> dict[str, Any]:
        """A kept scorecard of last year and the first of its units, which is recommended."""
        self.arguments("plan", self._role)
        now, day = timezone.now(), timezone.localdate()
        with self._as("city_officer") as actor:
            made = scores.keep(actor, Period(day.year - 1), "年度评价", now, day)
            code = scores.opened(actor, made.pk).card.totals["unit"][0]
            scores.recommend(actor, made.pk, code, "做法成熟", now)
        return {"pk": made.pk, "code": code}

    def scorecard(self) -> dict[str, Any]:
        """A kept scorecard."""
        return {"pk": self.arguments("scorecard_unit", self._role)["pk"]}

    def scored_unit(self) -> dict[str, Any]:
        """A unit of the scorecard, recommended for the pilot."""
        return {"code": self.arguments("scorecard_unit", self._role)["code"]}

    def plan_version(self) -> dict[str, Any]:
        """Another version of the plan, not in force."""
        self.arguments("plan", self._role)
        actor = command("test")
        content = (PLAN / "plan.yaml").read_bytes().replace(b"value: 200", b"value: 210")
        with transaction.atomic(), use_scope(actor.scope):
            texts = {"text.txt": (PLAN / "text.txt").read_bytes()}
            return {"pk": loading.load(actor, content, texts).pk}

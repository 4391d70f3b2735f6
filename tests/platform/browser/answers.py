"""What the pages of standards, replies and surveys are about; part of `Things`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.utils import timezone
from tests.platform.browser.reported import Reported
from tests.platform.replies.conftest import picture
from tests.platform.standards.making import package

from jigai.ledger import read_ledger
from jigai.platform.accounts.models import Membership
from jigai.platform.campaigns import notes, record, steps
from jigai.platform.campaigns import services as surveys
from jigai.platform.campaigns.models import Campaign, Entry
from jigai.platform.enterprises.models import Site
from jigai.platform.jobs import worker
from jigai.platform.ledger import claiming, silent, slips
from jigai.platform.ledger.models import Bulk, Device, OpenLine, ReturnSlip
from jigai.platform.ledger.taking import take
from jigai.platform.replies import checks, photos
from jigai.platform.replies.models import Objection
from jigai.platform.replies.objections import frozen
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Finding, Run
from jigai.platform.standards import services as standards
from jigai.platform.standards import sets
from jigai.platform.standards.models import Change, ReferenceSet
from jigai.platform.walls.actor import command
from jigai.reference import Reference

LEDGER = Path(__file__).parents[3] / "samples" / "01_rolling_mill.xlsx"
YEAR = 2025


class Answers(Reported):
    """The part of things that people propose, contest and report."""

    arguments: Any
    _as: Any
    _all: Any
    people: dict[str, Membership]

    # ── devices ──

    def _devices(self) -> None:
        """Take the sample workbook in at a site of the county, and screen it twice: today, and as a rehearsal."""
        with self._as("county_officer") as actor:
            site = Site.objects.filter(manager_code=actor.organisation.manager_code).order_by("pk").first()
            lines = read_ledger(LEDGER).devices.with_columns(site=pl.lit(site.pk), upload=pl.lit(None, pl.Int64))
            take(actor, lines, Reference.load(timezone.localdate()), {site.pk})
            screening.start(actor, [site.pk], timezone.localdate())
            screening.start(actor, [site.pk], date(2009, 1, 1), rehearsal=True)
        worker.run(once=True)

    def device(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        with self._all():
            return {"pk": Device.objects.filter(verdict="must_replace").order_by("pk").first().pk}

    def _some(self, number: int, **filters: Any) -> list[int]:
        """Return devices at the end of the list, which no other thing is about."""
        self.arguments("run", "county_officer")
        with self._all():
            rows = Device.objects.filter(gone_at=None, **filters).exclude(verdict="must_replace").order_by("-pk")
            return list(rows.values_list("pk", flat=True)[:number])

    def device_of_many(self) -> dict[str, Any]:
        return {"pk": self._some(1, quantity__gt=2)[0]}

    def device_gone(self) -> dict[str, Any]:
        with self._as("county_officer") as actor:
            found = self._some(1)
            silent.dismantled(actor, found, date(2026, 10, 1), "报废 2026-17", timezone.localdate())
            return {"pk": found[0]}

    def picked_gone(self) -> dict[str, Any]:
        return {"pick": self._some(2)}

    picked_merge = picked_labels = picked_gone

    def _open_line(self, name: str) -> OpenLine:
        device = self._some(1)[0]
        with self._all():
            known = Device.objects.get(pk=device)
            return OpenLine.objects.create(
                row_id=name, values={"name": name, "model": "LU132-8", "quantity": 1, "power_kw": 132.0}, why="reused",
                candidates=[device], source_file="泵房台账.xlsx", sheet="台账", row=7, recorded_at=timezone.now(),
                recorded_by="周敏", **known.scope_columns(),
            )  # fmt: skip

    def claim(self) -> dict[str, Any]:
        return {"pk": self._open_line("螺杆空压机").pk}

    def claim_settled(self) -> dict[str, Any]:
        line = self._open_line("活塞空压机")
        with self._as("county_officer") as actor:
            claiming.disown(actor, [line.pk], "租赁设备")
        return {"pk": line.pk}

    def picked_claim(self) -> dict[str, Any]:
        return {"pick": [self.arguments("claim", "county_officer")["pk"]]}

    def slip(self) -> dict[str, Any]:
        bulk = self.arguments("bulk_done", "county_officer")["pk"]
        with self._as("county_officer") as actor:
            slips.order(actor, Bulk.objects.get(pk=bulk), send=True)
        worker.run(once=True)
        with self._all():
            return {"pk": ReturnSlip.objects.order_by("pk").first().pk}

    def run(self) -> dict[str, Any]:
        self._devices()
        with self._all():
            return {"pk": Run.objects.filter(rehearsal=False).order_by("pk").first().pk}

    def run_compared(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        with self._all():
            return {"pk": Run.objects.get(rehearsal=True).pk}

    # ── the standards library ──

    def dataset(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        return {"name": "elimination-3"}

    def dataset_efficiency(self) -> dict[str, Any]:
        return {"name": "gb18613-2020"}

    def dataset_row(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        return {"name": "elimination-3", "table": "rules", "number": 5}

    def dataset_life(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        return {"name": "service-life", "table": "lives", "number": 1}

    def _change(self, name: str) -> Any:
        with self._as("standards_officer") as actor:
            return standards.receive(
                actor, f"{name}.zip", package(id=name, number=name), "示经信〔2026〕8号", timezone.localdate()
            )

    def change(self) -> dict[str, Any]:
        return {"pk": self._change("city-list-1").pk}

    def change_tried(self) -> dict[str, Any]:
        self.arguments("run", "county_officer")
        made = self._change("city-list-2")
        with self._as("standards_officer") as actor:
            standards.rehearse(actor, made.pk, timezone.localdate())
        worker.run(once=True)
        with self._all():  # somebody else proposed it: who looks may decide
            Change.objects.filter(pk=made.pk).update(proposer_id=0)
        return {"pk": made.pk}

    def change_done(self) -> dict[str, Any]:
        made = self._change("city-list-3")
        with self._all():
            Change.objects.filter(pk=made.pk).update(state="refused", answer="文号不对", decided_at=timezone.now())
        return {"pk": made.pk}

    def reference_set(self) -> dict[str, Any]:
        with self._all():
            sets.adopt()  # as after every migration: a test before this one may have emptied the tables
            return {"pk": ReferenceSet.objects.order_by("pk").first().pk}

    # ── replies ──

    def own_listed(self) -> dict[str, Any]:
        """A device of the first elimination list, at a site of one's own enterprise."""
        self.arguments("run", "county_officer")
        with self._as("enterprise_equipment") as actor:
            site = Site.objects.filter(org=actor.organisation).order_by("pk").first()
            lines = read_ledger(LEDGER).devices.with_columns(site=pl.lit(site.pk), upload=pl.lit(None, pl.Int64))
            take(actor, lines, Reference.load(timezone.localdate()), {site.pk})
            screening.start(actor, [site.pk], timezone.localdate())
        worker.run(once=True)
        with self._all():
            listed = Finding.objects.filter(site=site, rule_id="B1-1-1", device__gone_at__isnull=True)
            return {"pk": listed.order_by("pk").first().device_id}

    def photo(self) -> dict[str, Any]:
        device = self.arguments("device", "county_officer")["pk"]
        with self._as("county_officer") as actor:
            return {"pk": photos.add(actor, device, picture(taken="2026:11:20 09:30:00", place=True)).pk}

    def _objection(self, state: str, **more: Any) -> dict[str, Any]:
        proof = self.arguments("photo", "county_officer")["pk"]
        device = self.arguments("device", "county_officer")["pk"]
        with self._all():
            finding = Finding.objects.filter(device=device, check_name="elimination").get()
            made = Objection.objects.create(
                device=finding.device, run=finding.run, check_name="elimination", outcome=finding.outcome, state=state,
                rule_id=finding.rule_id, finding=frozen(finding), verdict_before="must_replace", reason="model",
                words="铭牌为 YE3-90S-4，台账未更新。", corrected={"model": "YE3-90S-4"}, photos=[proof],
                told_on=timezone.localdate(), due=timezone.localdate(), answer_due=timezone.localdate(),
                filed_at=timezone.now(), filed_by="equipment", **finding.scope_columns(), **more,
            )  # fmt: skip
            return {"pk": made.pk}

    def objection(self) -> dict[str, Any]:
        return self._objection("open")

    def objection_upheld(self) -> dict[str, Any]:
        return self._objection("upheld", decided_at=timezone.now(), decided_by="county", verdict_after="keep")

    def uphold(self) -> dict[str, Any]:
        return {**self.arguments("objection", "county_officer"), "key": "uphold"}

    def reject(self) -> dict[str, Any]:
        return {**self.arguments("objection", "county_officer"), "key": "reject"}

    def check(self) -> dict[str, Any]:
        device = self.arguments("device", "county_officer")["pk"]
        with self._as("county_officer") as actor:
            return {"pk": checks.open_check(actor, Device.objects.get(pk=device).site_id).pk}

    # ── surveys ──

    def _survey(self, name: str) -> Campaign:
        today = timezone.localdate()
        said = {"name": name, "year": YEAR, "counts_from": today, "deadline": today + timedelta(days=12)}
        words = {"instructions": "原样上传设备台账即可。", "contact": "陈立 13900000001"}
        with self._as("city_officer") as actor:
            return surveys.create(actor, said | words)

    def survey(self) -> dict[str, Any]:
        self.arguments("device", "county_officer")
        made = self._survey("2026 年设备摸排")
        with self._as("city_officer") as actor:
            surveys.start(actor, made, made.version)
        return {"pk": made.pk}

    def survey_draft(self) -> dict[str, Any]:
        return {"pk": self._survey("2027 年设备摸排").pk}

    def survey_closed(self) -> dict[str, Any]:
        made = self._survey("2025 年设备摸排")
        with self._as("city_officer") as actor:
            running = surveys.start(actor, made, made.version)
            record.close(actor, running, running.version)
        return {"pk": made.pk}

    def _listed(self, **about: Any) -> Entry:
        self.arguments("survey", "city_officer")
        with self._all():
            return Entry.objects.select_related("campaign", "site").filter(campaign__name="2026 年设备摸排", **about)[0]

    def survey_reported(self) -> dict[str, Any]:
        code = self._people["county_officer"].organisation.manager_code
        with self._all():
            site = Device.objects.filter(gone_at=None, manager_code=code).order_by("pk").first().site_id
        entry = self._listed(site=site)
        with self._all():
            steps.take_step(command("test"), entry, entry.version, "submit_for", comment="纸质盖章件已收到")
        with self._as("county_officer") as actor:
            notes.add(actor, entry, "comment", "第 8 行缺出厂年份，请对照铭牌补齐", file_name="设备台账.xlsx")
            notes.add(actor, entry, "differs", "铭牌写 55 kW", device=notes.drawn(entry)[0][0].pk)
        return {"pk": entry.pk}

    def survey_own(self) -> dict[str, Any]:
        return {"pk": self._listed(org=self._people["enterprise_head"].organisation).pk}

    def survey_submit(self) -> dict[str, Any]:
        return self.survey_own() | {"key": "submit"}

    def survey_return(self) -> dict[str, Any]:
        return self.arguments("survey_reported", "county_officer") | {"key": "return"}

"""What the pages of report forms are about; part of `Things`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from tests.platform.reporting.blanks import SHEET, workbook
from tests.platform.reporting.figures import Kept

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership, User
from jigai.platform.places.models import ManagingUnit
from jigai.platform.reporting import figures, filling, freezing, periods, services, workflow
from jigai.platform.reporting.models import Form, Report

FORM = "工业设备更新月报（测试）"
ISSUER = "某省经信厅"
WORDS = (
    *(
        FORM,
        ISSUER,
        "月报.xlsx",
        SHEET,
        "填报说明",
        "规上企业数",
        "情况说明",
        "进展正常",
        "测试",
        "工业设备更新进展月报（示例）",
    ),
    *("指标", "全市", "东区", "西区", "规上工业企业数（户）", "关键工序数控化率（%）", "设备工器具购置投资（亿元）"),
    *("序号", "企业", "管理主体", "填报人：", "负责人：", "赵审核", "补报企业"),
)
"""What a form says stays Chinese in English pages."""


class Reported:
    """The part of things that go to the province."""

    arguments: Any
    _as: Any
    _all: Any
    _people: dict[str, Membership]

    def report_form(self) -> dict[str, Any]:
        own = self._people["county_officer"].organisation.manager_code
        kept, period = Kept(), self._period()
        for one in ManagingUnit.objects.filter(active=True):
            for number in range(2):
                kept.add("firms", period, one.code, f"{one.name}企业{number}", 1, reported=1 - number)
        figures.provide(kept)
        said = {"name": FORM, "every": "month", "issuer": ISSUER, "due_day": 5}
        figure = {"kind": "figure", "indicator": "firms", "part": "value", "span": "this", "factor": "1"}
        with self._as("city_officer") as actor:
            form = services.create(actor, {**said, "file": ("月报.xlsx", workbook())})
            services.bind(actor, form, SHEET, "B4", {**figure, "label": "规上企业数"})
            services.bind(actor, form, SHEET, "C4", {**figure, "label": "规上企业数", "key": own})
            services.bind(actor, form, SHEET, "B7", {"kind": "typed", "label": "情况说明"})
        return {"pk": form.pk}

    @staticmethod
    def _period() -> str:
        return periods.Reported.over("month", timezone.localdate()).key

    def _form(self) -> Form:
        with self._all():
            return Form.objects.get(pk=self.arguments("report_form", "city_officer")["pk"])

    def _filled(self, back: int) -> Report:
        form, at = self._form(), periods.Reported.read(self._period())
        for _ in range(back):
            at = at.before
        with self._as("city_officer") as actor:
            return filling.fill(actor, filling.start(actor, form, at.key), timezone.localdate())

    def report(self) -> dict[str, Any]:
        return {"pk": self._filled(0).pk}

    def _explained(self, back: int) -> Report:
        made = self._filled(back)
        with self._as("city_officer") as actor:
            for one in filling.bound_of(made):
                made.refresh_from_db()
                if one.kind == "typed":
                    filling.type_in(actor, made, made.version, one.key, "进展正常")
                else:
                    filling.force(actor, made, made.version, one.key, "测试")
        return self._step(made, "ask", self._people["city_officer"])

    def _step(self, made: Report, key: str, post: Membership, comment: str = "") -> Report:
        with self._all():
            made = Report.objects.get(pk=made.pk)
            return workflow.take_step(actor_for(post), made, made.version, key, comment)

    def report_asked(self) -> dict[str, Any]:
        made = self._explained(1)
        with self._as("county_officer") as actor:
            unit = actor.organisation.manager_code
            workflow.confirm(actor, made, unit, agreed=False, reason="测试")
        return {"pk": made.pk}

    def report_ask(self) -> dict[str, Any]:
        return self.arguments("report", "city_officer") | {"key": "ask"}

    def report_cell(self) -> dict[str, Any]:
        found = self.arguments("report", "city_officer")
        with self._all():
            made = Report.objects.get(pk=found["pk"])
        return found | {"key": next(one["key"] for one in made.bindings if one["kind"] == "typed")}

    def _frozen(self, back: int) -> Report:
        made = self._explained(back)
        with self._as("county_officer") as actor:
            workflow.confirm(actor, made, actor.organisation.manager_code, agreed=True)
        officer = self._people["city_officer"]
        other = User.objects.create(username=f"second_{back}", name="赵审核", password=make_password(None))
        second = Membership.objects.create(user=other, organisation=officer.organisation, role_key="city_officer")
        self._step(made, "submit", officer)
        self._step(made, "review", second)
        return self._step(made, "sign", self._people["city_head"])

    def report_frozen(self) -> dict[str, Any]:
        return {"pk": self._frozen(2).pk}

    def report_changed(self) -> dict[str, Any]:
        made = self._frozen(3)
        before = figures.source()
        before.add("firms", made.period, ManagingUnit.objects.first().code, "补报企业", 1)  # type: ignore[attr-defined]
        with self._all():
            assert freezing.changes_since(made, timezone.localdate() + timedelta(days=1))
        return {"pk": made.pk}

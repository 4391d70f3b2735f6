"""A task of the plan, who has taken a share in it, and everything that was reported, noted and said about it.

What the plan says (`Adoption`, `Body`, `Duty`, `Milestone`) and who answers for it (`Share`) is the same for every
office; what an office hands in is its own, and scoped: other departments see it, a county sees its own.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped
from jigai.platform.web.wording import english


class Adoption(models.Model):
    """A version of a plan that tasks were made from (采用的方案), with its stored text; the newest one counts.

    ``plan_id`` and ``version_hash`` are ``id`` and ``content_hash`` of the plan file. ``changes`` is what it changed.
    """

    plan_id = models.CharField(_("方案编号"), max_length=80, db_index=True)
    version_hash = models.CharField(_("方案版本"), max_length=64)
    title_zh = models.CharField(_("方案"), max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    text = models.TextField(_("正文"))
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("止"))
    changes: Any = models.JSONField(_("变化"), default=dict)
    recorded_at = models.DateTimeField(_("采用时间"))
    recorded_by = models.CharField(_("采用人"), max_length=150)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("采用的方案")

    def __str__(self) -> str:
        return (self.title_en if english() else "") or self.title_zh


class Body(models.Model):
    """A department or unit the plan names (方案中的单位), and which organisation of the site it is."""

    class Kind(models.TextChoices):
        """Where in the plan file it stands."""

        DEPARTMENT = "department", _("部门")
        UNIT = "unit", _("管理主体")

    plan_id = models.CharField(_("方案编号"), max_length=80)
    key = models.CharField(max_length=80)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(max_length=300, blank=True)
    short = models.CharField(_("简称"), max_length=80, blank=True)
    code = models.CharField(_("管理主体代码"), max_length=12, blank=True)
    position = models.PositiveIntegerField(default=0)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("对应单位")
    )
    ended = models.BooleanField(_("新版方案不再列出"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan_id", "key"], name="body_once_a_plan"),)
        ordering = ("plan_id", "kind", "position")
        verbose_name = _("方案中的单位")

    def __str__(self) -> str:
        return self.short or self.name

    @property
    def called(self) -> str:
        """Its name in the language of the page, the Chinese one where the plan file has no other."""
        return (self.name_en if english() else "") or self.name

    @property
    def also(self) -> str:
        """Its short name, which is Chinese."""
        return "" if english() else self.short


class Duty(models.Model):
    """A key task, sub-task or measure of the plan (任务), with its clause and sentences, by the key of the plan file.

    One that ``gathers`` has sub-tasks: progress is reported in these, and its state follows from theirs. ``lead`` and
    ``support`` are keys of bodies, ``lead`` None where the plan leaves it to the city. ``percent`` is the mean of what
    the leading organisations reported last. A task that a later version of the plan no longer has is ended, not
    deleted.
    """

    class Kind(models.TextChoices):
        """Where in the plan it stands."""

        TASK = "task", _("重点任务")
        MEASURE = "measure", _("保障措施")

    plan_id = models.CharField(_("方案编号"), max_length=80)
    key = models.CharField(_("编号"), max_length=40)
    version_hash = models.CharField(_("方案版本"), max_length=64)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    gathers = models.BooleanField(_("有分任务"), default=False)
    position = models.PositiveIntegerField(_("次序"))
    part = models.CharField(max_length=80, blank=True)
    part_zh = models.CharField(_("行动"), max_length=120, blank=True)
    part_en = models.CharField(max_length=200, blank=True)
    title_zh = models.CharField(_("任务"), max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    clause = models.CharField(_("条款"), max_length=80)
    quotes: Any = models.JSONField(_("正文原句"), default=list)
    sectors: Any = models.JSONField(_("行业"), default=list, blank=True)
    note_zh = models.TextField(_("说明"), blank=True)
    note_en = models.TextField(blank=True)
    lead: Any = models.JSONField(_("方案写的牵头"), null=True, blank=True)
    support: Any = models.JSONField(_("方案写的配合"), default=list, blank=True)
    state = models.CharField(_("状态"), max_length=12, default="unclaimed", db_index=True)
    percent = models.PositiveIntegerField(_("进度"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan_id", "key"], name="duty_once_a_plan"),)
        ordering = ("plan_id", "position")
        verbose_name = _("任务")

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def title(self) -> str:
        """What it is, in the language of the page."""
        return (self.title_en if english() else "") or self.title_zh

    @property
    def part_title(self) -> str:
        """The action (行动) of the plan it belongs to, in the language of the page; empty for measures."""
        return (self.part_en if english() else "") or self.part_zh

    @property
    def note(self) -> str:
        """What the plan file says besides, in the language of the page."""
        return (self.note_en if english() else "") or self.note_zh

    @property
    def asked(self) -> bool:
        """Whether the plan leaves it to the city who leads."""
        return self.lead is None


class Milestone(models.Model):
    """A point the plan dates (节点); one of every year is one for each year. Reached is what was noted last."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="milestones")
    title_zh = models.CharField(_("节点"), max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    due = models.DateField(_("日期"))
    reached_on = models.DateField(_("达到日期"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("due", "pk")
        verbose_name = _("节点")

    def __str__(self) -> str:
        return f"{self.title} {self.due}"

    @property
    def title(self) -> str:
        """What is to be reached, in the language of the page."""
        return (self.title_en if english() else "") or self.title_zh


class MilestoneTerm(models.Model):
    """What a version of the plan said of a milestone (节点期限), from when it was adopted; the last one counts.

    Added, never changed: what was late on a day is told by the dates that were in force on it.
    """

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="terms")
    title_zh = models.CharField(_("节点"), max_length=200)
    title_en = models.CharField(max_length=300, blank=True)
    due = models.DateField(_("日期"))
    ended = models.BooleanField(_("终止"), default=False)
    recorded_at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("节点期限")

    def __str__(self) -> str:
        return f"{self.title} {self.due}"

    @property
    def title(self) -> str:
        """What is to be reached, in the language of the page."""
        return (self.title_en if english() else "") or self.title_zh


class Share(models.Model):
    """What one organisation has of a task (承担): it leads or supports, and is as far as ``state`` says.

    ``origin`` tells whether the plan names it, it offered itself, or the city assigned it. ``person`` is who looks
    after it there. ``since`` is the day from which progress is owed.
    """

    class Role(models.TextChoices):
        """What it answers for."""

        LEAD = "lead", _("牵头")
        SUPPORT = "support", _("配合")

    class Origin(models.TextChoices):
        """How it came to it."""

        PLAN = "plan", _("方案写明")
        CLAIMED = "claimed", _("主动认领")
        ASSIGNED = "assigned", _("市里指定")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("承担单位")
    )
    role = models.CharField(_("承担方式"), max_length=8, choices=Role)
    origin = models.CharField(_("来由"), max_length=8, choices=Origin)
    state = models.CharField(_("状态"), max_length=12, default="unclaimed")
    person = models.CharField(_("责任人"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    percent = models.PositiveIntegerField(_("进度"), null=True, blank=True)
    since = models.DateField(_("承担日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["duty", "organisation"], name="share_once_a_duty"),)
        ordering = ("role", "pk")  # lead comes before support
        verbose_name = _("承担")

    def __str__(self) -> str:
        return f"{self.organisation} {self.duty.key}"

    def scope_columns(self) -> dict[str, Any]:
        """Return whose the rows about this share are: the organisation's, and of its managing unit."""
        return {"org_id": self.organisation_id, "manager_code": self.organisation.manager_code}


class Recorded(Scoped):
    """Something handed in or noted: added with who and when, never changed (D16)."""

    append_only = True

    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta(Scoped.Meta):
        abstract = True


class ShareStep(Recorded):
    """A step taken with a share (办理), by ``steps.csv``."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="steps")
    kind = models.CharField(_("办理"), max_length=16)
    state = models.CharField(_("状态"), max_length=12)
    comment = models.CharField(_("意见"), max_length=500, blank=True)

    class Meta(Recorded.Meta):
        ordering = ("pk",)
        verbose_name = _("任务办理")

    def __str__(self) -> str:
        return f"{self.share_id} {self.kind}"


class Report(Recorded):
    """The progress of a month as an organisation reported it (月度进展); the last one of a month counts.

    ``figures`` are what it counts, as ``[name, value, unit]``. A later one of the same month says why (``reason``).
    """

    share = models.ForeignKey(Share, models.PROTECT, related_name="reports")
    month = models.DateField(_("月份"))
    text = models.TextField(_("进展"))
    percent = models.PositiveIntegerField(_("进度"))
    figures: Any = models.JSONField(_("数据"), default=list, blank=True)
    reason = models.CharField(_("更正原因"), max_length=200, blank=True)

    class Meta(Recorded.Meta):
        indexes = (models.Index(fields=["share", "month"], name="report_of_share"),)
        ordering = ("pk",)
        verbose_name = _("月度进展")

    def __str__(self) -> str:
        return f"{self.share_id} {self.month:%Y-%m}"


class MilestoneStep(Recorded):
    """A milestone noted as reached on a day, or that taken back (节点登记)."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="steps")
    reached_on = models.DateField(_("达到日期"), null=True, blank=True)
    text = models.CharField(_("说明"), max_length=500, blank=True)

    class Meta(Recorded.Meta):
        ordering = ("pk",)
        verbose_name = _("节点登记")

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.reached_on}"


class Evidence(Recorded):
    """A file that proves a report or a milestone (佐证材料), kept under the hash of its content."""

    originals = ("content_hash",)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="files")
    milestone_step = models.ForeignKey(MilestoneStep, models.PROTECT, null=True, blank=True, related_name="files")
    file_name = models.CharField(_("文件"), max_length=200)
    content_hash = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("大小"))

    class Meta(Recorded.Meta):
        ordering = ("pk",)
        verbose_name = _("佐证材料")

    def __str__(self) -> str:
        return self.file_name


class Remark(Recorded):
    """A comment on a task (意见) or the answer to one; on a share it is that organisation's to read too."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="remarks")
    share = models.ForeignKey(Share, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.CharField(_("内容"), max_length=1000)
    office = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta(Recorded.Meta):
        ordering = ("pk",)
        verbose_name = _("任务意见")

    def __str__(self) -> str:
        return self.text[:40]


class Call(Recorded):
    """A reminder that was sent about a task (催办): by which rule, what for, in which stage, to how many people."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="calls")
    share = models.ForeignKey(Share, models.PROTECT, null=True, blank=True, related_name="calls")
    rule = models.CharField(_("规则"), max_length=16)
    about = models.CharField(_("事项"), max_length=40)
    due = models.DateField(_("期限"))
    stage = models.CharField(_("阶段"), max_length=16)
    people = models.PositiveIntegerField(_("送达人数"), default=0)

    class Meta(Recorded.Meta):
        indexes = (models.Index(fields=["share", "due"], name="call_of_share"),)
        ordering = ("pk",)
        verbose_name = _("催办")

    def __str__(self) -> str:
        return f"{self.duty_id} {self.stage}"

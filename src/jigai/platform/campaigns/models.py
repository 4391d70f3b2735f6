"""A survey, who should report in it, and everything that happened with each of them."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Campaign(models.Model):
    """A survey of equipment (摸排): which enterprises, until when, and what they are told.

    ``units`` are codes of managing units and ``industries`` divisions (行业大类) it is limited to, empty for all.
    ``year`` is the above-scale list it goes by. What came into a ledger from ``counts_from`` on counts as filled in.
    ``facts_year`` is the year whose annual figures must be reported too, if any. ``record_hash`` and ``book_hash``
    name what was kept when it was closed: the data and the workbook.
    """

    class Status(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("筹备")
        RUNNING = "running", _("进行中")
        CLOSED = "closed", _("已结束")

    name = models.CharField(_("名称"), max_length=120)
    year = models.PositiveIntegerField(_("规上名单年度"))
    units: Any = models.JSONField(_("管理主体"), default=list, blank=True)
    industries: Any = models.JSONField(_("行业大类"), default=list, blank=True)
    counts_from = models.DateField(_("台账起算日"))
    deadline = models.DateField(_("报送期限"))
    instructions = models.TextField(_("填报要求"), blank=True)
    contact = models.CharField(_("联系人和电话"), max_length=100, blank=True)
    facts_year = models.PositiveIntegerField(_("年度数据"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    started_by = models.CharField(_("开始人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.CharField(_("结束人"), max_length=150, blank=True)
    record_hash = models.CharField(max_length=64, blank=True)
    book_hash = models.CharField(max_length=64, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("摸排")

    def __str__(self) -> str:
        return self.name


class Deadline(models.Model):
    """A deadline of a survey as it was set (报送期限): the first at the start, every later one with its reason."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deadlines")
    day = models.DateField(_("报送期限"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("报送期限")

    def __str__(self) -> str:
        return self.day.isoformat()


class Entry(Scoped):
    """A site that should report in a survey (应报对象), as it was listed; taken off only with a reason, never deleted.

    ``listed_as``, ``listed_code``, ``listed_manager`` are its name, credit code and managing unit when it was listed.
    Not everyone who sees the site sees the legal person, so nothing is read through that. ``due`` is a deadline of
    its own. ``final`` is what counted when the survey was closed.
    """

    class Source(models.TextChoices):
        """Why it is on the list."""

        ABOVE_SCALE = "above_scale", _("规上名单")
        NAMED = "named", _("点名列入")
        AMENDED = "amended", _("开始后增列")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="entries")
    legal_person = models.ForeignKey("enterprises.LegalPerson", models.PROTECT, related_name="+")
    source = models.CharField(_("来源"), max_length=12, choices=Source)
    reason = models.CharField(_("列入原因"), max_length=200, blank=True)
    listed_as = models.CharField(_("列入时名称"), max_length=250)
    listed_code = models.CharField(_("列入时信用代码"), max_length=18)
    listed_manager = models.CharField(_("列入时管理主体"), max_length=12)
    industry_code = models.CharField(_("行业小类"), max_length=4, blank=True)
    listed_at = models.DateTimeField(_("列入时间"))
    listed_by = models.CharField(_("列入人"), max_length=150)
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True)
    removed_by = models.CharField(_("移出人"), max_length=150, blank=True)
    removed_reason = models.CharField(_("移出原因"), max_length=200, blank=True)
    due = models.DateField(_("单独期限"), null=True, blank=True)
    final: Any = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["campaign", "site"], name="site_once_a_survey"),)
        ordering = ("pk",)
        verbose_name = _("应报对象")

    def __str__(self) -> str:
        return self.listed_as

    @property
    def deadline(self) -> Any:
        """Until when it should report: its own deadline, else that of the survey."""
        return self.due or self.campaign.deadline


class Step(Scoped):
    """Something that was done with an entry (办理): reported, taken back, sent back, verified, extended (D16).

    ``kind`` is a key of ``steps.csv``, ``state`` one of ``states.csv`` or empty. A report keeps by ``content_hash``
    which devices in which states it was about, and what they came to in ``figures``; ``nothing`` reports that there
    is no such equipment. ``late`` is true where it came after the deadline then in force.
    """

    append_only = False  # the scope columns move with the site
    COMMENT: Final = 500

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="steps")
    kind = models.CharField(_("办理"), max_length=12)
    state = models.CharField(_("状态"), max_length=12, blank=True)
    comment = models.CharField(_("意见"), max_length=COMMENT, blank=True)
    due = models.DateField(_("期限"), null=True, blank=True)
    nothing = models.BooleanField(_("无此类设备"), default=False)
    late = models.BooleanField(_("逾期"), default=False)
    content_hash = models.CharField(max_length=64, blank=True)
    figures: Any = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("办理人"), max_length=150)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["entry", "id"], name="step_of_entry"),)
        ordering = ("pk",)
        verbose_name = _("摸排办理")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"


class Note(Scoped):
    """Something noted about an entry (记录): a call, a comment on a device or a file, a spot check, an answer."""

    class Kind(models.TextChoices):
        """What it is; calls are for the authorities alone."""

        CALL = "call", _("电话")
        COMMENT = "comment", _("核对意见")
        MATCHES = "matches", _("抽查相符")
        DIFFERS = "differs", _("抽查不符")
        ANSWER = "answer", _("企业答复")

    append_only = False  # the scope columns move with the site

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="notes")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    device = models.ForeignKey("ledger.Device", models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200, blank=True)
    text = models.CharField(_("内容"), max_length=500, blank=True)
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["entry", "kind"], name="note_of_entry"),)
        ordering = ("pk",)
        verbose_name = _("摸排记录")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind}"


class Reminder(Scoped):
    """A reminder that was sent to an entry (提醒) and how many it reached: by hand by somebody, or by a ``stage``."""

    append_only = False  # the scope columns move with the site

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reminders")
    stage = models.CharField(_("方式"), max_length=20, blank=True)
    state = models.CharField(_("当时状态"), max_length=12)
    people = models.PositiveIntegerField(_("送达人数"), default=0)
    recorded_at = models.DateTimeField(_("时间"))
    recorded_by = models.CharField(_("发送人"), max_length=150, blank=True)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["entry", "id"], name="reminder_of_entry"),)
        verbose_name = _("摸排提醒")

    def __str__(self) -> str:
        return f"{self.entry_id} {self.recorded_at:%Y-%m-%d}"

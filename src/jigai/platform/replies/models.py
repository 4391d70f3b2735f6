"""Photos of devices, objections to findings with every step taken, and checks at the site with every answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Photo(Scoped):
    """A picture of a device (照片): the original by its hash, untouched, and a small one without any of its data.

    ``taken_at`` is what the camera wrote, null where it wrote nothing; ``latitude`` and ``longitude`` [degrees] are
    shown to the enterprise and its managing unit only. A photo is never deleted: it is withdrawn with a reason.
    """

    originals = ("content_hash", "preview_hash")

    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="photos")
    key = models.CharField(max_length=40, blank=True)
    content_hash = models.CharField(max_length=64)
    preview_hash = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file_name = models.CharField(_("文件"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    camera = models.CharField(_("拍摄设备"), max_length=80, blank=True)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    received_by = models.CharField(_("上传人"), max_length=150)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["device"], name="photo_of_device"),)
        constraints = (
            models.UniqueConstraint(fields=["device", "key"], condition=~models.Q(key=""), name="photo_sent_once"),
        )
        verbose_name = _("照片")

    def __str__(self) -> str:
        return self.file_name or self.content_hash[:8]


class Told(Scoped):
    """That an enterprise was told of a finding (告知), and until when it may object; one row per finding."""

    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="+")
    check_name = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    rule_id = models.CharField(max_length=80, blank=True)
    run = models.ForeignKey("screening.Run", models.PROTECT, related_name="+")
    told_on = models.DateField(_("告知日"))
    due = models.DateField(_("异议期限"))
    certain = models.BooleanField(default=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(fields=["device", "check_name", "outcome", "rule_id"], name="finding_told_once"),
        )
        verbose_name = _("告知")

    def __str__(self) -> str:
        return f"{self.device_id} {self.check_name} {self.told_on}"


class Objection(Scoped):
    """An objection of an enterprise to one finding in force (异议).

    What was objected to is frozen: the ``finding`` as it stood, the ``run`` it came from, the verdict of the device.
    ``state`` is a key of ``states.csv``, ``reason`` one of ``reasons.csv``; ``corrected`` are attribute → value, in the
    types and units of the attribute table, ``held`` what the ledger said of them then; ``photos`` the numbers of the
    photos that prove it. ``due`` is the last day of the reply window, ``answer_due`` that of the answer; ``level`` is
    *county*, or *city* once the county was silent. ``run_after`` judged the site again because of the answer; the
    verdict it came to is ``verdict_after``.
    """

    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="objections")
    run = models.ForeignKey("screening.Run", models.PROTECT, related_name="+")
    check_name = models.CharField(_("检查"), max_length=20)
    outcome = models.CharField(_("结果"), max_length=20)
    rule_id = models.CharField(max_length=80, blank=True)
    finding: Any = models.JSONField(default=dict)
    verdict_before = models.CharField(_("原结论"), max_length=20, blank=True)
    reason = models.CharField(_("理由"), max_length=20)
    words = models.TextField(_("说明"))
    corrected: Any = models.JSONField(default=dict, blank=True)
    held: Any = models.JSONField(default=dict, blank=True)
    photos: Any = models.JSONField(default=list, blank=True)
    told_on = models.DateField(_("告知日"), null=True, blank=True)
    due = models.DateField(_("异议期限"), null=True, blank=True)
    late = models.BooleanField(_("逾期提出"), default=False)
    state = models.CharField(_("状态"), max_length=16)
    level = models.CharField(_("答复单位"), max_length=8, default="county")
    answer_due = models.DateField(_("答复期限"))
    filed_at = models.DateTimeField(_("提出时间"))
    filed_by = models.CharField(_("提出人"), max_length=150)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.CharField(_("答复人"), max_length=150, blank=True)
    run_after = models.ForeignKey("screening.Run", models.PROTECT, null=True, blank=True, related_name="+")
    verdict_after = models.CharField(_("答复后结论"), max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        indexes = (
            models.Index(fields=["device", "state"], name="objection_of_device"),
            models.Index(fields=["state", "answer_due"], name="objection_by_due"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["device", "check_name", "rule_id"],
                condition=models.Q(state__in=("open", "late", "asked")),
                name="one_open_objection",
            ),
        )
        verbose_name = _("异议")

    def __str__(self) -> str:
        return f"{self.device} {self.check_name}"


class ObjectionStep(Scoped):
    """A step taken with an objection (办理记录): who, when, what was written; never changed."""

    append_only = False  # the scope columns move with the site

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    words = models.TextField(blank=True)
    photos: Any = models.JSONField(default=list, blank=True)
    changed: Any = models.JSONField(default=dict, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    organisation = models.CharField(max_length=120, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("pk",)
        verbose_name = _("办理记录")

    def __str__(self) -> str:
        return f"{self.objection_id} {self.step}"


class SiteCheck(Scoped):
    """A round through a site to look at devices (现场核对): open, or closed with a run that judges the site again."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("核对中")
        CLOSED = "closed", _("已结束")

    run = models.ForeignKey("screening.Run", models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("建表时间"))
    opened_by = models.CharField(_("建表人"), max_length=150)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    run_after = models.ForeignKey("screening.Run", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(fields=["site"], condition=models.Q(state="open"), name="one_open_check"),
        )
        ordering = ("-pk",)
        verbose_name = _("现场核对")

    def __str__(self) -> str:
        return f"{self.site.name if self.site else ''} {self.opened_at:%Y-%m-%d}"


class CheckItem(Scoped):
    """A device on a site list (待核设备).

    ``why`` is a key of ``whys.csv``; ``looks`` are the frozen sentences (``check, read, zh, en``), ``asks`` the
    attributes to read; ``found`` is a key of ``founds.csv``, empty until someone answered. ``contested`` is set when
    two people answered differently, until one of them has looked again.
    """

    site_check = models.ForeignKey(SiteCheck, models.PROTECT, related_name="items")
    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    why = models.CharField(max_length=12)
    looks: Any = models.JSONField(default=list)
    asks: Any = models.JSONField(default=list)
    found = models.CharField(max_length=12, blank=True)
    contested = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["site_check", "device"], name="device_once_a_check"),)
        indexes = (models.Index(fields=["site_check", "place"], name="item_in_order"),)
        ordering = ("place",)
        verbose_name = _("待核设备")

    def __str__(self) -> str:
        return str(self.device)


class CheckAnswer(Scoped):
    """What one person read at one device (核对记录); every answer stays. ``key`` is what the phone sent it under."""

    append_only = False  # the scope columns move with the site

    item = models.ForeignKey(CheckItem, models.PROTECT, related_name="answers")
    key = models.CharField(max_length=40)
    found = models.CharField(max_length=12)
    values: Any = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=200, blank=True)
    photos: Any = models.JSONField(default=list, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["item", "key"], name="answer_sent_once"),)
        ordering = ("pk",)
        verbose_name = _("核对记录")

    def __str__(self) -> str:
        return f"{self.item_id} {self.found}"

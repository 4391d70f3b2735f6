"""Devices, every state of each, and the lines of which people must say which device they are."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.ledger.identifiers import identifier
from jigai.platform.walls.models import Scoped


class Device(Scoped):
    """A machine, or the machines of one ledger line (设备), with a copy of what is in force.

    What lists filter and add up stands in columns, everything else in ``values`` (attribute → value). ``said_hash``
    tells whether a later line says anything new, ``row_id`` is the line that named it last. ``run_id`` and what stands
    below it come from the run in force: the verdict and the first outcome of each check, empty before the first run.
    ``held`` is true when something hangs on this very machine (photo, reply, case), so that it must not be mixed up
    with one like it. ``silent_since`` is set when a whole ledger of the site no longer names it; ``gone_at`` when a
    person said that it is gone.
    """

    legal_person = models.ForeignKey(
        "enterprises.LegalPerson", models.PROTECT, related_name="devices", verbose_name=_("企业")
    )
    line = models.ForeignKey("enterprises.Line", models.PROTECT, null=True, blank=True, verbose_name=_("产线"))
    code = models.CharField(_("设备编号"), max_length=80, blank=True)
    serial_no = models.CharField(_("出厂编号"), max_length=80, blank=True)
    name = models.CharField(_("设备名称"), max_length=200, blank=True)
    model = models.CharField(_("规格型号"), max_length=200, blank=True)
    maker = models.CharField(_("制造厂家"), max_length=200, blank=True)
    workshop = models.CharField(_("所属车间"), max_length=120, blank=True)
    location = models.CharField(_("安装地点"), max_length=120, blank=True)
    kind = models.CharField(_("设备种类"), max_length=60, blank=True, db_index=True)
    industry_code = models.CharField(_("行业小类"), max_length=4, blank=True, db_index=True)
    quantity = models.PositiveIntegerField(_("数量"), null=True, blank=True)
    use_state = models.CharField(_("使用状态"), max_length=20, blank=True)
    made_year = models.PositiveIntegerField(_("出厂年份"), null=True, blank=True)
    in_service_year = models.PositiveIntegerField(_("投用年份"), null=True, blank=True)
    power_kw = models.FloatField(_("额定功率"), null=True, blank=True)
    capacity_kva = models.FloatField(_("额定容量"), null=True, blank=True)
    values: Any = models.JSONField(_("其他参数"), default=dict, blank=True)
    said_hash = models.CharField(max_length=32)
    row_id = models.CharField(max_length=200)
    run_id = models.BigIntegerField(null=True, blank=True)
    verdict = models.CharField(_("结论"), max_length=20, blank=True, db_index=True)
    missing = models.CharField(_("缺少"), max_length=300, blank=True)
    elimination = models.CharField(_("淘汰目录"), max_length=16, blank=True)
    guidance = models.CharField(_("产业结构调整指导目录"), max_length=16, blank=True)
    efficiency = models.CharField(_("能效"), max_length=16, blank=True)
    service_life = models.CharField(_("服役年限"), max_length=16, blank=True)
    two_high = models.CharField(_("两高"), max_length=16, blank=True)
    held = models.BooleanField(default=False)
    silent_since = models.DateTimeField(_("未再上报"), null=True, blank=True)
    gone_at = models.DateTimeField(_("已不在"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Scoped.Meta):
        indexes = (
            models.Index(fields=["site", "gone_at"], name="device_of_site"),
            models.Index(fields=["manager_code", "id"], name="device_of_unit"),
        )
        verbose_name = _("设备")

    def __str__(self) -> str:
        return self.name or self.model or self.identifier

    @property
    def identifier(self) -> str:
        """The identifier on its label (设备标识)."""
        return identifier(self.pk)


class Act(Scoped):
    """One thing a person did to devices of a site (设备登记), with all states it brought; it can be taken back.

    ``what`` is *claim*, *new*, *not_ours* (answers about a line), *gone*, *moved*, *still* (answers about a silent
    device), *split*, *merge*, *edit*, *line* or *bulk* (files taken in together). ``details`` has what belongs to it:
    the day and the disposal record, the buyer, and what taking it back restores beside the states (``silent``: device
    → since when, ``silenced``: devices a whole ledger no longer named, ``from_site``, ``from_line``).
    """

    what = models.CharField(max_length=12)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    details: Any = models.JSONField(default=dict, blank=True)
    bulk = models.ForeignKey("ledger.Bulk", models.PROTECT, null=True, blank=True, related_name="acts")
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("设备登记")

    def __str__(self) -> str:
        return f"{self.what} {self.recorded_at:%Y-%m-%d %H:%M}"


class DeviceState(Scoped):
    """What was said of a device at one moment (设备状态); never changed (D16).

    ``values`` has every attribute, ``cells`` the cell each came from. ``how`` says what brought it: *upload*, *entry*,
    *edit*, *reply*, *split*, *merge*, *gone*, *moved*, *still*, *back*. ``act`` names it together with the states of
    other devices that the same step brought: the parts of a split, the machines that were one.
    """

    append_only = False  # superseded_at is set once, when the next state comes; scope columns move with the site

    device = models.ForeignKey(Device, models.PROTECT, related_name="states")
    values: Any = models.JSONField(default=dict)
    cells: Any = models.JSONField(default=dict, blank=True)
    how = models.CharField(max_length=12)
    act = models.ForeignKey(Act, models.PROTECT, null=True, blank=True, related_name="states")
    upload = models.ForeignKey("imports.Upload", models.PROTECT, null=True, blank=True, related_name="+")
    source_file = models.CharField(_("来源文件"), max_length=200, blank=True)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True, blank=True)
    row_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["device", "superseded_at"], name="state_of_device"),)
        verbose_name = _("设备状态")

    def __str__(self) -> str:
        return f"{self.device_id} {self.recorded_at:%Y-%m-%d}"


class OpenLine(Scoped):
    """A ledger line of which a person must say which device it is (待认领台账行).

    ``why`` is *reused* (its number stood on another machine) or *several* (more than one fits); ``candidates`` are
    the devices it may be. It is open until ``settled_at``; ``settled`` is the device it became, null where it is not
    the site's (``act`` says why).
    """

    upload = models.ForeignKey("imports.Upload", models.PROTECT, null=True, blank=True, related_name="+")
    row_id = models.CharField(max_length=200)
    values: Any = models.JSONField(default=dict)
    cells: Any = models.JSONField(default=dict, blank=True)
    source_file = models.CharField(_("来源文件"), max_length=200, blank=True)
    sheet = models.CharField(_("工作表"), max_length=120, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True, blank=True)
    why = models.CharField(max_length=12)
    candidates: Any = models.JSONField(default=list)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=150)
    settled = models.ForeignKey(Device, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=150, blank=True)
    act = models.ForeignKey(Act, models.PROTECT, null=True, blank=True, related_name="lines")

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["site", "settled_at"], name="open_line_of_site"),)
        verbose_name = _("待认领台账行")

    def __str__(self) -> str:
        return f"{self.source_file} {self.sheet} {self.row}"


class Bulk(Scoped):
    """Many ledger files handed in at once (批量上传): read, given to their sites, taken in, screened."""

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", _("识别中")
        OPEN = "open", _("待确认")
        TAKING = "taking", _("入库中")
        DONE = "done", _("已入库")
        UNDONE = "undone", _("已撤销")

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.READING)
    sent_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    sent_by = models.CharField(_("上传人"), max_length=150)
    job_id = models.BigIntegerField(null=True, blank=True)
    run_id = models.BigIntegerField(null=True, blank=True)
    slips_job_id = models.BigIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        ordering = ("-pk",)
        verbose_name = _("批量上传")

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"


class BulkFile(Scoped):
    """One file of a bulk (批量上传的文件).

    ``content_hash`` finds the original, ``reading`` the lines as they were read. ``proposal`` says whose it may be and
    by which sign; ``for_site`` is the site a person (or a sure sign) gave it to. ``result`` is what came of taking in.
    """

    originals = ("content_hash", "reading")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("待识别")
        OPENED = "opened", _("已展开")
        READ = "read", _("已识别")
        REFUSED = "refused", _("没读成")
        SKIPPED = "skipped", _("不用")
        TAKEN = "taken", _("已入库")
        UNDONE = "undone", _("已撤销")

    bulk = models.ForeignKey(Bulk, models.PROTECT, related_name="files")
    file_name = models.CharField(_("文件"), max_length=300)
    content_hash = models.CharField(max_length=64)
    reading = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.WAITING)
    lines = models.PositiveIntegerField(_("行"), default=0)
    errors = models.PositiveIntegerField(_("不能用的单元格"), default=0)
    questions = models.PositiveIntegerField(_("要回答的"), default=0)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    proposal: Any = models.JSONField(default=dict, blank=True)
    for_site = models.ForeignKey("enterprises.Site", models.PROTECT, null=True, blank=True, related_name="+")
    result: Any = models.JSONField(default=dict, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("pk",)
        verbose_name = _("批量上传的文件")

    def __str__(self) -> str:
        return self.file_name


class ReturnSlip(Scoped):
    """What an enterprise is asked to put right in a ledger file (退回单): in its scope, whoever handed the file in.

    ``wanted`` is one sentence, ``content_hash`` names the zip with the marked copy and the list of problems.
    ``seen_at`` is when the enterprise first opened it; ``answered_at`` when a later ledger of the site came in.
    """

    originals = ("content_hash",)

    file = models.ForeignKey(BulkFile, models.PROTECT, related_name="slips")
    file_name = models.CharField(_("文件"), max_length=300)
    content_hash = models.CharField(max_length=64)
    wanted = models.CharField(_("要做什么"), max_length=300)
    sent_at = models.DateTimeField(_("发出时间"))
    sent_by = models.CharField(_("发出人"), max_length=150)
    told = models.PositiveIntegerField(_("通知人数"), default=0)
    seen_at = models.DateTimeField(_("查看时间"), null=True, blank=True)
    seen_by = models.CharField(_("查看人"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("重报时间"), null=True, blank=True)

    class Meta(Scoped.Meta):
        verbose_name = _("退回单")

    def __str__(self) -> str:
        return self.file_name

    @property
    def state(self) -> str:
        """How far it is: *sent*, *seen*, *answered*."""
        return "answered" if self.answered_at else "seen" if self.seen_at else "sent"

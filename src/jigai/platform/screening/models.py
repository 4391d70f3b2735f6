"""Runs, of the run in force at each site the findings that need someone (D17), and what must go and what went."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Run(Scoped):
    """One screening of the devices of some sites on a day (筛查), repeatable by its hashes.

    ``sites`` are the numbers of the sites it covers. ``input_hash`` is of what was judged, ``output_hash`` names the
    folder of what was said; ``totals`` counts lines and machines by verdict. A rehearsal (试算) is never in force.

    ``basis`` is shared by runs that judge the same line alike: ``packages`` (content hashes, in their order) are those
    it judged by beside the shipped data; ``change_id`` the proposed change of the standards library it rehearses.
    ``afresh``: nothing was taken over from former runs; else ``reused`` counts the lines that were, and ``same`` names
    the sites that came out as before, with the run that said so. ``comparison_hash`` names the folder of whom a
    rehearsal hits. ``replayed`` is what computing it again came to.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("排队中")
        JUDGED = "judged", _("已判定")
        DONE = "done", _("完成")

    title = models.CharField(_("名称"), max_length=200)
    as_of = models.DateField(_("判定日"))
    rehearsal = models.BooleanField(_("试算"), default=False)
    sites: Any = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.WAITING)
    engine_version = models.CharField(max_length=40, blank=True)
    reference_hash = models.CharField(max_length=64, blank=True)
    basis = models.CharField(max_length=64, blank=True)
    packages: Any = models.JSONField(default=list, blank=True)
    change_id = models.BigIntegerField(null=True, blank=True)
    afresh = models.BooleanField(_("全部重判"), default=False)
    reused = models.PositiveIntegerField(_("沿用"), default=0)
    same: Any = models.JSONField(default=dict, blank=True)
    comparison_hash = models.CharField(max_length=64, blank=True)
    replayed: Any = models.JSONField(default=dict, blank=True)
    input_hash = models.CharField(max_length=64, blank=True)
    output_hash = models.CharField(max_length=64, blank=True)
    totals: Any = models.JSONField(default=dict, blank=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    started_by = models.CharField(_("发起人"), max_length=150)

    class Meta(Scoped.Meta):
        ordering = ("-pk",)
        verbose_name = _("筛查")

    def __str__(self) -> str:
        return self.title


class SiteRun(Scoped):
    """Which run is in force at a site (现行筛查); one row per site and change, the former ones stay."""

    append_only = False  # superseded_at is set once; the scope columns move with the site

    run = models.ForeignKey(Run, models.PROTECT, related_name="in_force")
    since = models.DateTimeField(_("起用时间"))
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scoped.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["site"], condition=models.Q(superseded_at__isnull=True), name="one_run_in_force"
            ),
        )
        verbose_name = _("现行筛查")

    def __str__(self) -> str:
        return f"{self.site_id}: {self.run_id}"


class Finding(Scoped):
    """A finding of the run in force that needs someone (判定): adverse, or open with what is missing.

    The same words as the command line's ``findings.parquet``; all findings of a run stand there.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="findings")
    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="findings")
    check_name = models.CharField(_("检查"), max_length=20)
    outcome = models.CharField(_("结果"), max_length=20)
    mandatory = models.BooleanField(_("强制"), default=False)
    basis = models.CharField(max_length=12, blank=True)
    rule_id = models.CharField(max_length=80, blank=True)
    document = models.CharField(_("依据文件"), max_length=200, blank=True)
    clause = models.CharField(_("条款"), max_length=80, blank=True)
    certainty = models.CharField(max_length=12, blank=True)
    metric = models.CharField(max_length=60, blank=True)
    value = models.FloatField(null=True, blank=True)
    limit = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    missing = models.CharField(_("缺少"), max_length=300, blank=True)
    deadline = models.CharField(_("期限"), max_length=20, blank=True)
    reason_zh = models.TextField()
    reason_en = models.TextField()
    dataset = models.CharField(max_length=80, blank=True)

    class Meta(Scoped.Meta):
        indexes = (
            models.Index(fields=["device"], name="finding_of_device"),
            models.Index(fields=["check_name", "outcome"], name="finding_by_outcome"),
            models.Index(fields=["dataset", "rule_id"], name="finding_by_rule"),
        )
        verbose_name = _("判定")

    def __str__(self) -> str:
        return f"{self.device_id} {self.check_name} {self.outcome}"


class ObsoleteStep(Scoped):
    """A step in the list of what must go (应淘汰清单): machines found, closed, withdrawn (D1, D10).

    Only ever added to: of each device the numbers of its steps add up, so the list of any day is the sum of the steps
    recorded by then; what is open is found − closed − withdrawn. ``what`` says why the step was taken: *found*
    (a run in force says must_replace), *withdrawn* (a later run no longer says it, since data or facts were put right),
    *closed* (gone, with ``on`` and ``proof``), *reopened*, *split* and *merge* (the machines went to or came from
    another device), *undone* (an act was taken back). ``run`` and ``found_on`` are of the run that first found the
    machines; they go along when machines go to another device.
    """

    append_only = False  # the scope columns move with the site

    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="obsolete_steps")
    what = models.CharField(_("事项"), max_length=12)
    found = models.IntegerField(_("发现台数"), default=0)
    closed = models.IntegerField(_("淘汰台数"), default=0)
    withdrawn = models.IntegerField(_("撤销台数"), default=0)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="+")
    found_on = models.DateField(_("发现日期"), null=True, blank=True)
    act = models.ForeignKey("ledger.Act", models.PROTECT, null=True, blank=True, related_name="obsolete_steps")
    on = models.DateField(_("淘汰日期"), null=True, blank=True)
    proof = models.CharField(_("凭据"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"), db_index=True)
    recorded_by = models.CharField(_("记录人"), max_length=150)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["device", "id"], name="obsolete_step_of_device"),)
        verbose_name = _("应淘汰清单")

    def __str__(self) -> str:
        return f"{self.device_id} {self.what}"


class RestsOn(Scoped):
    """A rule on which a judgement rests that needs nobody (依据): a grade reached, a service life not over.

    It tells that device and rule belong together, so that a row of a standard can show all its devices; what was found
    stands in the files of the run in force. Judgements that need someone are :class:`Finding` and not repeated here.
    """

    device = models.ForeignKey("ledger.Device", models.PROTECT, related_name="rests_on")
    dataset = models.CharField(max_length=80)
    rule_id = models.CharField(max_length=80)
    check_name = models.CharField(_("检查"), max_length=20)
    outcome = models.CharField(_("结果"), max_length=20)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["dataset", "rule_id", "device"], name="resting_by_rule"),)
        verbose_name = _("依据")

    def __str__(self) -> str:
        return f"{self.device_id} {self.dataset} {self.rule_id}"

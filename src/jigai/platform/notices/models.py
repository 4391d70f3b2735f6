"""Notices and how they went out: one outbox for everything the site tells people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jigai.platform.walls.models import Scoped


class Notice(Scoped):
    """Something one person is told (通知), in one of their posts, read or not.

    ``sending`` is shared by the copies of one sending. ``key`` says what it is about: the same person is not told
    the same thing twice.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", verbose_name=_("收件人"))
    sending = models.UUIDField(db_index=True)
    key = models.CharField(max_length=200, null=True, blank=True)
    kind = models.CharField(_("类别"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("内容"), blank=True)
    url = models.CharField(_("去处"), max_length=300, blank=True)
    due = models.DateField(_("期限"), null=True, blank=True)
    sender = models.CharField(_("发送人"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta(Scoped.Meta):
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="told_once"),)
        indexes = (models.Index(fields=["user", "read_at", "-id"], name="notice_of_user"),)
        ordering = ("-pk",)
        verbose_name = _("通知")

    def __str__(self) -> str:
        return self.title


class Delivery(Scoped):
    """A notice on its way out of the site (投递): by mail to one person, or as a file for another system."""

    class Channel(models.TextChoices):
        """By which way."""

        MAIL = "mail", _("邮件")
        FILE = "file", _("文件")

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        GIVEN_UP = "given_up", _("放弃")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    error = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta(Scoped.Meta):
        indexes = (models.Index(fields=["state", "next_at"], name="delivery_waiting"),)
        verbose_name = _("通知投递")

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id}"


class Preference(models.Model):
    """Whether a person wants one kind of notice by mail as well (通知方式)."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    mail = models.BooleanField()

    class Meta:
        base_manager_name = "objects"
        constraints = (models.UniqueConstraint(fields=["user", "kind"], name="preference_once"),)
        verbose_name = _("通知方式")

    def __str__(self) -> str:
        return self.kind

"""People and the organisations they act for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.roles import Role, roles
from jigai.platform.walls.models import Scoped


def role_name(key: str) -> str:
    """Return a role's name in the language of the page."""
    role = roles()[key]
    return role.en if (get_language() or "").startswith("en") else role.zh


class Organisation(models.Model):
    """An office, bureau, enterprise, supplier, bank or expert body (单位): whoever people act for.

    ``manager_code`` is the managing unit a county bureau is, or the one an enterprise answers to.
    """

    class Kind(models.TextChoices):
        """What sort of organisation it is."""

        DEPARTMENT = "department", _("市级部门")
        COUNTY_BUREAU = "county_bureau", _("县区部门")
        LEGAL_PERSON = "legal_person", _("企业")
        SUPPLIER = "supplier", _("供应商")
        BANK = "bank", _("银行")
        EXPERT_BODY = "expert_body", _("专家机构")

    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    short = models.CharField(_("简称"), max_length=40, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    manager_code = models.CharField(_("管理主体"), max_length=12, blank=True, db_index=True)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("kind", "name")
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.short or self.name


class User(AbstractUser):
    """A person with an account (账号). What they may do comes from their memberships, never from the account."""

    first_name = last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    post = models.CharField(_("职务或科室"), max_length=60, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    password_changed_at = models.DateTimeField(_("口令修改时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("须修改初始口令"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sample = models.BooleanField(_("示例账号"), default=False)

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name, as Django's parts ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name, as Django's parts ask for it."""
        return self.name


class Membership(models.Model):
    """A role that a person holds in an organisation (任职); someone with several switches between them.

    ``sites`` narrows an enterprise role to some of its sites; empty means all.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("账号"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("单位"))
    role_key = models.CharField(_("角色"), max_length=40)
    sites: Any = models.JSONField(_("限定厂区"), default=list, blank=True)
    active = models.BooleanField(_("有效"), default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation", "role_key"], name="one_role_once"),)
        ordering = ("pk",)
        verbose_name = _("任职")

    def __str__(self) -> str:
        return f"{self.organisation} · {self.role_name}"

    @property
    def role(self) -> Role:
        """The role."""
        return roles()[self.role_key]

    @property
    def role_name(self) -> str:
        """The role's name in the language of the page."""
        return role_name(self.role_key)


class Assignment(models.Model):
    """A person belongs to an organisation (所属单位): set by the system administrator, before any role is given."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("账号"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments", verbose_name=_("单位"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation"], name="assigned_once"),)
        ordering = ("pk",)
        verbose_name = _("所属单位")

    def __str__(self) -> str:
        return str(self.organisation)


class FormerPassword(models.Model):
    """A password a person has had (曾用口令), as its hash, so that it is not taken again too soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("曾用口令")

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class SignIn(models.Model):
    """One sign-in of a person (登录会话), from the password to its end and why it ended."""

    class Ending(models.TextChoices):
        """Why a sign-in is over."""

        SIGNED_OUT = "signed_out", _("本人退出")
        LIMIT = "limit", _("同时在线数超出上限，最早的登录已退出")
        OWN = "own", _("本人在账号页结束了这次登录")
        PASSWORD = "password", _("口令已修改，其他登录全部退出")
        ADMINISTRATOR = "administrator", _("管理员结束了这次登录")
        EXPIRED = "expired", _("登录已超过有效时长")

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("账号"))
    session_key = models.CharField(max_length=40, db_index=True)
    started_at = models.DateTimeField(_("登录时间"), auto_now_add=True)
    seen_at = models.DateTimeField(_("最近操作"), auto_now_add=True)
    address = models.CharField(_("来访地址"), max_length=45, blank=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_because = models.CharField(_("结束原因"), max_length=20, choices=Ending, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("登录会话")

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class Registration(Scoped):
    """An enterprise that asks for access (企业注册申请): seen and decided by the managing unit it names.

    ``receipt`` is the hash of the word in the applicant's private link; ``password`` the hash of the password chosen.
    """

    class Status(models.TextChoices):
        """Where the request stands."""

        SUBMITTED = "submitted", _("待审批")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已通过")

    status = models.CharField(_("状态"), max_length=20, choices=Status, default=Status.SUBMITTED, db_index=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, db_index=True)
    name = models.CharField(_("企业名称"), max_length=120)
    contact = models.CharField(_("联系人"), max_length=60)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=20)
    username = models.CharField(_("登录名"), max_length=60, unique=True)
    password = models.CharField(max_length=128)
    receipt = models.CharField(max_length=64, unique=True)
    address = models.CharField(_("来访地址"), max_length=45, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"))
    due = models.DateField(_("办理期限"), null=True, blank=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    decided_by = models.CharField(_("办理人"), max_length=80, blank=True)
    reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Scoped.Meta):
        ordering = ("-pk",)
        verbose_name = _("企业注册申请")

    def __str__(self) -> str:
        return self.name


class Invitation(Scoped):
    """A one-time link by which an enterprise takes in a further hand (邀请): equipment, finance or head."""

    role_key = models.CharField(_("角色"), max_length=40)
    name = models.CharField(_("姓名"), max_length=60)
    sites: Any = models.JSONField(_("限定厂区"), default=list, blank=True)
    token = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("邀请人"))
    made_at = models.DateTimeField(_("发出时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("有效至"))
    used_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta(Scoped.Meta):
        ordering = ("-pk",)
        verbose_name = _("邀请")

    def __str__(self) -> str:
        return f"{self.name} · {role_name(self.role_key)}"

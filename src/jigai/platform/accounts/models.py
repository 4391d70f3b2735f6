"""People and the organisations they act for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jigai.platform.accounts.roles import Role, roles


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
        return self.role.en if (get_language() or "").startswith("en") else self.role.zh

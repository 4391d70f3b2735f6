"""Tokens: how another system signs in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A key by which another system acts for an organisation (接口令牌), in the role of the person who issued it.

    Only a hash is kept. ``capabilities`` are some of that role's; when the person loses the role, the token stops.
    """

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, related_name="tokens", verbose_name=_("签发人")
    )
    name = models.CharField(_("用途"), max_length=80)
    prefix = models.CharField(_("令牌开头"), max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    capabilities: Any = models.JSONField(_("权限"), default=list)
    created_at = models.DateTimeField(_("签发时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

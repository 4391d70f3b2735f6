"""What forms leave in the database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnceKey(models.Model):
    """The one-time key of a form that was sent (一次性提交码): a second submit of the same form finds it here.

    ``owner`` is who sent it, ``result`` the address the first submit led to, ``content`` a hash of what was sent
    where another content under the same key is a mistake to be told.
    """

    owner = models.CharField(max_length=150)
    key = models.CharField(max_length=40)
    result = models.CharField(max_length=300, blank=True)
    content = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="one_submit_of_a_form"),)

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """How a person wants a list: filters, order and columns under a name (视图), or the columns alone without one.

    ``key`` names the list, ``query`` is its address. ``shared`` shows it to everyone of ``org``; ``is_default`` opens
    the list with it for its owner. ``deleted`` is set instead of removing it, so that it can be brought back.
    """

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    org = models.ForeignKey("accounts.Organisation", models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=60)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("本单位可见"), default=False)
    is_default = models.BooleanField(_("默认"), default=False)
    deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "pk")
        indexes = (models.Index(fields=["key", "owner"], name="views_of_list"),)
        verbose_name = _("视图")

    def __str__(self) -> str:
        return self.name

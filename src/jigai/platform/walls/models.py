"""What every scoped table has, and the manager that shows only what is in scope."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from jigai.platform.walls.scope import Scope, current_scope

M = TypeVar("M", bound=models.Model)


def visible(scope: Scope) -> Q:
    """Return which rows of a scoped table ``scope`` sees; the same condition as the policy in the database."""
    if scope.everything:
        return Q()
    own = Q(org_id__in=scope.orgs)
    if scope.sites:
        own &= Q(site_id__isnull=True) | Q(site_id__in=scope.sites)
    return Q(manager_code__in=scope.managers - {""}) | own  # rows of no managing unit are nobody's


class ScopedManager(models.Manager[M]):
    """Shows the rows of the scope in force, whatever is asked."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return what is seen."""
        return super().get_queryset().filter(visible(current_scope()))


class Scoped(models.Model):
    """A row that belongs to someone: to a managing unit, a place, an organisation, a site (D19).

    ``manager_code`` is the managing unit (管理主体), ``place_code`` the county the place lies in (属地). ``objects``
    shows what is in scope; ``unscoped`` is for the walls, migrations and foreign keys only.
    """

    org = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    site = models.ForeignKey(
        "enterprises.Site", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="厂区"
    )
    manager_code = models.CharField("管理主体", max_length=12, db_index=True, blank=True)
    place_code = models.CharField("属地", max_length=12, db_index=True, blank=True)

    objects: models.Manager[Any] = ScopedManager()
    unscoped: models.Manager[Any] = models.Manager()

    def scope_columns(self) -> dict[str, Any]:
        """Return what a row about the same site, or else the same owner, takes over from this one."""
        return {
            "org_id": self.org_id,
            "site_id": self.site_id,
            "manager_code": self.manager_code,
            "place_code": self.place_code,
        }

    class Meta:
        abstract = True
        base_manager_name = "unscoped"
        default_manager_name = "objects"

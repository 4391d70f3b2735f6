"""Django's description of this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    """Datasets in use, packages uploaded, and who activated what (标准库)."""

    name = "jigai.platform.standards"
    label = "standards"
    verbose_name = "标准库"

    def ready(self) -> None:
        """After a migration write down which facts this release holds, so that processes of another one notice."""
        from jigai.platform.standards.sets import adopt

        post_migrate.connect(lambda using, **_: adopt(using), sender=self, weak=False, dispatch_uid="reference set")

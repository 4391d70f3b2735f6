"""Django's description of the walls."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WallsConfig(AppConfig):
    """Puts row-level security and search indexes in place after every migration."""

    name = "jigai.platform.walls"
    label = "walls"

    def ready(self) -> None:
        """Ask to be called when all tables stand."""
        from jigai.platform.postgres.lists import build_lists
        from jigai.platform.postgres.rls import build_walls
        from jigai.platform.postgres.trigram import build_indexes

        post_migrate.connect(lambda using, **_: build_walls(using), sender=self, weak=False, dispatch_uid="walls")
        post_migrate.connect(lambda using, **_: build_lists(using), sender=self, weak=False, dispatch_uid="lists")
        post_migrate.connect(lambda using, **_: build_indexes(using), sender=self, weak=False, dispatch_uid="trigram")

"""``jigai manage originals``: which files that were handed in belong to nothing, and take them away."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from jigai.platform.audit.services import record
from jigai.platform.imports.originals import GRACE_HOURS, remove, unnamed
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope


class Command(BaseCommand):
    """List the originals no row names; with ``--remove`` take them away and write that into the audit trail."""

    help = f"列出没有任何记录引用的上传原件（{GRACE_HOURS} 小时以内的不算），加 --remove 删除"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whether they are to go."""
        parser.add_argument("--remove", action="store_true", help="删除列出的文件，记入审计")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say each with its size, and what was done."""
        found = unnamed()
        for one in found:
            self.stdout.write(f"{one.size:>12,}  {one.path.name}")
        if not options["remove"] or not found:
            self.stdout.write(f"没有记录引用的原件 {len(found)} 个。")
            return
        removed = remove(found)
        actor = command("originals")
        with transaction.atomic(), use_scope(actor.scope):
            record(actor, "import.originals_removed", after={"files": [one.path.name for one in removed]})
        self.stdout.write(f"已删除 {len(removed)} 个，已记入审计。")

"""``jigai manage adopt_plan FOLDER``: make the tasks of a plan, or bring them in line with its new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from jigai.plan.file import PlanError, read_plan
from jigai.platform.duties.adopting import Differences, adopt, differences
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope


class Command(BaseCommand):
    """Adopt a plan file."""

    help = "采用一个方案文件夹（plan.yaml 和正文）生成任务；再次采用新版时先列出差异，已报进展不丢"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and whether only the differences are shown."""
        parser.add_argument("folder", type=Path, help="方案文件夹，例如 plans/panzhihua-2024")
        parser.add_argument("--dry-run", action="store_true", help="只列出差异，不采用")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what would change, and adopt it unless only asked."""
        try:
            plan = read_plan(options["folder"])
        except PlanError as error:
            raise CommandError(str(error)) from None
        actor = command("adopt a plan")
        with transaction.atomic(), use_scope(actor.scope):
            self._tell(differences(plan))
            if options["dry_run"]:
                self.stdout.write("只看差异，没有采用。")
                return
            try:
                adopt(actor, plan, timezone.now())
            except ValidationError as error:
                raise CommandError("；".join(error.messages)) from None
        self.stdout.write(f"已采用：{plan.title.zh}（{plan.content_hash[:12]}）")

    def _tell(self, found: Differences) -> None:
        for word, changes in (("新增", found.added), ("改动", found.changed), ("终止", found.ended)):
            for one in changes:
                self.stdout.write(f"{word} {one.key} {one.title}")
                for name, before, after in one.lines:
                    self.stdout.write(f"    {name}：{before} → {after}")
        points = (
            ("新增节点", found.milestones_added),
            ("改动节点", found.milestones_moved),
            ("终止节点", found.milestones_ended),
        )
        for word, lines in points:
            for line in lines:
                self.stdout.write(f"{word} {line}")
        if found.nothing:
            self.stdout.write("任务和节点没有变化。")

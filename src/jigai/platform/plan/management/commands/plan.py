"""``jigai manage plan``: bring the figures of the plan up to date, and check them against scratch."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from jigai.platform.plan import checking, refreshing
from jigai.platform.plan.work import Work, in_use
from jigai.platform.walls.scope import command_scope, use_scope

ACTIONS: Final = ("check", "refresh", "scratch")


class Command(BaseCommand):
    """Compute and check the figures of the plan."""

    stealth_options = ("work",)  # other indicators than those of this installation
    help = "规划指标：check 与从头重算比较（不一致时退出码 1），refresh 计入最近的变化，scratch 全部重算"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=ACTIONS, help="check、refresh 或 scratch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it by the indicators of this installation."""
        work: Work = options.get("work") or in_use()
        if not work.registry:
            raise CommandError("本版本还没有指标，没有可算的。")
        with transaction.atomic(), use_scope(command_scope("plan figures")):
            faults = self._do(work, options["action"], timezone.localdate())
        if faults:
            raise CommandError(
                f"共 {faults} 处不一致。可运行 jigai manage plan scratch 全部重算，并把以上内容报给开发者。"
            )

    def _do(self, work: Work, action: str, day: date) -> int:
        if action == "check":
            faults = 0
            for said in checking.differences(work, timezone.now(), day):
                self.stdout.write(said)
                faults += 1
            if not faults:
                self.stdout.write("留存的指标与从头重算一致。")
            return faults
        done = refreshing.refresh(work, timezone.now(), day, scratch=action == "scratch")
        scope = "全部重算" if done.scratch else f"重算 {done.owners} 家"
        self.stdout.write(f"{scope}，{done.rows} 行有变化。")
        return 0

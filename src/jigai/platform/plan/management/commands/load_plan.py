"""``jigai manage load_plan FOLDER``: take a city's plan in, put it in force, compute the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from jigai.plan.file import PlanError, questions
from jigai.platform.plan import loading
from jigai.platform.plan.versions import plan_of
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope


class Command(BaseCommand):
    """Load a plan folder."""

    help = "装入规划文件夹（plan.yaml 和原文），启用并按它的参数重算指标；有错时逐条指出文件和行，不改动在用的规划"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="规划文件夹，例如 plans/panzhihua-2024")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was loaded and what the plan still asks of the city."""
        actor = command("load the plan")
        try:
            with transaction.atomic(), use_scope(actor.scope):
                version = loading.load_and_compute(actor, options["folder"], timezone.now(), timezone.localdate())
                strangers = loading.strangers(plan_of(version))
        except PlanError as error:
            raise CommandError("\n".join(fault.say() for fault in error.faults)) from None
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        plan = plan_of(version)
        self.stdout.write(
            f"已启用“{version.title}”：目标 {len(plan.objectives)} 项，重点任务 {len(plan.tasks)} 项，"
            f"保障措施 {len(plan.measures)} 项；待市里确定 {len(questions(plan))} 件。指标已按它重算。"
        )
        for name in strangers:
            self.stdout.write(f"系统中没有“{name}”的代码：请在“区划园区”中加上，或改规划文件中的 code。")

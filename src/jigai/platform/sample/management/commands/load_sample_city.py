"""``jigai manage load_sample_city``: fill an empty demonstration with the sample city."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from jigai.platform.plan.loading import load_and_compute
from jigai.platform.plan.versions import shipped
from jigai.platform.sample import PASSWORD, SIZE
from jigai.platform.sample.duties import load_duties
from jigai.platform.sample.loading import NotEmptyError, load_city
from jigai.platform.standards import active
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope

PLAN = "panzhihua-2024"
"""The plan whose board the sample city shows."""


class Command(BaseCommand):
    """Load the sample city."""

    help = "装入示范城市（只用于演示环境的空库）：虚构的企业、厂区、产线、五年数据、登记册和演示账号"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, and whether a filled database is passed over in silence."""
        parser.add_argument("--size", type=int, default=SIZE, help=f"企业户数，默认 {SIZE}")
        parser.add_argument("--if-empty", action="store_true", help="库中已有企业时什么也不做")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what there is now and who can sign in."""
        if settings.ENV["environment"] == "production":
            raise CommandError("正式环境不能装入示范城市；请在 JIGAI_ENVIRONMENT=demo 的空库上使用。")
        if options["size"] < 1:
            raise CommandError("--size 至少为 1。")
        try:
            loaded = load_city(active.reference(timezone.localdate()), options["size"])
        except NotEmptyError as error:
            if options["if_empty"]:
                self.stdout.write("库中已有企业，不再装入示范城市。")
                return
            raise CommandError(str(error)) from None
        duties = load_duties(timezone.localdate())
        self.stdout.write(
            f"示范城市：企业 {loaded.enterprises} 户，厂区 {loaded.sites} 个，产线 {loaded.lines} 条，"
            f"年度数据 {loaded.facts} 条，登记册 {loaded.entries} 条，方案任务 {duties} 项，"
            f"演示账号 {loaded.accounts} 个（口令 {PASSWORD}）"
        )
        self._plan()

    def _plan(self) -> None:
        """Put the shipped plan in force and compute its figures; without its folder there is simply no board yet."""
        folder = shipped(PLAN)
        if folder is None:
            self.stdout.write("没有找到 plans 文件夹，目标看板还没有规划：请用 jigai manage load_plan 装入。")
            return
        actor = command("load the sample city")
        with transaction.atomic(), use_scope(actor.scope):
            version = load_and_compute(actor, folder, timezone.now(), timezone.localdate())
        self.stdout.write(f"目标看板：已启用“{version.title}”，指标已算好")

"""``jigai manage adopt_reference``: judge from now on by what this installation holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jigai.platform.standards import active, sets
from jigai.reference import DatasetError


class Command(BaseCommand):
    """Adopt the shipped data of this release and the city's own (``JIGAI_REFERENCE``) as the facts in use."""

    help = "更换 JIGAI_REFERENCE 后运行：把本机装载的依据登记为在用依据，之后重启网站和后台任务"

    def handle(self, *args: Any, **options: Any) -> None:
        """Adopt, and say which set is in use."""
        found = sets.recorded()
        try:
            sets.hash_with(found.packages if found else ())
        except DatasetError as error:
            raise CommandError(str(error)) from None
        made = sets.adopt(by="adopt_reference")
        self.stdout.write(f"在用依据：{active.in_use().set_hash[:12]}（{'已更新' if made else '没有变化'}）")

"""Compute a run again from the input it kept, by the facts it judged by, and compare what comes out (复算)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import jigai
from jigai.platform.screening import running, storage
from jigai.platform.screening.models import Run
from jigai.platform.screening.storage import INPUT
from jigai.platform.standards import active


@dataclass(frozen=True)
class Outcome:
    """What computing again came to: ``same`` or not, the hash that came out, and why it cannot be compared."""

    same: bool
    output_hash: str
    text: str

    def as_data(self, at: datetime) -> dict[str, Any]:
        """Return it as a run keeps it."""
        return {"same": self.same, "output_hash": self.output_hash, "text": self.text, "at": at.isoformat()}


def replay(run: Run, key: str, progress: running.Progress = lambda _done, _lines: None) -> Outcome:
    """Judge the input a run kept once more, everything afresh, and compare the hash of all it says.

    ``key`` names the folder it is written to meanwhile; nothing of it stays when it comes out the same.
    """
    try:
        if not storage.whole(run.output_hash):
            return Outcome(
                False, "", _("保存的结果文件有缺失或改动，不能复算。请联系系统管理员从备份恢复 files/runs。")
            )
        reference = active.reference_with(tuple(run.packages), run.as_of)
    except FileNotFoundError:
        return Outcome(False, "", _("没有保存的结果文件，不能复算。请联系系统管理员从备份恢复 files/runs。"))
    if run.engine_version != jigai.__version__:
        text = _("判定引擎已由 %(then)s 升级为 %(now)s，请用当时的版本复算。")
        return Outcome(False, "", text % {"then": run.engine_version, "now": jigai.__version__})
    if reference.content_hash != run.reference_hash:
        return Outcome(
            False, "", _("软件自带的依据或 JIGAI_REFERENCE 在这之后有改动，当时的依据已不在本机，不能复算。")
        )
    parts = storage.parts(run.output_hash)
    with storage.Draft(key) as draft:
        lines = 0
        for number in range(len(parts)):
            given = storage.part_of(run.output_hash, INPUT, number)
            draft.write(INPUT, number, given)
            lines += given.height
        facts = running.judge_parts(run, draft, running.Frozen(parts, lines, {}), reference, progress)
    same = facts["output_hash"] == run.output_hash
    if same:
        return Outcome(True, facts["output_hash"], _("复算一致：%(lines)d 行，逐字节相同。") % {"lines": lines})
    return Outcome(False, facts["output_hash"], _("复算不一致：两次结果的指纹不同，请把这次筛查的编号告诉系统管理员。"))

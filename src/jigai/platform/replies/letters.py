"""The written answer to an objection as a Word draft: ``letter.csv`` filled with what is on record (D26)."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Final

from django.utils import timezone, translation

from jigai.platform.ledger.words import word
from jigai.platform.replies import deciding
from jigai.platform.replies.data import rows, words
from jigai.platform.replies.following import GONE
from jigai.platform.replies.models import Objection
from jigai.platform.replies.pages import finding_words
from jigai.reports.word import Document

_UNSURE: Final = "文号待核"
_ANSWERS: Final = ("upheld", "rejected", "refused")


def write(one: Objection, target: Path | IO[bytes]) -> None:
    """Write the draft of the answer to a decided objection. Official papers are Chinese (D29), whoever asks."""
    with translation.override("zh-hans"):
        paper, said = Document(), _said(one)
        for row in rows("letter"):
            if not _stands(one, row["key"]):
                continue
            text = row["text"].format(**said)
            match row["style"]:
                case "title":
                    paper.title(text)
                case "mark":
                    paper.mark(text)
                case "heading":
                    paper.heading(text)
                case "right":
                    paper.text(text, indent=False, align="right")
                case style:
                    paper.text(text, indent=style == "text")
            if row["key"] == "changed":
                paper.table(("项目", "原台账", "更正为"), _changed(one), (3, 3, 4))
        paper.write(target)


def _stands(one: Objection, key: str) -> bool:
    """Say whether a paragraph belongs into this letter."""
    if key in _ANSWERS:
        return key == one.state
    conditions = {
        "mark_number": _UNSURE in one.finding["document"],
        "proofs": bool(one.photos),
        "changed": bool(_changed(one)),
        "judged": bool(one.verdict_after),
    }
    return conditions.get(key, True)


def _changed(one: Objection) -> list[tuple[str, str, str]]:
    last = one.steps.filter(step="uphold").order_by("-pk").first()
    return deciding.in_words(last.changed) if last else []


def _said(one: Objection) -> dict[str, Any]:
    device, finding = one.device, finding_words(one.finding)
    last = one.steps.filter(state=one.state).order_by("-pk").first()
    return {
        "enterprise": device.site.enterprise_name if device.site else "",
        "filed": f"{timezone.localtime(one.filed_at):%Y年%-m月%-d日}",
        "device": device,
        "identifier": device.identifier,
        "place": "、".join(part for part in (device.workshop, device.location, device.code) if part) or "位置未填",
        "late": "（逾期提出）" if one.late else "",
        "as_of": f"{one.run.as_of:%Y年%-m月%-d日}",
        "check": finding["check"],
        "outcome": finding["outcome"],
        "reason": finding["reason"],
        "objection": words("reasons")[one.reason].zh,
        "words": one.words,
        "photos": len(one.photos),
        "answer": last.words if last else "",
        "before": word("verdict", one.verdict_before),
        "after": "不再参加筛查" if one.verdict_after == GONE else word("verdict", one.verdict_after),
    }

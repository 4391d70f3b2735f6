"""The plans of the tests: the two shipped ones, and a small sound one to change."""

from __future__ import annotations

from pathlib import Path

from tests.ground.repository import ROOT

from jigai.plan.file import Plan, PlanError, PlanFault, read_contents

PANZHIHUA, TEXTILES = ROOT / "plans" / "panzhihua-2024", ROOT / "plans" / "xiangfang-textiles"
SHIPPED = (PANZHIHUA, TEXTILES)
SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")
TEXT = (
    "一、目标\n\n投资超 200 亿元，设备新度明\n显提升。\n"
    "二、任务\n全面摸排老旧设备。建立清单，2024年底前完成。有问题，再摸排。再摸排。\n"
)
KNOWN = {"investment": "亿元", "newness": "%"}


def read(plan: str = SOUND, text: str | bytes = TEXT, **more: bytes) -> Plan:
    content = text if isinstance(text, bytes) else text.encode()
    return read_contents(plan.encode(), {"text.txt": content, **more}, indicators=KNOWN)


def faults(plan: str = SOUND, text: str | bytes = TEXT) -> tuple[PlanFault, ...]:
    try:
        read(plan, text)
    except PlanError as error:
        return error.faults
    return ()

"""Kinds of jobs for tests: they write real rows, wait where a test wants to strike, and fail on demand."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

from jigai.platform.audit.services import record
from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.handlers import handler


@handler("test.steps", title="分步任务", capability="job.view")
def steps(task):
    """Write one event a step; in the step ``wait_in``, and the first time only, wait in the middle of it,
    ``seconds`` long or until a file beside the mark says go."""
    for number in range(task.arguments["steps"]):
        key = f"step {number}"
        if task.is_done(key):
            continue
        with task.step(key):
            record(task.actor, "test.step", after={"step": number, "pid": os.getpid()})
            task.progress(number + 1, task.arguments["steps"], key)
            time.sleep(task.arguments.get("pause", 0))
            mark = Path(task.arguments.get("mark", ""))
            if task.arguments.get("wait_in") == number and not mark.exists():
                mark.write_text(str(os.getpid()))
                end = time.monotonic() + task.arguments.get("seconds", 60)
                while time.monotonic() < end and not mark.with_suffix(".go").exists():
                    time.sleep(0.1)
    return {"text": "全部完成"}


@handler("test.file", title="写文件", capability="job.view")
def write_file(task):
    with task.writing("list.txt") as draft, draft.open("wb") as stream:
        for _ in range(task.arguments["kilobytes"]):
            stream.write(b"x" * 1024)
    return {"files": [task.described("list.txt", "清单")], "text": "已生成"}


@handler("test.fails", title="失败的任务", capability="job.view")
def fails(task):
    match task.arguments["how"]:
        case "told":
            raise JobError("第 3 行缺少企业名称，请补上后重新上传。")
        case "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        case "denied":
            task.actor.require("user.manage")
        case _:
            raise ZeroDivisionError


@handler("test.reads", title="看企业", capability="job.view")
def reads(task):
    from jigai.platform.enterprises.models import LegalPerson

    with task.reading():
        inside = sorted(LegalPerson.objects.values_list("name", flat=True))
    return {"inside": inside, "outside": LegalPerson.objects.count()}

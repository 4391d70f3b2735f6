"""What can go wrong with a job, and how it is told to the person who asked for it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from jigai.platform.jobs.room import is_full
from jigai.platform.walls.capabilities import capabilities


class JobError(Exception):
    """A job that cannot be done, said in words for its owner: what is wrong, where, and what to do about it."""


class CancelledError(Exception):
    """The owner or an administrator asked the job to stop; what its finished steps wrote stays."""


class InterruptedWorkError(Exception):
    """The worker was told to stop; the job goes back to the queue and goes on where it was."""


class LeaseLostError(Exception):
    """Another worker has taken the job up; this one must not write anything more."""


def plain(error: BaseException, job_id: int) -> str:
    """Return what went wrong in plain words, with the remedy; the log has the details under the number of the job."""
    if isinstance(error, JobError):
        return str(error)
    if is_full(error):
        return _(
            "磁盘空间不足，文件没有写成，也没有留下半个文件。"
            "请系统管理员清理数据目录或扩充磁盘，然后点“重试”，已完成的步骤不会重做。"
        )
    if isinstance(error, PermissionDenied):
        known = capabilities().get(str(error))
        return _("发起人现在没有“%(what)s”的权限，任务没有执行。需要的，请联系本单位安全管理员授权后重试。") % {
            "what": known.zh if known else error
        }
    return _(
        "系统出错，这不是您的问题。已完成的步骤保留着，可以重试；仍然失败的，请把任务编号 %(number)s 告诉系统管理员。"
    ) % {"number": job_id}

"""Pages for what went wrong: what, why, and the next step."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jigai.platform.jobs.room import is_full
from jigai.platform.standards.active import ReferenceMismatchError
from jigai.platform.walls.capabilities import capabilities


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, or nothing that may be seen."""
    return render(
        request,
        "errors/error.html",
        {"title": _("没有找到"), "icon": "search", "text": _("这个地址没有内容，或者内容不在您的可见范围内。")},
        status=404,
    )


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say which capability is missing and who can grant it."""
    key = str(exception or "")
    known = capabilities().get(key)
    english = (get_language() or "").startswith("en")
    what = (known.en if english else known.zh) if known else key
    text = _("当前身份没有“%(what)s”的权限。") % {"what": what} if key else _("当前身份不能做这件事。")
    return render(
        request,
        "errors/error.html",
        {
            "title": _("没有权限"),
            "icon": "lock",
            "text": text,
            "hint": _("如果您在多个单位任职，可在右上角切换身份；需要权限的，请联系本单位安全管理员。"),
        },
        status=403,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be understood."""
    return render(
        request,
        "errors/error.html",
        {"title": _("请求不完整"), "icon": "alert", "text": _("服务器没能读懂这次提交，请返回上一页重新操作。")},
        status=400,
    )


def hidden_sign(request: HttpRequest) -> HttpResponse:
    """Say that a text holds a sign that is not seen and cannot be kept, and how to mend it."""
    return render(
        request,
        "errors/error.html",
        {
            "title": _("文字里有看不见的字符"),
            "icon": "alert",
            "text": _("提交的文字里有空字符（NUL），看不见也不能保存，一般是从别的程序粘贴带来的。本次操作没有保存。"),
            "hint": _("请返回上一页，把粘贴来的文字删去，手工重新输入。"),
        },
        status=400,
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault and that nothing was saved; a full disk is named, with who can help."""
    if is_full(sys.exc_info()[1]):
        _drop_halves(request)
        return render(
            request,
            "errors/error.html",
            {
                "title": _("磁盘空间不足"),
                "icon": "alert",
                "text": _("服务器磁盘已满，本次操作没有保存。"),
                "hint": _("请系统管理员清理数据目录、临时目录或扩充磁盘，然后重新操作。"),
            },
            status=507,
        )
    if isinstance(error := sys.exc_info()[1], ReferenceMismatchError):
        said = {"title": _("依据不一致，已停止判定"), "icon": "alert", "text": str(error)}
        return render(request, "errors/error.html", said, status=503)
    return render(
        request,
        "errors/error.html",
        {
            "title": _("系统出错"),
            "icon": "alert",
            "text": _("这是系统的问题，不是您的。本次操作没有保存，已记录下来，请稍后再试。"),
        },
        status=500,
    )


def _drop_halves(request: HttpRequest) -> None:
    """Take away at once what arrived of a file that is larger than the room for it."""
    for one in request.upload_handlers:
        arriving = getattr(one, "file", None)
        if isinstance(arriving, TemporaryUploadedFile):
            with contextlib.suppress(OSError):
                Path(arriving.temporary_file_path()).unlink()

"""Pages for what went wrong: what, why, and the next step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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


def failed(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault and that nothing was saved."""
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

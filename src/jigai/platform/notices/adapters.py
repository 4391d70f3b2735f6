"""The ways out of the site: each sends one delivery or raises; what is inside the site needs none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jigai.platform.jobs.files import whole
from jigai.platform.jobs.room import is_full
from jigai.platform.notices.models import Delivery, Notice

PATIENCE = 15
"""Seconds to wait for the mail server."""


def mail(delivery: Delivery) -> None:
    """Send a notice by mail to one person, in their language; what the server says is raised."""
    notice = delivery.notice
    person = notice.user
    with translation.override(person.language):
        parts = [notice.text] if notice.text else []
        if notice.due:
            parts.append(_("期限：%(date)s") % {"date": notice.due.isoformat()})
        if notice.url:
            parts.append(_("请到平台办理：%(url)s") % {"url": address(notice)})
        parts.append(_("本邮件由系统自动发出，请勿直接回复。不想再收，可在“通知—通知方式”中关闭。"))
    headers = {"X-Jigai-Notice": str(notice.pk), "Auto-Submitted": "auto-generated"}
    letter = EmailMessage(
        f"[{settings.CITY_NAME}] {notice.title}".replace("\n", " "),
        "\n\n".join(parts),
        settings.MAIL_FROM or None,
        [person.email],
        headers=headers,
        connection=post_office(),
    )
    letter.send()


def file(delivery: Delivery) -> None:
    """Write a notice as one JSON file for another system to fetch; it is there whole or not at all."""
    notice = delivery.notice
    said: dict[str, Any] = {
        "id": notice.pk,
        "kind": notice.kind,
        "title": notice.title,
        "text": notice.text,
        "url": address(notice),
        "due": notice.due.isoformat() if notice.due else None,
        "created": timezone.localtime(notice.created_at).isoformat(timespec="seconds"),
        "sender": notice.sender,
        "to": {
            "username": notice.user.username,
            "name": notice.user.name,
            "phone": notice.user.phone,
            "email": notice.user.email,
            "organisation": str(notice.org or ""),
        },
    }
    folder = Path(settings.NOTICE_DIR or "")
    try:
        with whole(folder / f"notice-{notice.pk}.json") as draft:
            draft.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        if is_full(error):
            text = _("磁盘空间不足，通知没有写到 %(folder)s。请系统管理员腾出空间，到时会自动再试。")
            raise OSError(text % {"folder": folder}) from error
        raise


def address(notice: Notice) -> str:
    """Return where a notice leads, as a full address."""
    return f"{settings.SITE_URL.rstrip('/')}{notice.url}" if notice.url.startswith("/") else notice.url


def post_office() -> Any:
    """Return the connection to the mail server of ``JIGAI_MAIL_URL``."""
    parts = urlsplit(settings.MAIL_URL)
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or {"smtps": 465, "starttls": 587}.get(parts.scheme, 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "starttls",
        timeout=PATIENCE,
    )

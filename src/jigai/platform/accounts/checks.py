"""Settings that would leave a hole are errors at start and in ``jigai check``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def second_factor_is_not_off(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse the demo switch outside the sample city."""
    if settings.SECOND_FACTOR == "off_for_demo" and not settings.DEMO:
        return [
            Error(
                "JIGAI_SECOND_FACTOR=off_for_demo 只能与 JIGAI_ENVIRONMENT=demo 同时使用",
                hint="改为 required 或 enterprises_too；在改正之前仍按 required 执行",
                id="accounts.E001",
            )
        ]
    return []


@register()
def single_sign_on_is_complete(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a single sign-on that is named but cannot work."""
    env = settings.ENV
    missing = [name for name in ("url", "client", "secret") if env["oidc_name"] and not env[f"oidc_{name}"]]
    if missing:
        names = "、".join(f"JIGAI_OIDC_{name.upper()}" for name in missing)
        return [Error(f"已设 JIGAI_OIDC_NAME，但缺少 {names}", hint="补全，或去掉 JIGAI_OIDC_NAME", id="accounts.E002")]
    return []


@register()
def limits_are_set(**_kwargs: Any) -> list[CheckMessage]:
    """Warn where a protection is switched off by a zero."""
    off = {
        "JIGAI_IDLE_MINUTES": settings.IDLE_MINUTES,
        "JIGAI_PASSWORD_DAYS": settings.PASSWORD_DAYS,
        "JIGAI_SESSIONS_PER_USER": settings.SESSIONS_PER_USER,
    }
    if settings.DEMO or settings.TESTING:
        return []
    return [
        Warning(f"{name}=0：这项保护已关闭", hint="等级保护三级系统应设为大于 0", id="accounts.W001")
        for name, value in off.items()
        if not value
    ]

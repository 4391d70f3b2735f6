"""Lock-out after failed sign-ins (axes): what the locked-out see, and whom the security administrator may release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jigai.platform.accounts.addresses import address_of
from jigai.platform.walls.actor import ANYONE


@dataclass(frozen=True)
class LockOut:
    """A name that cannot sign in from an address until ``until``, after ``failures`` wrong passwords."""

    username: str
    address: str
    failures: int
    since: datetime
    until: datetime

    @property
    def minutes(self) -> int:
        """Minutes left, at least one."""
        return max(1, -int((timezone.now() - self.until).total_seconds() // 60))


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name somebody tries to sign in with, in small letters: case is no way round the lock-out."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(given).strip().lower()[:150]


def locked_out(**narrow: Any) -> list[LockOut]:
    """Return who is locked out now, the newest first; ``narrow`` are conditions on name or address."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = (
        AccessAttempt.objects.filter(attempt_time__gte=since, **narrow)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last")
    )
    return [
        LockOut(
            row["username"] or "",
            row["ip_address"] or "",
            row["failures"],
            row["last"],
            row["last"] + settings.AXES_COOLOFF_TIME,
        )
        for row in rows
    ]


def locked_page(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer a locked-out sign-in: for how long, why, and who can end it. Known and unknown names look alike."""
    mine = locked_out(username=tried_name(request, credentials), ip_address=address_of(request))
    until = mine[0].until if mine else timezone.now() + settings.AXES_COOLOFF_TIME
    seconds = max(1, int((until - timezone.now()).total_seconds()))
    context = {
        "seconds": seconds,
        "minutes": -(-seconds // 60),
        "until": until,
        "failures": settings.AXES_FAILURE_LIMIT,
        "actor": ANYONE,
    }
    response = render(request, "account/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response

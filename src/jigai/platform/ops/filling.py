"""Bring an installation's database and static files up to date, and fill an empty one with the sample city."""

from __future__ import annotations

import os
from collections.abc import Iterator


def fill() -> Iterator[str]:
    """Do each step after yielding the key of the message that says so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.platform.settings")
    import django
    from django.core.management import call_command

    django.setup()
    yield "step_migrate"
    call_command("migrate", verbosity=0, interactive=False)
    yield "step_static"
    call_command("collectstatic", verbosity=0, interactive=False)
    from jigai.platform.accounts.models import User

    if not User.objects.exists():
        yield "step_sample"
        call_command("load_sample_city")


def demo_accounts() -> list[dict[str, str]]:
    """Return one sample account for each role, in the order of the roles."""
    from jigai.platform.accounts.models import Membership
    from jigai.platform.accounts.roles import roles

    first: dict[str, str] = {}
    held = Membership.objects.filter(user__sample=True, active=True).order_by("pk")
    for role, name in held.values_list("role_key", "user__username"):
        first.setdefault(role, name)
    return [{"role": roles()[key].zh, "account": first[key]} for key in roles() if key in first]

"""Are the settings readable, and does Django find fault with the site made from them?"""

from __future__ import annotations

from collections.abc import Iterator

from jigai.platform.ops.checks.line import Line, State
from jigai.screening.sentences import Language

# HSTS for sub-domains and the preload list are the city's business, redirects the proxy's; no_https says the rest.
_NOT_OURS = frozenset(f"security.W{number}" for number in ("004", "005", "008", "012", "016", "021"))


def check(language: Language) -> Iterator[Line]:
    """Read the settings, start Django, and pass on what its own checks say."""
    from jigai.platform.environment import EnvironmentProblemsError, read

    try:
        read()
    except EnvironmentProblemsError as error:
        yield Line.of("fail", "settings_wrong", language, error=error)
        return
    import django
    from django.core.checks import ERROR, run_checks

    try:
        django.setup()
    except EnvironmentProblemsError as error:
        yield Line.of("fail", "settings_wrong", language, error=error)
        return
    from django.conf import settings

    yield Line.of("ok", "settings_ok", language, environment=settings.ENV["environment"], folder=settings.DATA_DIR)
    production = not (settings.DEMO or settings.TESTING)
    for message in run_checks(include_deployment_checks=production):
        if message.id not in _NOT_OURS:
            state: State = "fail" if message.level >= ERROR else "warn"
            yield Line.of(state, "django_says", language, id=message.id, text=message.msg, hint=message.hint or "")
    if production and not settings.SESSION_COOKIE_SECURE:
        yield Line.of("warn", "no_https", language)

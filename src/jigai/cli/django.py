"""Between the command line and the site: start Django only when a command needs it, and say plainly what is missing."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from importlib.util import find_spec

from jigai.cli.errors import CommandError
from jigai.cli.messages import say
from jigai.screening.sentences import Language


def set_up(language: Language, *, populate: bool = True) -> None:
    """Make the site's code usable; :class:`CommandError` says what to install or which setting to mend.

    ``populate=False`` stops before the settings are read, for commands that choose or judge them.
    """
    if find_spec("django") is None:
        raise CommandError(say("platform_missing", language))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.platform.settings")
    if not populate:
        return
    from jigai.platform.environment import EnvironmentProblemsError

    try:
        import django

        django.setup()
    except EnvironmentProblemsError as error:
        raise CommandError(str(error)) from error


@contextlib.contextmanager
def failing_plainly() -> Iterator[None]:
    """Turn a known failure of the site's commands into one of the command line, without a traceback."""
    from jigai.platform.environment import EnvironmentProblemsError
    from jigai.platform.ops.words import OpsError

    try:
        yield
    except (OpsError, EnvironmentProblemsError) as error:
        raise CommandError(str(error)) from error

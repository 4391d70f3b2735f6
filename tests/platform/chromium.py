"""One real Chromium for all journeys of a test process: playwright cannot be started twice beside itself."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from playwright.sync_api import Browser, sync_playwright

MISSING = "Chromium is not installed: apt-get install chromium fonts-noto-cjk"


@cache
def browser() -> Browser:
    """Return the browser, started at the first call and closed when the process ends."""
    program = shutil.which("chromium")
    assert program, MISSING
    playwright = sync_playwright().start()
    started = playwright.chromium.launch(executable_path=program, args=["--disable-dev-shm-usage"])
    atexit.register(playwright.stop)
    return started


@contextmanager
def chromium() -> Iterator[Browser]:
    """Lend the browser; profiles that were opened meanwhile are closed afterwards."""
    lent = browser()
    before = set(lent.contexts)
    try:
        yield lent
    finally:
        for profile in [one for one in lent.contexts if one not in before]:
            profile.close()

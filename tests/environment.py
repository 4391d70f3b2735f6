"""The site's settings for tests (a pytest plugin), set before anything of the site is imported."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.platform.settings")
GIVEN = "JIGAI_DATA_DIR" in os.environ and "PYTEST_XDIST_WORKER" not in os.environ
os.environ.setdefault("JIGAI_DATA_DIR", str(Path(tempfile.gettempdir()) / f"jigai-tests-{os.getpid()}"))
# Processes that share the work have a database each, and so a folder each: what one loses another must not mend.
if (worker := os.environ.get("PYTEST_XDIST_WORKER", "")) and not os.environ["JIGAI_DATA_DIR"].endswith(worker):
    os.environ["JIGAI_DATA_DIR"] += f"-{worker}"
os.environ.setdefault("JIGAI_ENVIRONMENT", "test")
os.environ.setdefault("JIGAI_SECRET_KEY", "only for tests")
os.environ.setdefault("JIGAI_HTTPS", "0")
os.environ.setdefault("JIGAI_SESSIONS_PER_USER", "0")  # tests sign one person in as often as they like
os.environ.setdefault("JIGAI_HOSTS", "testserver;localhost;127.0.0.1")
# Playwright's event loop stands beside Django's synchronous database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_addoption(parser):
    parser.addoption("--sqlite", action="store_true", help="run the site's tests on SQLite (the one-office mode)")


def pytest_configure(config):
    """Compile the English labels, which are not kept in the repository; once, before any helper process starts."""
    if not hasattr(config, "workerinput"):
        from scripts.labels import main

        main()


def pytest_unconfigure(config):
    """Leave no data folder behind, unless it was named from outside."""
    if not GIVEN:
        shutil.rmtree(os.environ["JIGAI_DATA_DIR"], ignore_errors=True)

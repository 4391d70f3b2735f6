"""One loaded city and one server for all pages of a module."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer
from tests.platform.browser.stage import Stage


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """A small city with people of every role, and what the pages need made on demand; emptied afterwards."""
    with django_db_blocker.unblock(), override_settings(ROOT_URLCONF="tests.platform.browser.broken"):
        server = LiveServer("localhost")
        built = Stage.build(server.url)
        connections.close_all()  # once the browser runs, this thread has connections of its own event loop
        try:
            yield built
        finally:
            built.close()
            server.stop()
            call_command("flush", verbosity=0, interactive=False)
            connections.close_all()

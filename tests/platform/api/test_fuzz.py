"""Schemathesis asks everything the description allows, and much that it does not."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from jigai.platform.api import services

CASES = int(os.environ.get("JIGAI_TEST_CASES", "15"))


@pytest.fixture
def interface(city, transactional_db):
    """The site as a WSGI application and a token of the county officer that may view everything."""
    from jigai.platform.wsgi import application

    head = city.actor("enterprise_head")
    chosen = [key for key in head.capabilities if key.endswith(".view")]
    _, secret = services.issue(head, "测试", chosen, 30)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return schema, {"Authorization": f"Bearer {secret}"}


@pytest.mark.django_db(transaction=True)
def test_the_interface_keeps_its_promises(interface):
    schema, headers = interface
    asked = 0
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers)

        ask()
    assert asked > 10 * len(list(schema.get_all_operations())) / 2

"""Schemathesis asks everything the description allows, and much that it does not."""

from __future__ import annotations

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from tests.platform.matrix import things
from tests.platform.matrix.asking import FOREIGN_NAME

from jigai.platform.api import services
from jigai.platform.registers.definition import registers

CASES = int(os.environ.get("JIGAI_TEST_CASES", "10"))


@pytest.fixture
def interface(city, transactional_db):
    """The site as a WSGI application and a token of the county officer that may view everything."""
    from jigai.platform.wsgi import application

    head = city.actor("enterprise_head")
    chosen = [key for key in head.capabilities if key.endswith(".view")]
    _, secret = services.issue(head, "测试", chosen, 30)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    return schema, {"Authorization": f"Bearer {secret}"}


def unkept(answer):
    """Say whether it was refused for a sign no database keeps: no schema forbids one in fields it does not know."""
    return answer.status_code == 422 and answer.json()["code"] == "hidden_sign"


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
            answer = case.call(headers=headers)
            if not unkept(answer):
                case.validate_response(answer, headers=headers)

        ask()
    assert asked > 10 * len(list(schema.get_all_operations())) / 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_registers_keep_them_too_and_show_nothing_foreign(interface, city):
    """A name made up is no register, so the description is given the keys there are, with rows of both sides."""
    schema, headers = interface
    things.build(city)
    path = next(one for one in schema.raw_schema["paths"] if one.endswith("/register-entries"))
    said = {one["name"]: one for one in schema.raw_schema["paths"][path]["get"]["parameters"]}
    said["register_key"]["schema"]["enum"] = sorted(registers())
    answers = Counter()

    @settings(max_examples=8 * CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=schema[path]["GET"].as_strategy())
    def ask(case):
        answer = case.call(headers=headers)
        if not unkept(answer):
            case.validate_response(answer, headers=headers)
        answers[answer.status_code] += 1
        assert FOREIGN_NAME not in answer.text
        answers["rows"] += bool(answer.status_code == 200 and answer.json()["items"])

    ask()
    assert answers[200] and answers["rows"], answers

"""The first three administrators of an installation."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.platform.accounts.signing import sign_in

from jigai.platform.accounts.models import Membership, User
from jigai.platform.audit.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def make():
    said = StringIO()
    call_command("administrators", organisation="示范市经济和信息化局", stdout=said)
    return [line.split("\t") for line in said.getvalue().splitlines() if "\t" in line]


def test_three_people_with_three_passwords_to_change():
    assert not User.objects.exists()
    made = make()
    assert len({password for *_, password in made}) == 3
    for _role, name, password in made:
        assert sign_in(name, password).get("/")["Location"] == "/account/password/change/"
    held = {one.user.username: one.role_key for one in Membership.objects.all()}
    assert held == {"system": "system_admin", "security": "security_admin", "audit": "audit_admin"}
    assert Event.unscoped.filter(action="role.given", actor="command: administrators").count() == 3


def test_a_second_time_is_refused():
    make()
    with pytest.raises(CommandError, match="已有市级管理员"):
        make()
    assert User.objects.count() == 3

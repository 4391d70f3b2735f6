"""What the pages of a register refuse: a form without its version, and the same fault said twice."""

from __future__ import annotations

import pytest
from tests.platform.registers.test_register_pages import ENTRY, GREEN, added

from jigai.platform.registers.models import RegisterVersion

pytestmark = pytest.mark.django_db


def test_a_form_without_its_version_overwrites_nobody(city):
    entry = added(city)
    response = city.client("county_officer").post(f"{GREEN}{entry.pk}/edit/", ENTRY | {"score": "9", "reason": "x"})
    assert response.status_code == 422
    assert "已被修改" in response.content.decode()
    assert RegisterVersion.unscoped.count() == 1


@pytest.mark.parametrize("version", ["0", "2", "-1"])
def test_another_version_than_the_current_one_is_refused(city, version):
    entry = added(city)
    typed = ENTRY | {"version": version, "reason": "x"}
    assert city.client("county_officer").post(f"{GREEN}{entry.pk}/edit/", typed).status_code == 422
    assert RegisterVersion.unscoped.count() == 1


def test_a_wrong_choice_is_told_once(city):
    response = city.client("county_officer").post(f"{GREEN}add/", ENTRY | {"level": "planet"})
    assert response.context["form"].errors["level"] == ["请从列表中选择。"]

"""The password: its rules, its age, no going back, and the first one changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.platform.accounts.signing import PASSWORD, is_in, said, sign_in

from jigai.platform.accounts import sessions
from jigai.platform.accounts.models import FormerPassword, User
from jigai.platform.accounts.passwords import change_is_due, initial_password

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CHANGE = "/account/password/change/"


def change(client, new, old=PASSWORD):
    cache.clear()  # as if a minute had passed: how often one may try is allauth's to limit
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short1A!", False),
        ("alllowercase", False),
        ("lower1234567", False),
        ("Lower1234567", True),
        ("lower-123456", True),
        ("1234567890123", False),
        ("Password123", False),
        ("a long phrase of small words", True),
        ("zhangsan2024A", False),
    ],
)
def test_rules(password, good):
    user = User(username="zhangsan2024", name="张三")
    if good:
        validate_password(password, user)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, user)


def test_initial_passwords_keep_the_rules_and_differ():
    found = {initial_password() for _ in range(50)}
    assert len(found) == 50
    for one in found:
        validate_password(one)


def test_none_of_the_last_five_is_taken_again(city):
    client, used = sign_in("expert_510402"), [PASSWORD]
    for number in range(5):
        new = f"A new one, number {number} it is"
        assert change(client, new, used[-1]).status_code == 302, number
        used.append(new)
    assert "最近 5 个口令" in said(change(client, used[-2], used[-1]))
    assert "最近 5 个口令" in said(change(client, used[-1], used[-1]))
    assert change(client, used[0], used[-1]).status_code == 302, "the sixth last is forgotten"
    assert FormerPassword.objects.filter(user__username="expert_510402").count() == 5


def test_changing_it_ends_the_other_sign_ins_and_keeps_this_one(city):
    here, there = sign_in("expert_510402"), sign_in("expert_510402")
    assert change(here, "Another-good-1").status_code == 302
    assert is_in(here) and not is_in(there)
    here.get("/account/me/")
    assert here.session[sessions.KEY] == here.session.session_key


def test_an_initial_password_must_be_changed_before_anything_else(city):
    User.objects.filter(username="expert_510402").update(must_change_password=True)
    client = sign_in("expert_510402")
    answer = client.get("/")
    assert answer["Location"] == CHANGE
    assert "初始口令" in said(client.get(CHANGE))
    change(client, "Another-good-1")
    assert client.get("/").status_code == 200


def test_an_old_password_must_be_changed(city, settings):
    user = User.objects.get(username="expert_510402")
    assert change_is_due(user) == ""
    long_ago = timezone.now() - timedelta(days=settings.PASSWORD_DAYS + 1)
    User.objects.filter(pk=user.pk).update(password_changed_at=long_ago)
    client = sign_in("expert_510402")
    assert client.get("/")["Location"] == CHANGE
    settings.PASSWORD_DAYS = 0
    assert client.get("/").status_code == 200

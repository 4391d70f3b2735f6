"""Make the first three administrators of an installation: there is no account and no password before."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from jigai.platform.accounts.models import Membership, Organisation, User
from jigai.platform.accounts.roles import roles
from jigai.platform.accounts.services.people import create_person
from jigai.platform.audit.services import record
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope

NAMES = {"system_admin": "system", "security_admin": "security", "audit_admin": "audit"}


class Command(BaseCommand):
    """建立系统、安全、审计三个管理员账号，打印各自的初始口令（只显示这一次）。"""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which department they belong to."""
        parser.add_argument("--organisation", required=True, help="主管部门全称，例如 示范市经济和信息化局")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the three; refuse where any of them stands already."""
        actor = command("administrators")
        with transaction.atomic(), use_scope(actor.scope):
            standing = Membership.objects.filter(role_key__in=NAMES, active=True, organisation__kind="department")
            if standing.exists():
                raise CommandError("已有市级管理员，后续账号请由他们在“账号”“授权”页面建立。")
            department, _made = Organisation.objects.get_or_create(
                kind=Organisation.Kind.DEPARTMENT, name=options["organisation"]
            )
            for role_key, username in NAMES.items():
                user, password = self._account(actor, username, role_key, department)
                self.stdout.write(f"{roles()[role_key].zh}\t{user.username}\t{password}")
        self.stdout.write("初始口令只显示这一次，请分别交给三个人；首次登录须修改，并设置第二因素。")

    def _account(self, actor: Any, username: str, role_key: str, department: Organisation) -> tuple[User, str]:
        name = roles()[role_key].zh
        user, password = create_person(actor, username=username, name=name, organisation=department)
        Membership.objects.create(user=user, organisation=department, role_key=role_key)
        after = {"organisation": department.name, "role": role_key}
        record(actor, "role.given", user, after=after, reason="安装时建立")
        return user, password

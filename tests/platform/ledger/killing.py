"""A ledger handed in by one process, taken in by others: ``python -m tests.platform.ledger.killing COMMAND JSON``."""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.platform.jobs.bench import Bench

LINES = 9_000


class LedgerBench(Bench):
    """A database with one enterprise, its site and its keeper of equipment."""

    @staticmethod
    def _words(command: str, arguments: dict) -> list[str]:
        return [sys.executable, "-m", "tests.platform.ledger.killing", command, json.dumps(arguments)]


def ledger(lines: int) -> bytes:
    """A ledger of motors, three of each kind alike and without numbers, the rest numbered."""
    rows = [
        f"电机,Y{100 + n % 60}M-{2 + 2 * (n % 3)},1,{1980 + n % 40},{'' if n % 5 else f'N{n}'}" for n in range(lines)
    ]
    return ("设备名称,规格型号,数量,出厂年份,设备编号\n" + "\n".join(rows)).encode()


def main(command: str, arguments: dict[str, Any]) -> Any:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from jigai.platform.accounts.acting import actor_for
    from jigai.platform.accounts.models import Membership, Organisation, User
    from jigai.platform.enterprises.models import LegalPerson, Site
    from jigai.platform.imports import services
    from jigai.platform.imports.models import Upload
    from jigai.platform.jobs import worker
    from jigai.platform.walls.scope import use_scope

    if command == "build":
        call_command("migrate", verbosity=0)
        firm = Organisation.objects.create(kind="legal_person", name="东风轧钢有限公司", manager_code="510402")
        user = User.objects.create(username="keeper", name="设备员")
        Membership.objects.create(user=user, organisation=firm, role_key="enterprise_equipment")
        shared = {"org": firm, "manager_code": "510402", "place_code": "510402"}
        person = LegalPerson.unscoped.create(name=firm.name, credit_code="91510402204350000X", **shared)
        Site.unscoped.create(legal_person=person, name="主厂区", enterprise_name=firm.name, **shared)
        return {}
    if command == "work":
        return {"taken": worker.run(once=arguments.get("once", False))}
    actor = actor_for(Membership.objects.select_related("user", "organisation").get())
    with transaction.atomic(), use_scope(actor.scope):
        if command == "hand_in":
            upload = services.take_in(actor, "ledger", "台账.csv", ledger(LINES), {"whole": True})
            upload = services.accept(actor, upload, upload.version)
            return {"upload": upload.pk, "job": upload.job_id}
        return Upload.objects.values("state", "result").get(pk=arguments["upload"])


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2])), default=str))

"""The sample city's clerk: hands the ledgers of all enterprises in, as one would on a morning."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from jigai.platform.accounts.acting import actor_for
from jigai.platform.accounts.models import Membership
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger import bulk as bulks
from jigai.platform.ledger.models import Bulk
from jigai.platform.screening.models import Run
from jigai.platform.walls.scope import command_scope, use_scope


def hand_in(folder: Path) -> bool:
    """Hand in the ledgers of ``folder`` once; ``False`` when ledgers were handed in before, or there is no clerk.

    Each file goes to the first site of its enterprise; a worker does the rest.
    """
    held = clerk()
    if held is None:
        return False
    actor = actor_for(held)
    with transaction.atomic(), use_scope(actor.scope):
        if Bulk.objects.exists():
            return False
        first: dict[str, int] = {}
        for pk, enterprise in Site.objects.order_by("pk").values_list("pk", "enterprise_name"):
            first.setdefault(enterprise, pk)
        paths = [path for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".xlsx"}]
        named = {path.name: first[_enterprise(path)] for path in paths if _enterprise(path) in first}
        bulks.receive(actor, ((path.name, path.read_bytes()) for path in paths), sites=named, at_once=True)
    return True


def handed_in() -> dict[str, int] | None:
    """Return how many files, lines and machines were taken in and screened; None while that goes on."""
    with transaction.atomic(), use_scope(command_scope("look how far the sample ledgers are")):
        bulk = Bulk.objects.order_by("pk").first()
        run = Run.objects.filter(pk=bulk.run_id or 0, state=Run.State.DONE).first() if bulk else None
        if bulk is None or run is None:
            return None
        lines = sum(count["lines"] for count in run.totals.values())
        machines = sum(count["machines"] for count in run.totals.values())
        return {"files": bulk.files.filter(state="taken").count(), "lines": lines, "machines": machines}


def _enterprise(path: Path) -> str:
    """Return the enterprise a sample ledger is named after: 0007_安宁锦程煤业有限责任公司（示例）.csv."""
    return path.stem.partition("_")[2]


def clerk() -> Membership | None:
    """Return the post of the clerk who hands the ledgers in; None where the sample city has none."""
    held = Membership.objects.filter(user__sample=True, active=True, role_key="city_officer")
    return held.order_by("pk").first()

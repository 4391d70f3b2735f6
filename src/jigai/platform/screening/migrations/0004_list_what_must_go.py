"""Put what the runs in force find, and what went since, on the list of what must go (应淘汰清单).

What earlier runs found stands in their files only; the list begins with the run in force at each site.
"""

from itertools import islice
from typing import Any

from django.db import migrations
from django.utils import timezone

BATCH = 2_000
CHECKED = "现场核对"


def fill(apps: Any, editor: Any) -> None:
    """Write a step for each device that must be replaced, and one for those that went with a record of it."""
    everything(editor, "on")
    since = {
        (site, run): (moment, by)
        for site, run, moment, by in managed(apps, "screening", "SiteRun").values_list(
            "site_id", "run_id", "since", "run__started_by"
        )
    }
    devices = managed(apps, "ledger", "Device").filter(verdict="must_replace", run_id__isnull=False).order_by("pk")
    step = apps.get_model("screening", "ObsoleteStep")
    rows = devices.iterator(chunk_size=BATCH)
    while some := list(islice(rows, BATCH)):
        states = managed(apps, "ledger", "DeviceState").filter(
            device__in=[one.pk for one in some if one.gone_at], superseded_at=None, how="gone"
        )
        gone = {one.device_id: one for one in states.select_related("act")}
        made = []
        for one in some:
            state = gone.get(one.pk)
            known = since.get((one.site_id, one.run_id))
            if known is None or (one.gone_at and not (state and by_record(state))):
                continue
            machines, (moment, by) = one.quantity or 1, known
            common = {
                "device_id": one.pk, "org_id": one.org_id, "site_id": one.site_id, "manager_code": one.manager_code,
                "place_code": one.place_code,
            }  # fmt: skip
            first = {"run_id": one.run_id, "found_on": timezone.localdate(moment)}
            said = {"recorded_at": moment, "recorded_by": by[:150]}
            made.append(step(what="found", found=machines, **first, **said, **common))
            if state:
                on = (state.act.details if state.act else {}).get("on") or timezone.localdate(state.recorded_at)
                said = {"recorded_at": max(moment, state.recorded_at), "recorded_by": state.recorded_by}
                made.append(
                    step(what="closed", closed=machines, on=on, proof=state.reason, act=state.act, **said, **common)
                )
        step._base_manager.bulk_create(made, batch_size=BATCH)
    everything(editor, "off")


def by_record(state: Any) -> bool:
    """Tell whether a device went with a record of it, not because it was a mistake or went into another."""
    return bool(state.act.what == "gone" if state.act else state.reason.startswith(CHECKED))


def managed(apps: Any, app: str, name: str) -> Any:
    """Return all rows of a table as it is at this step."""
    return apps.get_model(app, name)._base_manager.all()


def everything(editor: Any, word: str) -> None:
    """Let this transaction see all rows, past row-level security, or no longer."""
    if editor.connection.vendor == "postgresql":
        with editor.connection.cursor() as cursor:
            cursor.execute("select set_config('jigai.everything', %s, true)", [word])


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_obsolete_steps")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

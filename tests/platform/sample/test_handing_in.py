"""The ledgers of the sample city come in by the door for many files, once, and all of them."""

from __future__ import annotations

import pytest
from django.db import transaction

from jigai.ledger import read_ledger
from jigai.platform.jobs import worker
from jigai.platform.ledger.models import BulkFile, Device
from jigai.platform.sample.handing_in import hand_in, handed_in
from jigai.platform.sample.ledgers import DAY, WHOLE, keep_ledgers
from jigai.platform.sample.loading import load_city
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.reference import Reference

SIZE = 3

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_every_ledger_is_taken_in_and_every_line_becomes_a_device(tmp_path):
    load_city(Reference.load(DAY), SIZE)
    folder = tmp_path / "ledgers"
    keep_ledgers(folder, SIZE)
    assert hand_in(folder)
    assert handed_in() is None
    for _job in range(3):
        worker.run(once=True)
    lines = {path.name: read_ledger(path).devices.height for path in folder.iterdir() if path.name != WHOLE}
    with transaction.atomic(), use_scope(command_scope("test")):
        assert {file.file_name: file.result["new"] for file in BulkFile.objects.all()} == lines
        devices = list(Device.objects.values_list("verdict", "quantity"))
    done = handed_in()
    assert done == {"files": SIZE, "lines": sum(lines.values()), "machines": sum(number or 1 for _v, number in devices)}
    assert all(verdict for verdict, _number in devices)
    assert not hand_in(folder), "once"


def test_without_a_clerk_nothing_is_handed_in(tmp_path):
    assert not hand_in(tmp_path)
    assert handed_in() is None

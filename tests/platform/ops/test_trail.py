"""``jigai audit verify``: says that the chain holds, or where it does not, and keeps that in the trail."""

from __future__ import annotations

import pytest
from tests.platform.ops.conftest import FILL, sql

pytest.importorskip("jigai.platform.audit.verification")


@pytest.mark.slow
def test_a_whole_chain_and_a_broken_one(make_place, server):
    place = make_place()
    place.python(FILL)
    assert "5" in place.jigai("audit", "verify").stdout
    name = place.owner.split("/")[3].split("?")[0]
    sql(server, "update audit_event set reason = '别的' where number = (select min(number) from audit_event)", name)
    said = place.jigai("audit", "verify", code=1).stdout
    assert "链序号 1" in said and "6" in said  # the first verification is an event too
    assert sql(server, "select count(*) from audit_event where action = 'audit.verified'", name) == [(2,)]

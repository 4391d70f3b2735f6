"""Rows that come with a register (``rows.csv`` in its folder), taken over once and checked by whoever keeps it."""

from __future__ import annotations

from jigai.ledger import read_table
from jigai.platform.registers import services
from jigai.platform.registers.definition import Register
from jigai.platform.walls.actor import Actor

SHIPPED = "随附数据"
"""Source of the rows that come with the software."""


def load_shipped(actor: Actor, register: Register) -> int:
    """Add the shipped rows that are not in the register yet, and return how many were added."""
    services.require_keeper(actor, register)
    rows = register.shipped_rows
    if rows is None:
        return 0
    reading = read_table(rows.read_bytes(), register.table, source_file=rows.name)
    names = set(register.table.by_name)
    count = 0
    for row in reading.rows.filter(reading.rows["held"] == "").to_dicts():
        values = {name: value for name, value in row.items() if name in names}
        try:
            services.add(actor, register, values, source=SHIPPED)
        except services.AlreadyThereError:
            continue
        count += 1
    return count

"""Newness of machinery: net ÷ original value, from the annual figures or else from the ledger."""

from __future__ import annotations

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.parts.ratios import ratio
from jigai.diagnosis.parts.things import asking, of_machines
from jigai.diagnosis.telling import KEY, Told, together


def newness(case: Case) -> Told:
    """Return net ÷ original value of machinery (设备新度): the formula of the plan's figure.

    From the ledger the values of a line are those of all its machines; a machine whose net value is not known weighs
    with its original value and earns nothing.
    """
    by_facts = ratio(case, "newness", 1, "machinery_net", "machinery_original")
    original, net = pl.col("original_value"), pl.col("net_value")
    sound = (original > 0) & (net >= 0) & (net <= original)
    frame = case.machines.select(
        KEY,
        "device_id",
        "machines",
        weight=pl.when(original > 0).then(original),
        points=pl.when(sound).then(net / original),
        certainty=pl.lit("transcribed"),
        missing=asking("attribute:original_value", "attribute:net_value"),
    )
    return together([by_facts, of_machines(case, frame, "newness", 2)])

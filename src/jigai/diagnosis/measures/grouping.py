"""Hits of many machines become one measure: by enterprise, rule, standing, kind of machine and deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.measures.fit import OTHER_FRAME, PROTECTED
from jigai.diagnosis.telling import KEY

AT_ONCE: Final = "立即"
GROUP: Final = (KEY, "rule", "standing", "device_kind", "deadline")
NO_KIND: Final = "-"


@dataclass(frozen=True)
class Group:
    """Machines of one measure: the row of `GROUP`, their reasons, what is missing of them and what the guide says."""

    row: dict[str, Any]
    reasons: list[dict[str, Any]]
    missing: list[tuple[str, str, tuple[str, ...]]]
    directions: tuple[str, ...]


def grouped(case: Case, hits: pl.DataFrame, fits: pl.DataFrame, guided: pl.DataFrame) -> list[Group]:
    """Return the groups of `devices.hits`, in the order of enterprise, rule, standing, kind and deadline.

    ``fits`` says what fits in place of which machine (`fit.fitted`), ``guided`` what the sector guide says of each.
    """
    members = _members(case, hits, fits)
    groups = members.group_by(GROUP, maintain_order=True).agg(
        devices=pl.col("device_id"),
        machines=pl.col("machines").sum(),
        power_kw=(pl.col("power_kw").fill_null(0.0) * pl.col("machines")).sum(),
        protected=(pl.col("fit") == PROTECTED).any(),
    )
    groups = groups.sort(GROUP).with_row_index("group")
    of_group = members.join(groups.select(*GROUP, "group"), on=GROUP, nulls_equal=True)
    reasons = _listed(_reasons(hits, of_group))
    missing = _listed(_missing(of_group))
    due = guided.filter(pl.col("due").fill_null(~pl.col("kind_known"))).select("device_id", "entry_id")
    entries = _listed(
        of_group.select("group", "device_id").join(due, on="device_id").select("group", "entry_id").unique()
    )
    return [
        Group(
            row,
            reasons.get(row["group"], []),
            [(one["source"], one["key"], tuple(one["of"])) for one in missing.get(row["group"], [])],
            tuple(sorted(one["entry_id"] for one in entries.get(row["group"], []))),
        )
        for row in groups.iter_rows(named=True)
    ]


def _members(case: Case, hits: pl.DataFrame, fits: pl.DataFrame) -> pl.DataFrame:
    """Return each machine of each rule once, with the earliest deadline of what speaks against it."""
    day = pl.when(pl.col("deadline") == AT_ONCE).then(pl.lit("")).otherwise("deadline")
    ends = hits.group_by(KEY, "device_id", "rule", "standing", maintain_order=True).agg(
        first=pl.when("own").then(day).min(), due=pl.col("due").first()
    )
    deadline = pl.coalesce("first", "due")
    ends = ends.with_columns(deadline=pl.when(deadline == "").then(pl.lit(AT_ONCE)).otherwise(deadline))
    known = case.machines.select("device_id", "machines", "power_kw", "kind").join(fits, on="device_id")
    members = ends.join(known, on="device_id").sort(KEY, "device_id")
    return members.with_columns(device_kind=pl.col("kind").fill_null(NO_KIND))


def _reasons(hits: pl.DataFrame, of_group: pl.DataFrame) -> pl.DataFrame:
    told = hits.with_columns(also=~pl.col("own")).join(
        of_group.select("device_id", "rule", "standing", "group"), on=["device_id", "rule", "standing"]
    )
    by = ["also", "check", "outcome", "document", "clause", "rule_id", "basis", "certainty", "deadline"]
    by_group = told.sort("group", *by, "device_id").group_by("group", *by, maintain_order=True)
    return by_group.agg(
        of=pl.col("device_id").unique(maintain_order=True),
        zh=pl.col("reason_zh").first(),
        en=pl.col("reason_en").first(),
    )


def _missing(of_group: pl.DataFrame) -> pl.DataFrame:
    """Return by group what has to be known of which machines before a replacement can be chosen."""
    lacking = of_group.explode("fit_missing", empty_as_null=True).drop_nulls("fit_missing")
    parts = [lacking.select("group", "device_id", source=pl.lit("attribute"), key="fit_missing")]
    for fit, need in ((PROTECTED, "ex_mark"), (OTHER_FRAME, "mounting")):
        mine = of_group.filter(pl.col("fit") == fit)
        parts.append(mine.select("group", "device_id", source=pl.lit("need"), key=pl.lit(need)))
    every = pl.concat(parts).sort("group", "source", "key", "device_id")
    return every.group_by("group", "source", "key", maintain_order=True).agg(of=pl.col("device_id"))


def _listed(frame: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["group"], []).append(row)
    return found

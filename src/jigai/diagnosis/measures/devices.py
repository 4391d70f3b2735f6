"""Measures of machines: each machine goes to the first rule that takes it, with all that was found against it."""

from __future__ import annotations

from typing import Final

import polars as pl

from jigai.diagnosis.case import Case
from jigai.diagnosis.measures.rules import DEVICE, GUIDE, VSD, Rule
from jigai.diagnosis.model import CONFIRM, ORDER
from jigai.diagnosis.tables import keyed
from jigai.diagnosis.telling import KEY
from jigai.screening.sector_guide import DATASET as GUIDE_DATASET
from jigai.screening.sector_guide import advice

HIT: Final[dict[str, pl.DataType]] = {
    KEY: pl.String(),
    "device_id": pl.String(),
    "rule": pl.String(),
    "order": pl.Int32(),
    "standing": pl.String(),
    "due": pl.String(),
    "check": pl.String(),
    "outcome": pl.String(),
    "document": pl.String(),
    "clause": pl.String(),
    "rule_id": pl.String(),
    "basis": pl.String(),
    "certainty": pl.String(),
    "deadline": pl.String(),
    "reason_zh": pl.String(),
    "reason_en": pl.String(),
    "own": pl.Boolean(),
}
ORDERS_BY: Final = ("ledger", "nameplate")
FINDS: Final = ("clear", "encouraged", "grade_1", "grade_2", "within", "undecided", "out_of_scope")
"""Outcomes that speak against no machine."""
_RANKS: Final = {key: int(row["rank"]) for key, row in keyed("standings.csv").items()}


def guarded(standing: str) -> pl.Expr:
    """Return the standing a hit may have: no order out of what is inferred, or not transcribed (D1, D3)."""
    sure = pl.col("basis").is_in(ORDERS_BY) & (pl.col("certainty") == "transcribed") & pl.col("mandatory")
    if standing != ORDER:
        return pl.lit(standing)
    return pl.when(sure.fill_null(value=False)).then(pl.lit(ORDER)).otherwise(pl.lit(CONFIRM))


def told_of_machines(case: Case, fits: pl.DataFrame) -> pl.DataFrame:
    """Return findings of machines with all that conditions of rules may speak of: attributes, verdict, fit, answers.

    ``fits`` are those of `measures.fit.fitted`. A machine without a finding has one row.
    """
    throttled = case.answers.filter(pl.col("key") == "flow_throttled").select(
        KEY, flow_throttled=pl.col("number").cast(pl.Boolean)
    )
    machines = case.machines.join(fits, on="device_id", how="left", maintain_order="left")
    machines = machines.join(throttled, on=KEY, how="left", maintain_order="left").join(
        case.enterprises.select(KEY, "sectors"), on=KEY, maintain_order="left"
    )
    findings = case.findings.drop(KEY).rename({"f_missing": "missing"})
    taken = [name for name in findings.columns if name in machines.columns and name != "device_id"]
    return machines.drop(taken).join(findings, on="device_id", how="left", maintain_order="left")


def hits(told: pl.DataFrame, guided: pl.DataFrame, rules: tuple[Rule, ...]) -> pl.DataFrame:
    """Return what rules say of machines (`HIT`): for each machine its rule, and every finding against it.

    Args:
        told: see `told_of_machines`.
        guided: what the sector guide says of machines, see `directions`.
        rules: in their order.

    A machine belongs to one rule of the kind *device* or *guide*, the first by order; what this rule rests on is its
    ``own``, the rest was found beside it. A rule of the kind *vsd* speaks of machines that no order takes.
    """
    parts = [_found(told, rule) for rule in rules if rule.subject == DEVICE]
    parts += [_guided(guided, rule) for rule in rules if rule.subject == GUIDE]
    every = pl.concat(parts or [pl.DataFrame(schema=HIT)])
    rank = pl.col("standing").replace_strict(_RANKS, return_dtype=pl.Int32)
    which = ["device_id", "rule", "standing"]
    first = every.sort("order", rank, "rule").unique("device_id", keep="first", maintain_order=True)
    own = every.join(first.select(which), on=which, how="semi")
    beside = _against(told).join(
        own.select("device_id", "check", "rule_id", "outcome"),
        on=["device_id", "check", "rule_id", "outcome"],
        how="anti",
        nulls_equal=True,
    )
    also = beside.drop("rule", "order", "standing", "due").join(first.select(*which, "order", "due"), on="device_id")
    ordered = first.filter(pl.col("standing") == ORDER).select("device_id")
    extra = [_plain(told.join(ordered, on="device_id", how="anti"), rule) for rule in rules if rule.subject == VSD]
    return pl.concat([own, also.select(HIT.keys()), *extra])


def _of_sectors(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    if not rule.sectors:
        return frame
    return frame.filter(pl.any_horizontal(pl.col("sectors").list.contains(one) for one in rule.sectors))


def _found(told: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    mine = _of_sectors(told, rule).filter(rule.holds() & pl.col("check").is_not_null())
    return _shaped(mine.with_columns(standing=guarded(rule.standing)), rule)


def _plain(told: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Return the machines a rule takes by their attributes alone: the rule itself is the reason."""
    machines = _of_sectors(told, rule).unique("device_id", keep="first", maintain_order=True)
    mine = machines.filter(rule.holds()).select(KEY, "device_id")
    reason = {
        "check": rule.subject,
        "outcome": "candidate",
        "document": rule.basis_zh,
        "rule_id": rule.key,
        "certainty": "secondary",
        "reason_zh": rule.basis_zh,
        "reason_en": rule.basis_en,
    }
    return _shaped(mine.with_columns(standing=pl.lit(rule.standing), **_texts(reason)), rule)


def _guided(guided: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    due = guided.filter(rule.holds())
    told = due.select(
        KEY,
        "device_id",
        "clause",
        "certainty",
        rule_id="entry_id",
        reason_zh=pl.format("{}：{}", "focus_zh", "direction_zh"),
        reason_en=pl.format("{}: {}", "focus_en", "direction_en"),
    )
    reason = {"check": "sector_guide", "outcome": "due", "document": rule.basis_zh}
    return _shaped(told.with_columns(standing=pl.lit(rule.standing), **_texts(reason)), rule)


def _texts(values: dict[str, str]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in values.items()}


def _against(told: pl.DataFrame) -> pl.DataFrame:
    """Return every finding that speaks against a machine, once."""
    outcome = pl.col("outcome")
    adverse = outcome.is_not_null() & ~outcome.is_in(FINDS) & (pl.col("check") != "two_high")
    return _columns(told.filter(adverse).with_columns(own=pl.lit(value=False)))


def _shaped(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    values = {"rule": pl.lit(rule.key), "order": pl.lit(rule.order), "due": pl.lit(rule.due, pl.String)}
    return _columns(frame.with_columns(own=pl.lit(value=True), **values))


def _columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name) for name, dtype in HIT.items()
    )


def directions(case: Case) -> pl.DataFrame:
    """Return what the sector guide says of machines: its columns, with enterprise and certainty of the entry beside.

    The industry is that of the enterprise where the ledger names none. ``due_known`` and ``kind_known`` say whether
    the trigger could be judged and whether screening knows the kind of machine at all.
    """
    owner = case.enterprises.select(KEY, of_enterprise="industry_code")
    machines = case.machines.join(owner, on=KEY, maintain_order="left").with_columns(
        industry_code=pl.coalesce("industry_code", "of_enterprise")
    )
    told = advice(machines.drop("of_enterprise"), case.findings, case.reference)
    owned = case.machines.select("device_id", KEY, "use_state", kind_known=pl.col("kind").is_not_null())
    told = told.join(owned, on="device_id", maintain_order="left").with_columns(due_known=pl.col("due").is_not_null())
    sure = pl.DataFrame(schema={"entry_id": pl.String(), "certainty": pl.String()})
    if case.reference.has(GUIDE_DATASET):
        sure = case.reference.table(GUIDE_DATASET, "directions").select("entry_id", "certainty")
    return told.join(sure, on="entry_id", how="left", maintain_order="left")

"""Whom a rehearsal hits: its verdicts beside those of the runs in force, and what decides each (试算影响)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from jigai.platform.enterprises.models import Site
from jigai.platform.screening import storage
from jigai.platform.screening.models import Run, SiteRun
from jigai.screening.verdict import ADVERSE

WORSE: Final = ("must_replace", "should_replace")
"""Verdicts a device newly falls under, the graver first."""
SHOWN: Final = ("name", "model", "kind", "industry_code", "quantity", "power_kw", "made_year")
REASON: Final = (
    *("check", "outcome", "mandatory", "rule_id", "document", "clause", "deadline", "dataset", "certainty"),
    *("reason_zh", "reason_en"),
)
_TYPES: Final = {"quantity": pl.Int64(), "power_kw": pl.Float64(), "made_year": pl.Int32()}
CHANGES: Final = "changes"


@dataclass(frozen=True)
class Told:
    """Whom a rehearsal hits, as far as the reader sees.

    ``changed``: one row per line whose verdict differs, with ``before`` (null: not judged before), ``after``, machines,
    kilowatts, where it stands, and the finding that decides. ``against``: the runs in force it was compared with.
    """

    changed: pl.DataFrame
    against: list[Run]
    unjudged: int

    def newly(self, verdict: str) -> pl.DataFrame:
        """Return the lines that newly get ``verdict``."""
        return self.changed.filter(pl.col("after") == verdict)

    @property
    def better(self) -> pl.DataFrame:
        """Return the lines that had to or should be replaced and no longer are."""
        return self.changed.filter(pl.col("before").is_in(WORSE), ~pl.col("after").is_in(WORSE))

    def by(self, *names: str) -> list[dict[str, Any]]:
        """Sum up the lines newly under a graver verdict by columns: machines, kilowatts and enterprises."""
        hit = self.changed.filter(pl.col("after").is_in(WORSE))
        sums = [
            pl.col("machines").filter(pl.col("after") == WORSE[0]).sum().alias("must"),
            pl.col("machines").filter(pl.col("after") == WORSE[1]).sum().alias("should"),
            pl.col("kw").sum(),
            pl.col("enterprise").n_unique().alias("enterprises"),
        ]
        return (
            hit.group_by(names)
            .agg(sums)
            .sort(["must", "should", *names], descending=[True, True, *[False] * len(names)])
            .to_dicts()
        )


def keep(run: Run) -> str:
    """Compare a rehearsal with the runs in force now, keep who differs, and return the name of what was kept."""
    rows = SiteRun.objects.filter(site__in=run.sites, superseded_at__isnull=True).select_related("run")
    in_force = {row.site_id: row.run for row in rows}
    found = [_compared(run, number, sites, in_force) for number, sites in enumerate(storage.parts(run.output_hash))]
    facts = {
        "rehearsal": run.output_hash,
        "against": sorted({one.pk for one in in_force.values()}),
        "unjudged": len(set(run.sites) - set(in_force)),
    }
    return storage.keep({CHANGES: pl.concat(found, how="diagonal")}, facts, f"compare-{run.pk}")


def told(run: Run) -> Told:
    """Return whom a rehearsal hits, those out of the reader's sight left out; ``FileNotFoundError`` where lost."""
    facts = storage.facts(run.comparison_hash)
    kept = storage.part_of(run.comparison_hash, CHANGES, 0)
    rows = Site.objects.filter(pk__in=run.sites).values_list("pk", "manager_code", "place_code", "enterprise_name")
    schema = {"site": pl.Int64, "manager_code": pl.String, "place_code": pl.String, "enterprise": pl.String}
    sites = pl.DataFrame(list(rows), schema=schema, orient="row")
    changed = kept.join(sites, on="site", maintain_order="left").with_columns(
        machines=pl.col("quantity").fill_null(1), kw=pl.col("power_kw").fill_null(0) * pl.col("quantity").fill_null(1)
    )
    return Told(changed, list(Run.objects.filter(pk__in=facts["against"]).order_by("pk")), facts["unjudged"])


def _compared(run: Run, number: int, sites: Sequence[int], in_force: dict[int, Run]) -> pl.DataFrame:
    """Return the lines of one part whose verdict differs, with what decides."""
    devices, findings = _read(run, number, sites)
    before, said_before = _before(sites, in_force)
    both = devices.join(
        before.select("device", before="verdict"), on="device", how="left", maintain_order="left"
    ).rename({"verdict": "after"})
    differ = both.filter(pl.col("before").ne_missing(pl.col("after")))
    news = findings.join(said_before, on=["device", "check", "rule_id", "outcome"], how="anti", nulls_equal=True)
    decides = _deciding(differ.filter(pl.col("after").is_in(WORSE)), news, findings)
    return differ.join(decides, on="device", how="left", maintain_order="left")


def _read(run: Run, number: int, sites: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return verdicts and adverse findings of one part, for ``sites`` only; columns nobody filled in are empty."""
    devices = storage.part_of(run.output_hash, "devices", number).filter(pl.col("site").is_in(list(sites)))
    absent = [pl.lit(None, _TYPES.get(name, pl.String())).alias(name) for name in SHOWN if name not in devices.columns]
    devices = devices.with_columns(absent).select("device_id", "device", "site", "verdict", *SHOWN)
    findings = storage.part_of(run.output_hash, "findings", number).filter(pl.col("outcome").is_in(ADVERSE))
    numbers = devices.select("device_id", "device")
    return devices.drop("device_id"), findings.join(numbers, on="device_id", maintain_order="left")


def _before(sites: Sequence[int], in_force: dict[int, Run]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return verdicts and adverse findings of the runs in force at ``sites``."""
    runs: dict[Run, set[int]] = {}
    for site in sites:
        if site in in_force:
            runs.setdefault(in_force[site], set()).add(site)
    read = [
        _read(run, number, sorted(mine.intersection(group)))
        for run, mine in runs.items()
        for number, group in enumerate(storage.parts(run.output_hash))
        if mine.intersection(group)
    ]
    said = ("device", "check", "rule_id", "outcome")
    verdicts = [pl.DataFrame(schema={"device": pl.Int64, "verdict": pl.String})]
    findings = [pl.DataFrame(schema={"device": pl.Int64, **dict.fromkeys(said[1:], pl.String)})]
    verdicts += [devices.select("device", "verdict") for devices, _findings in read]
    findings += [found.select(said) for _devices, found in read]
    return pl.concat(verdicts), pl.concat(findings)


def _deciding(hit: pl.DataFrame, news: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Return of each device the finding that decides: a new one before an old one, what binds before what advises."""
    ranked = [frame.with_columns(_new=pl.lit(new)) for frame, new in ((news, True), (every, False))]
    mine = pl.concat(ranked).join(hit.select("device"), on="device", how="semi")
    ordered = mine.sort([~pl.col("_new"), ~pl.col("mandatory"), pl.col("outcome") != "eliminate"], maintain_order=True)
    return ordered.unique("device", keep="first", maintain_order=True).select("device", *REASON)

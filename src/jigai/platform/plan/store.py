"""Keep contributions and their sums: what did not change is left alone, and only touched parts are summed anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from django.db import connection
from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Substr

from jigai.plan.contributions import AMOUNT, CONTRIBUTION
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.plan.models import Contribution, IndicatorValue
from jigai.platform.plan.sources.reader import read

BATCH: Final = 2_000
PARTITIONS: Final = {
    "city": "",
    "manager": "manager_code",
    "place": "place_code",
    "division": "industry_code",
    "group": "group",
}
"""Partition → the column whose parts it sums; of the industry class the division counts."""
DIVISION: Final = 2
SUMS: Final = ("numerator", "denominator", "should", "reported")
_KEYS: Final = ("kind", "key", "group")
_TEXTS: Final = tuple(name for name, dtype in CONTRIBUTION.items() if dtype == pl.String())
_WIDTHS: Final = {name: getattr(Contribution._meta.get_field(name), "max_length", 0) for name in _TEXTS}


@dataclass(frozen=True)
class Part:
    """One indicator for one period, as known on a day (None: now)."""

    indicator: str
    period: str
    known_on: date | None = None

    @property
    def rows(self) -> QuerySet[Contribution]:
        """Its contributions in scope."""
        return Contribution.objects.filter(indicator=self.indicator, period=self.period, known_on=self.known_on)

    @property
    def values(self) -> QuerySet[IndicatorValue]:
        """Its sums."""
        return IndicatorValue.objects.filter(indicator=self.indicator, period=self.period, known_on=self.known_on)


def in_form(frame: pl.DataFrame) -> pl.DataFrame:
    """Return contributions as they are stored: texts cut to their columns and never null."""
    return frame.with_columns(pl.col(name).fill_null("").str.head(_WIDTHS[name] or 0) for name in _TEXTS)


def stored(part: Part, owners: Collection[int] | None = None) -> pl.DataFrame:
    """Return what is kept of a part, with ``pk``; of ``owners`` and of nobody, or all."""
    rows = part.rows
    if owners is not None:
        rows = rows.filter(Q(legal_person__in=owners) | Q(legal_person__isnull=True))
    lookups = {"legal_person": "legal_person_id", "site": "site_id"}
    columns = {name: (lookups.get(name, name), dtype) for name, dtype in CONTRIBUTION.items()}
    return read(rows.order_by("pk"), {"pk": ("pk", pl.Int64()), **columns})


def replace(part: Part, frame: pl.DataFrame, owners: Collection[int] | None = None) -> pl.DataFrame:
    """Keep ``frame`` as the contributions of a part; return the rows that came, changed or went, as they were and are.

    Args:
        part: the indicator and period.
        frame: the contributions.
        owners: legal persons computed anew; what is kept of others stays. None: everything.
    """
    now, before = in_form(frame), stored(part, owners)
    if owners is not None:
        now = now.filter(pl.col("legal_person").is_null() | pl.col("legal_person").is_in(list(owners)))
    names = list(CONTRIBUTION)
    same = now.join(before, on=names, how="inner", nulls_equal=True).select("pk", *names)
    gone = before.join(same, on="pk", how="anti")
    new = now.join(same, on=list(_KEYS), how="anti", maintain_order="left")
    pks = gone["pk"].to_list()
    for start in range(0, len(pks), BATCH):
        Contribution.objects.filter(pk__in=pks[start : start + BATCH]).delete()
    _create(part, new)
    return pl.concat([gone.select(names), new.select(names)])


def _create(part: Part, frame: pl.DataFrame) -> None:
    sites = dict(Site.objects.values_list("pk", "org")) if frame["site"].count() else {}
    persons = dict(LegalPerson.objects.values_list("pk", "org")) if frame["legal_person"].count() else {}
    made = []
    for row in frame.iter_rows(named=True):
        person, site = row.pop("legal_person"), row.pop("site")
        org = sites.get(site) or persons.get(person)
        made.append(
            Contribution(
                indicator=part.indicator, period=part.period, known_on=part.known_on, legal_person_id=person,
                site_id=site, org_id=org, **row,
            )
        )  # fmt: skip
        if len(made) == BATCH:
            Contribution.objects.bulk_create(made)
            made = []
    Contribution.objects.bulk_create(made)


def touched(changed: pl.DataFrame) -> dict[str, set[str]]:
    """Return the parts of each partition that changed rows count in."""
    found = {}
    for partition, column in PARTITIONS.items():
        if changed.is_empty():
            found[partition] = set[str]()
        elif not column:
            found[partition] = {""}
        else:
            keys = changed[column].str.head(DIVISION) if partition == "division" else changed[column]
            found[partition] = set(keys)
    return found


def sums(part: Part, partition: str) -> dict[str, tuple[Any, ...]]:
    """Return the sums of a part by the parts of a partition: numerator, denominator, should, reported, data date."""
    if connection.vendor != "postgresql":  # SQLite adds decimals up as floating point numbers
        return {key: tuple(numbers) for key, *numbers in summed(stored(part), partition).rows()}
    column = PARTITIONS[partition]
    key = Substr("industry_code", 1, DIVISION) if partition == "division" else F(column) if column else None
    rows = part.rows.order_by()
    added = {name: Sum(name) for name in SUMS} | {"newest": Max("data_date")}
    names = [*SUMS, "newest"]
    if key is None:
        said = rows.aggregate(**{f"all_{name}": one for name, one in added.items()})
        numbers = tuple(said[f"all_{name}"] for name in names)
        return {} if numbers[0] is None else {"": numbers}
    found = rows.annotate(part_key=key).values("part_key")
    grouped: Any = found.annotate(**{f"all_{name}": one for name, one in added.items()})
    return {row["part_key"]: tuple(row[f"all_{name}"] for name in names) for row in grouped}


def sum_up(part: Part, keys: dict[str, set[str]] | None, reason: str, at: datetime) -> None:
    """Bring the kept sums of a part in line with its contributions; ``keys`` are the touched ones, None all.

    The city has a row even where there is nothing to add up: it says why.
    """
    known = {(one.partition, one.key): one for one in part.values}
    new: list[IndicatorValue] = []
    changed: list[IndicatorValue] = []
    gone: list[int] = []
    for partition in PARTITIONS:
        wanted = keys[partition] if keys is not None else None
        if wanted is not None and not wanted:
            continue
        now = sums(part, partition)
        if partition == "city":
            now = now or {"": (0, 0, 0, 0, None)}
        for key, numbers in now.items():
            if wanted is not None and key not in wanted and (partition, key) in known:
                continue
            one = known.get((partition, key)) or IndicatorValue(
                indicator=part.indicator, period=part.period, known_on=part.known_on, partition=partition, key=key
            )
            for name, number in zip((*SUMS, "data_date"), numbers, strict=True):
                setattr(one, name, number)
            one.reason, one.computed_at = reason if partition == "city" else "", at
            (changed if one.pk else new).append(one)
        gone += [one.pk for (of, key), one in known.items() if of == partition and key not in now]
    IndicatorValue.objects.bulk_create(new)
    names = [*SUMS, "data_date", "reason", "computed_at"]
    IndicatorValue.objects.bulk_update(changed, names, batch_size=BATCH // 10)
    IndicatorValue.objects.filter(pk__in=gone).delete()


def forget(kept: Collection[tuple[str, str]], known_on: date | None) -> None:
    """Drop what is kept of indicators or periods that are no longer computed (``kept``: those that are)."""
    for model in (Contribution, IndicatorValue):
        rows = model.objects.filter(known_on=known_on)
        held = set(rows.order_by().values_list("indicator", "period").distinct())
        for indicator, period in held - set(kept):
            rows.filter(indicator=indicator, period=period).delete()


def summed(frame: pl.DataFrame, partition: str) -> pl.DataFrame:
    """Return the sums of contributions in form by the parts of a partition, as :func:`sums` does of kept ones."""
    column = PARTITIONS[partition]
    key = pl.col(column) if column else pl.lit("")
    key = key.str.head(DIVISION) if partition == "division" else key
    added = [pl.col(name).sum() for name in SUMS]
    return frame.group_by(key=key).agg(*added, pl.col("data_date").max()).with_columns(
        pl.col("numerator", "denominator").cast(AMOUNT)
    )  # fmt: skip

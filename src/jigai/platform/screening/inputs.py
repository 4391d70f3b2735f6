"""What a run judges: the states in force of devices, as columns, some whole sites at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import polars as pl
from django.db.models import Count, TextField
from django.db.models.functions import Cast

from jigai.ledger.columns import attribute_dtypes
from jigai.platform.enterprises.models import Site
from jigai.platform.ledger.industry import industry_of
from jigai.platform.ledger.models import DeviceState

LINES: Final = 20_000
"""Lines of a part, about: whole sites are taken together until there are so many."""
ROWS: Final = 5_000
"""Rows fetched at a time."""
KEYS: Final[dict[str, pl.DataType]] = {"device_id": pl.String(), "device": pl.Int64(), "site": pl.Int64()}
ALWAYS: Final = (*KEYS, "kind", "verdict", "missing")
"""Columns that stay though no line has a value for them."""
_ROW: Final = {**KEYS, "_values": pl.String()}
_NAMES: Final = r'"([a-z][a-z0-9_]*)":'


def groups(sites: Iterable[int]) -> list[list[int]]:
    """Return the sites in the groups in which they are judged: in the order of their numbers, by their lines."""
    counts = dict(_states(list(sites)).values_list("device__site").annotate(lines=Count("pk")).order_by())
    found: list[list[int]] = [[]]
    lines = 0
    for site in sorted(sites):
        found[-1].append(site)
        lines += counts.get(site, 0)
        if lines >= LINES:
            found.append([])
            lines = 0
    return [group for group in found if group] or [[]]


def inputs(sites: list[int]) -> Iterator[pl.DataFrame]:
    """Yield what is in force of the devices that are not gone, group by group, in the order they were taken in.

    ``device_id`` is the line that last said it, as in the ledger itself, so that the command line's findings on the
    same workbook are the same; ``device`` and ``site`` are numbers of the workplace and enter no judgement.
    A line that names no industry class has that of its site. Columns in which no line has a value are left out.
    """
    industry = industry_of(Site.objects.filter(pk__in=sites))
    twice = set(
        _states(sites)
        .values_list("row_id")
        .annotate(lines=Count("pk"))
        .filter(lines__gt=1)
        .values_list("row_id", flat=True)
    )
    for group in groups(sites):
        yield _lines(group, industry, twice)


def in_form(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with its columns in the one order, without empty ones: equal content has equal bytes."""
    order = {name: place for place, name in enumerate((*KEYS, *attribute_dtypes()))}
    held = [name for name in frame.columns if name in ALWAYS or frame[name].null_count() < frame.height]
    return frame.select(sorted(held, key=lambda name: (order.get(str(name), len(order)), name)))


def _states(sites: list[int]) -> Any:
    return DeviceState.objects.filter(superseded_at__isnull=True, device__site__in=sites, device__gone_at__isnull=True)


def _lines(sites: list[int], industry: Mapping[int, str], twice: set[str]) -> pl.DataFrame:
    rows = _states(sites).order_by("device__site", "device_id").annotate(_text=Cast("values", TextField()))
    read = rows.values_list("row_id", "device_id", "device__site", "_text").iterator(chunk_size=ROWS)
    said = pl.DataFrame(list(read), schema=_ROW, orient="row")
    frame = said.drop("_values").hstack(_values(said["_values"]))
    of_site = pl.col("site").replace_strict(industry, default=None, return_dtype=pl.String)
    own = [pl.col("industry_code")] if "industry_code" in frame.columns else []
    repeated = pl.col("device_id").is_in(list(twice))
    return in_form(
        frame.with_columns(
            industry_code=pl.coalesce(*own, of_site).replace("", None),
            # Two lines of one file never share an id; a line asked about may have come twice.
            device_id=pl.when(repeated).then(pl.format("{}#{}", "device_id", "device")).otherwise("device_id"),
        )
    )


def _values(texts: pl.Series) -> pl.DataFrame:
    """Return attribute values as columns, by one parse of their JSON; what is no attribute stays out."""
    named = set(texts.str.replace_all(r"\s*:\s*", ":").str.extract_all(_NAMES).explode().str.extract(_NAMES).unique())
    schema = {name: dtype for name, dtype in attribute_dtypes().items() if name in named and name not in KEYS}
    if not schema:
        return pl.DataFrame(height=texts.len())
    try:
        return texts.str.json_decode(pl.Struct(schema)).struct.unnest()
    except pl.exceptions.ComputeError:
        # A value kept by a former release under an attribute whose type has changed since: it counts as unsaid.
        rows = pl.Series(texts.str.json_decode(infer_schema_length=None)).struct.unnest()
        return rows.select(
            pl.col(name).cast(dtype, strict=False) if name in rows.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in schema.items()
        )

"""Who should report in each survey, and how far they were on a day."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import polars as pl
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from jigai.platform.accounts.models import Membership, SignIn
from jigai.platform.campaigns.data import REPORTED
from jigai.platform.campaigns.models import Campaign, Entry, Step
from jigai.platform.campaigns.standing import EXTEND, filled
from jigai.platform.plan.sources.reader import MOMENT, Reader, day_of, read

VERIFIED = "verified"


def survey(reader: Reader) -> pl.DataFrame:
    """Return the entries that were on the list of a survey then, each with its state; of a closed one what counted."""
    on_list = Q(removed_at__isnull=True) | Q(removed_at__gte=reader.end)
    rows = Entry.objects.filter(
        on_list, reader.of("legal_person"), listed_at__lt=reader.end, campaign__started_at__lt=reader.end
    ).exclude(campaign__status=Campaign.Status.DRAFT)
    columns = {
        "entry": ("pk", pl.Int64()),
        "campaign": ("campaign_id", pl.Int64()),
        "year": ("campaign__year", pl.Int64()),
        "site": ("site_id", pl.Int64()),
        "legal_person": ("legal_person_id", pl.Int64()),
        "closed_at": ("campaign__closed_at", MOMENT),
        "final": ("final_state", pl.String()),
        "filled": ("filled", pl.Boolean()),
        "signed_in": ("signed_in", pl.Boolean()),
    }
    told = read(_begun(reader, rows.annotate(final_state=KT("final__state"))).order_by("pk"), columns)
    steps = Step.objects.filter(entry__in=rows, recorded_at__lt=reader.end).exclude(kind=EXTEND).order_by("pk")
    of_step = {"entry": ("entry_id", pl.Int64()), "step": ("state", pl.String()), "moment": ("recorded_at", MOMENT)}
    last = read(steps, of_step).unique("entry", keep="last", maintain_order=True)
    closed = pl.col("closed_at") < reader.end.astimezone(UTC)
    before = pl.when("filled").then(pl.lit("filling")).when("signed_in").then(pl.lit("empty"))
    state = (
        pl.when(closed & pl.col("final").is_not_null())
        .then("final")
        .otherwise(pl.coalesce(pl.col("step").replace("", None), before.otherwise(pl.lit("unseen"))))
    )
    stated = told.join(last, on="entry", how="left", maintain_order="left").with_columns(state=state)
    return reader.owned(
        stated.with_columns(
            reported=pl.col("state").is_in(REPORTED),
            verified=pl.col("state") == VERIFIED,
            data_date=day_of("moment"),
        ).drop("closed_at", "final", "filled", "signed_in", "step", "moment")
    )


def _begun(reader: Reader, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add whether the ledger of the site had news by then, and whether anybody had signed in."""
    members = Membership.objects.filter(organisation=OuterRef(OuterRef("org"))).values("user")
    since = {"started_at__gte": OuterRef("campaign__started_at"), "started_at__lt": reader.end}
    return rows.annotate(
        filled=ExpressionWrapper(filled(reader.end), output_field=BooleanField()),
        signed_in=Exists(SignIn.objects.filter(user__in=members, **since)),
    )

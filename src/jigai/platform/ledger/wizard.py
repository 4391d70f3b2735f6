"""A ledger in the wizard: how it is read, whose it may be, and what a person says of it as a whole.

``context`` of such an upload has ``site`` (number, or None while it is open), ``why`` (the sign the site was proposed
by, or *chosen*), ``confirmed`` (a person said so), ``firms`` (enterprises proposed) and ``whole`` (it is the whole
ledger of the site).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jigai.ledger import read_ledger
from jigai.platform.enterprises.models import LegalPerson, Site
from jigai.platform.imports.errors import ImportRefusedError
from jigai.platform.imports.models import Upload
from jigai.platform.imports.reading import Reading
from jigai.platform.imports.subjects import Asked, Context, Found
from jigai.platform.ledger.bulk import firms
from jigai.platform.ledger.owners import Proposal, propose
from jigai.platform.ledger.returned import drafts_of, with_formers
from jigai.platform.ledger.services import FINANCIAL
from jigai.platform.ledger.sites import site_words
from jigai.platform.walls.actor import Actor

JOB: Final = "ledger.take_upload"
FEW: Final = 20
"""Sites that are offered in a list; more of them are found by typing."""
WHY: Final = {
    "code": gettext_lazy("信用代码"),
    "cell": gettext_lazy("表内单位名称"),
    "file": gettext_lazy("文件名"),
    "sender": gettext_lazy("上传单位"),
    "alike": gettext_lazy("名称相近"),
}
_HOLDING: Final = ("no_name_no_model", "quantity_doubtful", "quantity_shared")
"""Problems that keep a line out: what it is, or how many, is not told."""
_SHOWN: Final = 3
_MONEY: Final = re.compile("值|价|元|金额|费|成本|折旧")
"""Words of headers behind which money may stand."""


def read(asked: Asked) -> Found:
    """Read a ledger as the command line does; hold back lines that do not say what they are or how many.

    What keeps a line out is an error here, a cell that is merely not used a question: the line comes in without it.
    """
    ledger = read_ledger(
        asked.data,
        mapping=asked.headers,
        source_file=asked.name,
        as_of=asked.as_of,
        corrections=asked.corrections,
        on_grid=asked.on_grid,
    )
    line = pl.col("row").is_not_null()
    severity = (
        pl.when(pl.col("code").is_in(_HOLDING))
        .then(pl.lit("error"))
        .when(line & (pl.col("severity") == "error"))
        .then(pl.lit("question"))
        .otherwise("severity")
    )
    problems = ledger.problems.with_columns(severity.alias("severity"))
    return Found(_held(ledger.devices), problems, ledger.sheets, ledger.refused, ledger.format)


def _held(lines: pl.DataFrame) -> pl.DataFrame:
    there = [pl.col(name) for name in ("name", "model") if name in lines.columns]
    unnamed = pl.all_horizontal(one.is_null() for one in there) if there else pl.lit(value=True)
    uncounted = pl.col("quantity").is_null() if "quantity" in lines.columns else pl.lit(value=False)
    held = pl.when(unnamed).then(pl.lit("name")).when(uncounted).then(pl.lit("quantity")).otherwise(pl.lit(""))
    return lines.with_columns(held.alias("held"))


def holds_money(reading: Reading) -> bool:
    """Say whether a ledger tells what machines cost, in a column that was recognised or one that sounds like it."""
    columns = [column for sheet in reading.sheets for column in sheet["columns"]]
    return reading.refused or any(
        column["attribute"] in FINANCIAL or (not column["attribute"] and _MONEY.search(column["label"]))
        for column in columns
    )


def begin(actor: Actor, upload: Upload, reading: Reading) -> Context:
    """Propose whose ledger a file is, unless that was said when it was handed in."""
    context = {"site": None, "why": "", "confirmed": False, "firms": [], "whole": True} | upload.context
    if context["site"]:
        _own(upload, Site.objects.get(pk=context["site"]))
        return context
    sender = _sender(actor)
    proposal = propose(firms(), cells=_named(reading.rows), file_name=upload.file_name, sender=sender)
    found = _only_site(proposal)
    if found is not None:
        # The enterprise itself sends its only site's ledger and nothing in it speaks against that.
        own = proposal.sure and found.legal_person_id == sender
        context |= {"site": found.pk, "confirmed": own}
        _own(upload, found)
    return context | {"why": proposal.why, "firms": [one.number for one in proposal.firms[:_SHOWN]]}


def _named(rows: pl.DataFrame) -> list[str]:
    if "enterprise" not in rows.columns:
        return []
    return rows["enterprise"].drop_nulls().unique(maintain_order=True).head(_SHOWN).to_list()


def _sender(actor: Actor) -> int | None:
    organisation = actor.organisation
    person = LegalPerson.objects.filter(org=organisation).first() if organisation else None
    return person.pk if person else None


def _only_site(proposal: Proposal) -> Site | None:
    """Return the only site of the one enterprise proposed; without a proposal, the only one in sight."""
    if len(proposal.firms) > 1:
        return None
    rows = Site.objects.filter(active=True)
    of_firm = rows.filter(legal_person_id=proposal.firms[0].number) if proposal.firms else rows
    sites = list(of_firm[:2])
    return sites[0] if len(sites) == 1 else None


def _own(upload: Upload, site: Site) -> None:
    """Give the upload to the site: its enterprise and its managing unit see it."""
    for name, value in site.scope_columns().items():
        setattr(upload, name, value)


def about(actor: Actor, upload: Upload | None) -> dict[str, Any]:
    """Return what is asked of the ledger as a whole, with the answer so far."""
    words = site_words()
    context: Context = upload.context if upload else {"site": None, "whole": True}
    proposed = Site.objects.filter(legal_person__in=context.get("firms", []), active=True) if upload else ()
    return {
        "site": context["site"],
        "word": words.get(context["site"] or 0, ""),
        "offered": words if len(words) <= FEW else {},
        "typed": words.values() if len(words) > FEW else (),
        "proposed": [words[one.pk] for one in proposed if one.pk in words],
        "only": next(iter(words.values())) if len(words) == 1 and _sender(actor) else "",
        "why": WHY.get(context.get("why", ""), ""),
        "confirmed": context.get("confirmed", False),
        "whole": context["whole"],
    }


def given(actor: Actor, form: Mapping[str, str]) -> Context:
    """Return what the form of the first page says: the site, if one was chosen, and whether it is all of it.

    Raises:
        ImportRefusedError: no site in sight is called so.
    """
    site = _chosen(form.get("site", ""))
    context: dict[str, Any] = {"whole": "whole" in form}
    return context | {"site": site, "why": "chosen", "confirmed": True} if site else context


def settle(actor: Actor, upload: Upload, form: Mapping[str, str]) -> None:
    """Take in which site the ledger is of, and whether it is all of it.

    Raises:
        ImportRefusedError: no site is named, or none in sight is called so.
    """
    site = _chosen(form.get("site", ""))
    if site is None:
        raise ImportRefusedError(_("请选择这是哪个厂区的台账。"))
    upload.context = {**upload.context, "site": site, "confirmed": True, "whole": "whole" in form}
    _own(upload, Site.objects.get(pk=site))


def _chosen(text: str) -> int | None:
    """Return the site a person chose by its number or by what it is called."""
    words = site_words()
    typed = text.strip()
    if not typed:
        return None
    if typed.isdecimal() and len(typed) < 19 and int(typed) in words:
        return int(typed)
    found = [pk for pk, word in words.items() if word == typed]
    if len(found) != 1:
        raise ImportRefusedError(_("没有叫“%(name)s”的厂区，请从列表里选。") % {"name": typed[:60]})
    return found[0]


def lines_of(upload: Upload, reading: Reading) -> pl.DataFrame:
    """Return the lines of a ledger as they are taken in, held ones included."""
    lines = reading.rows.with_columns(
        site=pl.lit(upload.context["site"], pl.Int64), upload=pl.lit(upload.pk, pl.Int64)
    ).unique("device_id", keep="first", maintain_order=True)
    return with_formers(lines, upload.content_hash, drafts_of(upload))

"""What the nameplate must show to confirm or refute a finding, in plain words, for the people who go and look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from jigai.ledger.columns import attribute_dtypes
from jigai.reference import Reference
from jigai.reference.condition import Condition, Test
from jigai.screening.lists.rulebook import Rulebook, rulebook
from jigai.screening.lists.wording import attribute, condition_in_words
from jigai.screening.sentences import Language, templates

ON_LISTS: Final = ("elimination", "guidance")
ON_PLATES: Final = (*ON_LISTS, "efficiency", "service_life")
"""Checks a nameplate can settle."""
_SHOWN: Final = 8
"""Models or series named in one sentence."""
_OPPOSITE: Final = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "=": "!=", "!=": "=", "in": "!="}
_STANDARD: Final = re.compile(r"(GB|JB|DB)\S* \S+")
_GLUE: Final = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Look:
    """What to look for because of one finding.

    ``read`` are the attributes to read off the plate; ``confirm`` says what the plate shows where the finding is
    right, ``refute`` where it is not (empty where there is no such reading). Both languages stand beside each other.
    """

    check: str
    read: tuple[str, ...]
    confirm_zh: str
    confirm_en: str
    refute_zh: str = ""
    refute_en: str = ""

    @property
    def zh(self) -> str:
        """Both in one Chinese sentence."""
        return "；".join(part for part in (self.confirm_zh, self.refute_zh) if part)

    @property
    def en(self) -> str:
        """Both in one English sentence."""
        return "; ".join(part for part in (self.confirm_en, self.refute_en) if part)


def look_for(reference: Reference, as_of: date, finding: Mapping[str, Any], kind: str = "") -> Look | None:
    """Return what a nameplate must show to confirm or refute ``finding``; None where no plate can settle it.

    Args:
        reference: what is in force.
        as_of: the day of the judgement.
        finding: a row of ``findings`` (``check, outcome, rule_id, document, clause, metric, value, limit, unit,
            missing``).
        kind: the kind of the device, for findings that rest on no single row.
    """
    if finding["check"] not in ON_PLATES or finding["outcome"] in {"clear", "out_of_scope", "within"}:
        return None
    said = [_said(reference, as_of, finding, kind, language) for language in ("zh", "en")]
    (confirm_zh, refute_zh), (confirm_en, refute_en) = said
    return Look(finding["check"], _to_read(reference, finding), confirm_zh, confirm_en, refute_zh, refute_en)


def _to_read(reference: Reference, finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what to read: what is missing, what the row tests, and the model on which lists go."""
    wanted = [name for name in (finding["missing"] or "").split(";") if name in attribute_dtypes()]
    if finding["check"] in ON_LISTS:
        rule = _rule(reference, finding)
        wanted += ["model", *(test.asks for test in (_condition(reference, finding, rule).tests if rule else ()))]
    elif finding["check"] == "service_life":
        wanted += ["made_year"]
    elif finding["metric"] in attribute_dtypes():
        wanted += ["model", finding["metric"]]
    return tuple(dict.fromkeys(wanted))


def _said(
    reference: Reference, as_of: date, finding: Mapping[str, Any], kind: str, language: Language
) -> tuple[str, str]:
    if finding["check"] in ON_LISTS:
        return _of_list(reference, finding, kind, language)
    if finding["check"] == "service_life" and finding["limit"] is not None:
        year, limit = f"{as_of.year - int(finding['limit'])}", f"{finding['limit']:g}"
        return _say("life_confirm", language, year=year, limit=limit), _say("life_refute", language, year=year)
    if finding["check"] == "efficiency" and finding["outcome"] != "undecided":
        return _of_figure(finding, language)
    return _open(finding, language), ""


def _of_list(reference: Reference, finding: Mapping[str, Any], kind: str, language: Language) -> tuple[str, str]:
    rule = _rule(reference, finding)
    document = _short(finding["document"] or "")
    if rule is None:
        texts = _series_of(rulebook(reference, finding["check"]), kind)
        if "model" not in (finding["missing"] or "").split(";") or not texts:
            return _open(finding, language), ""
        confirm = _say(
            "series_open",
            language,
            texts=_some(texts, language),
            outcome=_say("eliminate", language),
            document=document,
        )
        return confirm, _say("series_else", language)
    condition = _condition(reference, finding, rule)
    texts, how = _texts(rulebook(reference, finding["check"]), rule, lead=finding["basis"] == "inferred")
    words = condition_in_words(condition, language)
    confirm = _say(
        "list_confirm",
        language,
        what=_say(_what(how, texts), language, texts=_some(texts, language), product=rule["product_zh"]),
        condition=_say("and", language, condition=words) if words else "",
        outcome=_say(rule["outcome"], language),
        document=document,
        clause=finding["clause"] or "",
    )
    key = "list_refute_kind" if how == "kind" else "list_refute"
    return confirm, _say(key, language, unless=_unless(condition, language))


def _of_figure(finding: Mapping[str, Any], language: Language) -> tuple[str, str]:
    metric, limit, value = finding["metric"], finding["limit"], finding["value"]
    document = _short(finding["document"] or "")
    if limit is None or value is None or metric not in attribute_dtypes():
        return _say("grade_confirm", language, document=document), _say("grade_refute", language)
    higher_is_worse = (value > limit) == (finding["outcome"] == "below_limit")
    item = attribute(metric)
    named = {
        "metric": item.zh if language == "zh" else item.en,
        "limit": f"{limit:,.10g} {finding['unit'] or ''}".strip(),
        "document": document,
        "worse": _say("more" if higher_is_worse else "less", language),
        "better": _say("at_most" if higher_is_worse else "at_least", language),
    }
    return _say("figure_confirm", language, **named), _say("figure_refute", language, **named)


def _open(finding: Mapping[str, Any], language: Language) -> str:
    missing = [name for name in (finding["missing"] or "").split(";") if name]
    known = [name for name in missing if name in attribute_dtypes()]
    if missing and not known:
        return _say("elsewhere", language, missing=_GLUE[language].join(missing))
    if not known:
        return _say("doubt", language)
    asked = [attribute(name).asked_zh if language == "zh" else attribute(name).en for name in known]
    return _say("open", language, missing=_GLUE[language].join(asked))


def _unless(condition: Condition, language: Language) -> str:
    """Return what else refutes: the opposite of the one test there is, or that any of several fails."""
    if not condition.tests:
        return ""
    if len(condition.tests) > 1:
        return _say("unless_any", language)
    test = condition.tests[0]
    other = Condition("", (Test(test.field, _OPPOSITE[test.op], test.values),))
    return _say("unless", language, condition=condition_in_words(other, language))


def _rule(reference: Reference, finding: Mapping[str, Any]) -> dict[str, Any] | None:
    if not finding["rule_id"]:
        return None
    book = rulebook(reference, finding["check"])
    found = book.rules.filter(pl.col("entry_id") == finding["rule_id"])
    return found.row(0, named=True) if found.height else None


def _condition(reference: Reference, finding: Mapping[str, Any], rule: Mapping[str, Any]) -> Condition:
    text = rule["common"] if _is_lead(rule, finding) else rule["condition"]
    return rulebook(reference, finding["check"]).conditions[text] if text else Condition("", ())


def _is_lead(rule: Mapping[str, Any], finding: Mapping[str, Any]) -> bool:
    """Say whether a row was hit by a series of which it names some models only."""
    return finding["basis"] == "inferred" and rule["series_whole"] is False


def _texts(book: Rulebook, rule: Mapping[str, Any], lead: bool) -> tuple[Sequence[str], str]:
    """Return the series or models a row names, and which of the two; by kind alone where it names none.

    Of a ``lead`` all models of the series count that the same list names, for any of them confirms it.
    """
    series = book.series.filter(pl.col("rule") == rule["rule"])
    if lead and rule["series_whole"] is False and series.height:
        of_list = book.rules.filter(pl.col("dataset") == rule["dataset"]).select("rule")
        alike = book.series.join(series.select("group", "key"), on=["group", "key"], how="semi").join(
            of_list, on="rule"
        )
        models = book.models.join(alike.select("rule"), on="rule", how="semi")
    else:
        models = book.models.filter(pl.col("rule") == rule["rule"])
    for how, keys in (("model", models), ("series", series)):
        found = keys["text"].unique(maintain_order=True).to_list()
        if found:
            return found, how
    return [], "kind"


def _series_of(book: Rulebook, kind: str) -> Sequence[str]:
    rules = book.rules.filter((pl.col("kind") == kind) & (pl.col("outcome") == "eliminate")).select("rule")
    return book.series.join(rules, on="rule", how="semi")["text"].unique(maintain_order=True).to_list()


def _what(how: str, texts: Sequence[str]) -> str:
    return "series_many" if how == "series" and len(texts) > _SHOWN else how


def _some(texts: Sequence[str], language: Language) -> str:
    shown = _GLUE[language].join(texts[:_SHOWN])
    return shown + _say("many", language, n=len(texts)) if len(texts) > _SHOWN else shown


def _short(document: str) -> str:
    """Return the title of a document without its number, or the number of a standard without its title."""
    if "》" in document:
        return document.partition("》")[0] + "》"
    standard = _STANDARD.match(document)
    return standard[0] if standard else document


def _say(key: str, language: Language, **parts: Any) -> str:
    return templates("jigai.screening", "onsite.csv")[key][language].format(**parts)

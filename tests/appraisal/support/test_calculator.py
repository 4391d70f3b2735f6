"""What must hold of every list of answers, whatever the case."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.appraisal.support.cases import DAY, ask, held, load, one, reference

from jigai.appraisal.support.answers import Answer, Checked, settled
from jigai.appraisal.support.calculator import support
from jigai.appraisal.support.case import Case, Given, Item, Loan, Repayment, Tranche
from jigai.appraisal.support.words import TAX_NOTE, Said, said

FIRM = ("transcribed", "secondary")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": st.just("其他"),
    "number": st.integers(0, 10**9).map(lambda n: Decimal(n) / 10) | st.sampled_from([Decimal(5), Decimal(80)]),
    "flag": st.booleans(),
    "date": st.dates(date(2023, 1, 1), date(2029, 12, 31)),
}


def facts(subject: str) -> st.SearchStrategy[dict[str, Given]]:
    """Any facts about a thing, some unknown, from any origin."""
    optional = {}
    for field in held().fields.values():
        value = st.sampled_from(field.choices) if field.choices else VALUES[field.type]
        if field.name in ("quantity", "tax_life_years"):
            value = st.integers(1, 20).map(Decimal)
        if field.name == "salvage_share_pct":
            value = st.integers(0, 100).map(Decimal)
        if field.name in ("province_code", "city_code"):
            value = st.sampled_from(["51", "5104", "50"])
        if field.subject == subject:
            optional[field.name] = st.builds(Given, value, st.sampled_from(["invoice", "enterprise"]))
    return st.fixed_dictionaries({}, optional=optional)


AMOUNTS = st.integers(1, 10**9).map(lambda fen: Decimal(fen) / 100)
DAYS = st.none() | VALUES["date"]
LOANS = st.builds(
    Loan,
    st.just("贷款"),
    facts("loan"),
    st.lists(st.builds(Tranche, AMOUNTS, DAYS, DAYS), max_size=3).map(tuple),
    st.lists(st.builds(Repayment, VALUES["date"], AMOUNTS), max_size=2).map(tuple),
)
CASES = st.builds(
    Case,
    facts("enterprise"),
    facts("project"),
    st.lists(facts("item"), max_size=3).map(lambda all_: tuple(Item(str(n), one) for n, one in enumerate(all_))),
    st.lists(LOANS, max_size=1).map(tuple),
    st.dictionaries(st.integers(2024, 2032), AMOUNTS, max_size=5),
)
AS_OF = st.dates(date(2023, 6, 1), date(2028, 6, 1))
MANY = settings(deadline=None, max_examples=50)


@MANY
@given(CASES, AS_OF)
def test_nothing_recalled_ever_makes_an_answer_eligible(case: Case, as_of: date) -> None:
    for answer in support(case, as_of, reference()):
        if answer.status == "eligible":
            assert all(check.holds and check.certainty in FIRM for check in answer.checks), answer.instrument
            assert answer.certainty in FIRM and answer.missing == answer.failed == ()
        if answer.status == "not":
            assert answer.failed and any(c.holds is False and c.certainty in FIRM for c in answer.checks)


@MANY
@given(CASES, AS_OF)
def test_amounts_are_bands_and_only_of_what_can_be_had(case: Case, as_of: date) -> None:
    for answer in support(case, as_of, reference()):
        assert all(0 <= year.low <= year.high for year in answer.amounts)
        assert answer.status == "eligible" or answer.low == 0
        assert answer.status != "not" or not (answer.amounts or answer.draft)
        assert answer.status == "not" or answer.amounts or answer.no_amount or answer.high == 0
        assert answer.certainty in FIRM or not answer.amounts
        assert all(held().instruments[answer.instrument].public_money for _ in answer.amounts)


@MANY
@given(CASES, AS_OF)
def test_credits_of_a_year_are_within_its_tax_payable(case: Case, as_of: date) -> None:
    credits = [a for a in support(case, as_of, reference()) if a.instrument in ("TX-01", "TX-02") and a.private]
    for year in {year.year for answer in credits for year in answer.amounts}:
        most = case.tax_payable[year or 0]
        assert sum(y.high for answer in credits for y in answer.amounts if y.year == year) <= most
        assert sum(y.low for answer in credits for y in answer.amounts if y.year == year) <= most


@MANY
@given(CASES, AS_OF)
def test_every_tax_answer_says_first_that_the_enterprise_judges_itself(case: Case, as_of: date) -> None:
    for answer in support(case, as_of, reference()):
        tax = held().instruments[answer.instrument].tax
        assert (answer.notes[:1] == (TAX_NOTE,)) is tax
    assert TAX_NOTE.zh == "仅供参考，由企业自行判别申报。"


@MANY
@given(CASES, AS_OF, st.data())
def test_knowing_less_never_settles_anything(case: Case, as_of: date, data: st.DataObject) -> None:
    """A fact of enterprise or project taken away leaves an answer as it was, or makes it undecided."""
    names = sorted({*case.enterprise, *case.project})
    if not names:
        return
    gone = data.draw(st.sampled_from(names))
    less = replace(
        case,
        enterprise={name: fact for name, fact in case.enterprise.items() if name != gone},
        project={name: fact for name, fact in case.project.items() if name != gone},
    )
    before = {(a.instrument, a.subject): a.status for a in support(case, as_of, reference())}
    for answer in support(less, as_of, reference()):
        assert answer.status in ("undecided", before[answer.instrument, answer.subject])


@MANY
@given(CASES, AS_OF)
def test_sure_answers_come_first_and_the_order_of_items_does_not_matter(case: Case, as_of: date) -> None:
    answers = support(case, as_of, reference())
    ranks = [("eligible", "undecided", "not").index(answer.status) for answer in answers]
    assert ranks == sorted(ranks)
    turned = replace(case, items=case.items[::-1])
    assert support(turned, as_of, reference()) == answers


@settings(deadline=None, max_examples=25)
@given(CASES, AS_OF)
def test_sentences_are_whole_in_both_languages(case: Case, as_of: date) -> None:
    for answer in support(case, as_of, reference()):
        told = [*answer.missing, *answer.failed, *answer.notes, *([answer.no_amount] if answer.no_amount else [])]
        for sentence in told:
            assert sentence.zh.endswith("。") and "None" not in sentence.zh and "{" not in sentence.zh
            assert sentence.en.endswith(".") and "None" not in sentence.en and "{" not in sentence.en


def test_one_sample_fact_marks_all_that_may_rest_on_it() -> None:
    sample = {"value": True, "origin": "city_assumption", "sample": True}
    answers = ask({"project": {"on_national_list": sample}, "items": [{"key": "甲"}]})
    assert one(answers, "FN-05").sample and not one(answers, "FN-03").sample
    assert said("sample") in one(answers, "FN-05").notes
    loan = {"key": "贷款", "sample": True, "tranches": [{"amount": 1, "drawn_on": "2026-03-01"}]}
    assert one(ask({"loans": [loan]}), "FN-05").sample


def test_what_was_stated_is_to_be_proved() -> None:
    found = one(ask(load("answers")[0]["case"]), "FN-05")
    assert [proof.zh for proof in found.proofs] == ["列入清单的文件", "贷款合同", "资金用途证明"]
    assert "银行回单" in found.next.zh and "bank slip" in found.next.en
    assert {check.origin for check in found.checks if check.field != "window"} == {"enterprise"}


def test_an_answer_tells_where_its_facts_came_from() -> None:
    item = {"key": "甲", "origin": "quotation", "unit_value_yuan": {"value": 5, "origin": "invoice"}, "vat_yuan": 1}
    loan = {"key": "贷款", "origin": "supply_list", "tranches": [{"amount": 1, "drawn_on": "2026-03-01"}]}
    answers = ask({"project": {"on_national_list": True}, "items": [item], "loans": [loan]})
    assert one(answers, "TX-01").origins == ("invoice", "quotation")
    assert one(answers, "FN-05").origins == ("enterprise", "supply_list")
    assert one(answers, "SM-01").origins == ()


def test_a_number_that_was_not_read_in_the_document_is_to_be_checked() -> None:
    unsure = {answer.instrument for answer in ask({}) if answer.number_unsure}
    assert unsure == {"TX-01", "TX-03", "TX-04", "TX-05", "FN-01", "FN-04", "FN-05", "GU-01", "SM-01"}


def test_what_a_user_is_told_comes_with_document_and_certainty() -> None:
    for answer in ask({}):
        assert answer.document and answer.title.zh and answer.title.en and answer.next.zh
        assert all(check.clause or check.field in ("drawn_on", "paid_on") or not check.firm or check.proof
                   for check in answer.checks)  # fmt: skip


def test_a_day_that_may_decide_and_is_not_said_is_asked_for() -> None:
    loan = {"key": "贷款", "national_bank": True, "tranches": [{"amount": 1, "paid_on": "2026-03-01"}]}
    found = one(ask({"loans": [loan]}), "FN-05")
    assert any("贷款发放日" in sentence.zh for sentence in found.missing)


def check(holds: bool | None, certainty: str | None) -> Checked:
    return Checked("x", Said("", ""), "", holds, certainty)


def test_how_outcomes_settle() -> None:
    yes, no, unknown = check(True, "transcribed"), check(False, "secondary"), check(None, None)
    recalled_no, recalled_yes = check(False, "recalled"), check(True, "doubtful")
    assert settled((yes, yes)) == ("eligible", False)
    assert settled((yes, no, unknown, recalled_no)) == ("not", False)
    assert settled((yes, unknown)) == ("undecided", False)
    assert settled((yes, recalled_yes)) == ("undecided", False)
    assert settled((yes, recalled_no)) == ("undecided", True)
    assert settled(()) == ("undecided", False)


def test_every_sentence_has_a_user_and_both_languages_the_same_gaps() -> None:
    folder = files("jigai.appraisal.support")
    rows = list(csv.DictReader((folder / "data/sentences.csv").read_text(encoding="utf-8").splitlines()))
    code = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name.endswith(".py"))
    named = {one.why_no_amount for one in held().instruments.values()}
    named |= {one.name for i in held().instruments.values() for one in i.parameters if one.unit == "word"}
    built = {"window_before", "window_after", "case_text", "case_number", "case_flag", "case_date"}
    assert [r["key"] for r in rows if f'"{r["key"]}"' not in code and r["key"] not in named | built] == []
    for row in rows:
        zh, en = (set(re.findall(r"\{(\w+)", row[language])) for language in ("zh", "en"))
        assert en <= zh | {"name"} and row["zh"] and row["en"], row["key"]


def test_answers_for_an_empty_case_name_every_instrument_once() -> None:
    answers: list[Answer] = ask({}, DAY)
    assert sorted(answer.instrument for answer in answers) == sorted(held().instruments)
    assert not any(answer.status == "eligible" for answer in answers)

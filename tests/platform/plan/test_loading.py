"""A plan taken in, told apart from the one before, put in force; figures go by its parameters."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from tests.platform.plan.boards import PANZHIHUA, TEXTILES, in_force
from tests.platform.plan.conftest import work

from jigai.plan.file import PlanError
from jigai.platform.audit.models import Event
from jigai.platform.jobs.models import Job
from jigai.platform.plan import loading, versions
from jigai.platform.plan.comparing import changes
from jigai.platform.plan.models import Computing, IndicatorValue, PlanVersion
from jigai.platform.plan.work import in_use

pytestmark = pytest.mark.django_db
CONTENT = (PANZHIHUA / "plan.yaml").read_bytes()
TEXT = {"text.txt": (PANZHIHUA / "text.txt").read_bytes()}


def load(doing, content=CONTENT, texts=TEXT, role="city_officer"):
    return doing(lambda actor: loading.load(actor, content, texts), role)


def test_a_plan_is_stored_with_its_text_and_told_in_the_trail(city, doing):
    version = load(doing)
    plan = versions.plan_of(version)
    assert (version.title, version.text_file, version.in_force) == (plan.title.zh, "text.txt", False)
    assert version.content_hash == plan.content_hash
    assert plan.text.content == version.text
    assert Event.unscoped.filter(action="plan.loaded", object_id=str(version.pk)).exists()


def test_the_same_file_is_stored_once(city, doing):
    assert load(doing) == load(doing, CONTENT.replace(b"\n", b"\r\n")) == PlanVersion.objects.get()


def test_every_fault_names_file_and_line_and_nothing_is_stored(city, doing):
    with pytest.raises(PlanError) as caught:
        load(doing, CONTENT.replace("超200亿元".encode(), "超300亿元".encode()).replace(b"by: 2027", b"by: 2O27", 1))
    assert len(caught.value.faults) >= 2
    assert all(one.line and one.file == "plan.yaml" for one in caught.value.faults)
    assert not PlanVersion.objects.exists()


def test_a_text_that_is_not_there_is_said(city, doing):
    with pytest.raises(PlanError, match=r"text\.txt"):
        load(doing, texts={})


@pytest.mark.parametrize("role", ["county_officer", "city_head", "enterprise_head"])
def test_only_who_keeps_the_plan_loads_one(city, doing, role):
    with pytest.raises(PermissionDenied):
        load(doing, role=role)


def test_a_parameter_this_release_cannot_compute_with_is_refused(city, doing):
    wrong = CONTENT.replace(b"value: 0.8\n    unit", b"value: 8\n    unit")
    assert wrong != CONTENT
    with pytest.raises(ValidationError, match="reportable_share"):
        load(doing, wrong)


def test_figures_go_by_the_plan_in_force_and_its_parameters(city, doing):
    assert in_use().parameters == {}
    first = load(doing)
    basis = in_use().basis
    job = doing(lambda actor: loading.put_in_force(actor, first, "市政府已印发"))
    assert in_use().parameters["reportable_share"] == Decimal("0.8")
    assert in_use().basis != basis
    event = Event.unscoped.get(action="plan.in_force")
    assert (event.reason, event.after["version"]) == ("市政府已印发", first.pk)
    work()
    assert Job.unscoped.get(pk=job.pk).state == "done"
    assert Computing.objects.get().basis == in_use().basis
    assert IndicatorValue.objects.filter(indicator="equipment_investment_cumulative", partition="city").exists()
    second = load(doing, CONTENT.replace(b"value: 0.8\n    unit", b"value: 0.9\n    unit"))
    doing(lambda actor: loading.switch(actor, second))
    assert in_use().parameters["reportable_share"] == Decimal("0.9")
    assert versions.in_force().pk == second.pk
    assert PlanVersion.objects.filter(in_force=True).count() == 1


def test_what_is_in_force_is_not_put_in_force_again(city, doing):
    version = in_force()
    with pytest.raises(ValidationError, match="已经在用"):
        doing(lambda actor: loading.switch(actor, version))


def test_another_plan_differs_in_words(city, doing):
    before = versions.plan_of(in_force())
    after = versions.plan_of(load(doing, CONTENT.replace(b"value: 200\n", b"value: 220\n")))
    assert changes(before, before) == []
    found = changes(before, after)
    assert [(one.kind, one.key) for one in found] == [("objective", "O1")]
    assert "200" in found[0].before
    assert "220" in found[0].after
    assert changes(before, after, "en")[0].after.startswith("New equipment investment")


def test_against_no_plan_everything_is_new_and_a_former_entry_is_told_as_gone(city):
    plan, other = (versions.plan_of(in_force(folder)) for folder in (PANZHIHUA, TEXTILES))
    new = changes(None, plan)
    assert {one.before for one in new} == {""}
    gone = {(one.kind, one.key): one.after for one in changes(plan, other)}
    assert gone["objective", "O1"] == ""
    assert gone["text", "text.txt"] != ""


def test_units_the_site_has_no_code_for_are_named(city):
    assert "钒钛" in "".join(loading.strangers(versions.plan_of(in_force())))
    assert loading.strangers(versions.plan_of(in_force(TEXTILES)))[0] == "经线区"


@pytest.mark.slow
def test_the_command_loads_computes_and_says_what_is_asked(city, capsys):
    call_command("load_plan", str(PANZHIHUA))
    said = capsys.readouterr().out
    assert "目标 15 项" in said
    assert "待市里确定" in said
    assert versions.in_force().plan.id == "panzhihua-2024"
    assert Computing.objects.get().basis == in_use().basis
    call_command("load_plan", str(PANZHIHUA))
    assert PlanVersion.objects.count() == 1


def test_the_command_names_every_fault(city, tmp_path):
    (tmp_path / "plan.yaml").write_bytes(CONTENT.replace(b"by: 2027", b"by: 2O27"))
    (tmp_path / "text.txt").write_bytes(TEXT["text.txt"])
    with pytest.raises(CommandError, match=r"plan\.yaml 第\d+行"):
        call_command("load_plan", str(tmp_path))
    with pytest.raises(CommandError):
        call_command("load_plan", str(tmp_path / "nowhere"))


def test_the_shipped_plan_is_found_beside_the_source():
    assert versions.shipped("panzhihua-2024") == PANZHIHUA
    assert versions.shipped("no-such-plan") is None

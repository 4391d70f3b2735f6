"""Every process judges by the set in use, notices another one at once, and refuses where it holds other facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.core.management import call_command
from tests.platform.standards.conftest import work
from tests.platform.standards.making import manifest, rules
from tests.platform.standards.test_changes import in_use, rehearsed, screened, seen

from jigai.platform.enterprises import reference as of_forms
from jigai.platform.jobs.models import Job
from jigai.platform.ops.checks import files
from jigai.platform.ops.serving import refuse_other_facts
from jigai.platform.ops.words import OpsError
from jigai.platform.registers import evaluation
from jigai.platform.screening import services as screening
from jigai.platform.screening.models import Run
from jigai.platform.standards import active, sets
from jigai.platform.standards.models import ReferenceSet
from jigai.reference import Reference

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 23)


@pytest.fixture
def own(tmp_path, settings):
    """A dataset of the city's own, named by the setting."""
    place = tmp_path / "own-list"
    place.mkdir()
    (place / "manifest.yaml").write_bytes(manifest(id="own-list"))
    (place / "rules.csv").write_bytes(rules())
    settings.ENV = {**settings.ENV, "reference": [str(place)]}
    return place


def test_web_forms_registers_and_runs_judge_by_one_set(judged):
    change = in_use(judged)
    for found in (active.reference(DAY), of_forms.reference(DAY), evaluation.facts(DAY)):
        assert found.has("city-list")
    assert active.reference(DAY).set_hash == seen(ReferenceSet)[-1].set_hash
    run = screened(judged)
    assert run.packages == [change.package.content_hash]
    assert run.reference_hash == active.reference(DAY).content_hash


def test_without_packages_it_is_what_the_command_line_judges_by():
    assert active.reference(DAY).content_hash == Reference.load(DAY).content_hash


def test_another_process_sees_an_activation_at_once(judged):
    """What one process keeps in memory is dropped when the file in the data folder changes."""
    before = active.reference(DAY)
    change = in_use(judged)
    told = json.loads(active._path().read_text(encoding="utf-8"))
    assert told["packages"] == [change.package.content_hash]
    assert not before.has("city-list")
    assert active.reference(DAY).has("city-list")


def test_classes_kept_from_the_facts_are_dropped_with_them(judged):
    made = []

    @active.kept
    def names(as_of):
        made.append(as_of)
        return sorted(active.reference(as_of).datasets)

    assert names(DAY) is names(DAY)
    in_use(judged)
    assert "city-list" in names(DAY)
    assert len(made) == 2


def test_a_lost_file_in_the_data_folder_is_written_again_from_the_database(judged):
    change = in_use(judged)
    active._path().unlink()
    assert active.in_use().packages == (change.package.content_hash,)
    assert active._path().exists()


@pytest.mark.slow
def test_the_worker_brings_a_stale_file_in_line(judged):
    change = in_use(judged)
    active.publish(active.InUse("0" * 64, ()))
    with pytest.raises(active.ReferenceMismatchError):
        active.reference(DAY)
    work()
    assert active.in_use().packages == (change.package.content_hash,)


@pytest.mark.parametrize("harm", ["lost", "changed"])
def test_a_package_lost_or_changed_on_the_disk_stops_judging_everywhere(judged, harm):
    change = in_use(judged)
    path = active.package_path(change.package.content_hash)
    if harm == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-30])
    active._loaded.cache_clear()  # as a process that has just started
    with pytest.raises(active.ReferenceMismatchError):
        active.reference(DAY)
    page = judged.client("city_officer")
    page.raise_request_exception = False
    answer = page.get("/standards/")
    assert answer.status_code == 503
    assert "停止判定" in answer.content.decode() or "不能判定" in answer.content.decode()
    assert files.reference("zh").state == "fail"
    with pytest.raises(OpsError):
        refuse_other_facts()


def test_a_run_under_other_facts_fails_with_the_remedy_and_changes_nothing(judged, own):
    from tests.platform.standards.conftest import acting

    before = len(seen(Run))
    with acting(judged, "city_officer") as actor:
        run = screening.start(actor, [judged.east_site.pk], DAY)
    work()
    job = seen(Job, pk=run.job_id)[0]
    assert job.state == "failed"
    assert "adopt_reference" in job.error
    assert len(seen(Run, state="done")) == before


def test_other_data_of_the_city_is_adopted_by_a_command_and_then_judged_by(judged, own, capsys):
    assert files.reference("zh").key == "reference_other"
    call_command("adopt_reference")
    assert "已更新" in capsys.readouterr().out
    assert files.reference("zh").state == "ok"
    assert active.reference(DAY).has("own-list")
    assert [one.why for one in seen(ReferenceSet)] == ["first", "release"]
    call_command("adopt_reference")
    assert "没有变化" in capsys.readouterr().out


def test_data_that_does_not_load_is_not_adopted(own):
    (own / "rules.csv").write_text("broken\n", encoding="utf-8")
    sets._remembered.cache_clear()
    assert sets.adopt() is None
    assert len(seen(ReferenceSet)) == 1


@pytest.mark.slow
def test_a_change_approved_while_a_run_judges_is_judged_by(judged, monkeypatch):
    """The run looks again when it has judged: what came into use meanwhile is what it is judged by."""
    from tests.platform.standards.test_changes import approved, proposed

    from jigai.platform.screening import running

    change = proposed(judged)
    rehearsed(judged, change)
    judge_parts, times = running.judge_parts, []

    def meanwhile(*given):
        found = judge_parts(*given)
        if not times:
            approved(judged, change)
        times.append(1)
        return found

    monkeypatch.setattr(running, "judge_parts", meanwhile)
    run = screened(judged)
    assert len(times) == 2
    assert run.packages == [change.package.content_hash]


def test_a_server_with_other_facts_does_not_start(tmp_path):
    """The command itself, in a process of its own, with a data folder of another set."""
    folder = tmp_path / "data"
    (folder / "cache").mkdir(parents=True)
    told = {"set_hash": "0" * 64, "packages": []}
    (folder / "cache" / "reference-in-use.json").write_text(json.dumps(told), encoding="utf-8")
    place = {**os.environ, "JIGAI_DATA_DIR": str(folder), "JIGAI_DATABASE_URL": f"sqlite:///{folder}/x.sqlite3"}
    said = subprocess.run(
        [sys.executable, "-m", "jigai", "worker", "--once"], env=place, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert "不一致" in said.stderr
    assert "Traceback" not in said.stderr

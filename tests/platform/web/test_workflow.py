"""Workflow read from tables: what holds together is read as it is written, what does not is named with its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

import jigai.platform
from jigai.platform.walls.actor import Actor
from jigai.platform.walls.capabilities import capabilities
from jigai.platform.web import workflow
from jigai.platform.web.workflow import BADGES, SAME, START, WorkflowError, read_workflow

PLATFORM = Path(jigai.platform.__file__).parent
SHIPPED = sorted(PLATFORM.glob("*/*steps.csv"))
STATE = ["key", "zh", "en", "badge", "start", "open"]
STEP = ["key", "from", "to", "capability", "comment", "button", "zh", "en", "done_zh", "done_en"]
MAY = sorted(capabilities())[:5]


class Tables:
    """A folder of tables without a disk: what ``importlib.resources`` gives, as far as it is read."""

    def __init__(self, states, steps, *, path=""):
        self.states, self.steps, self.path = states, steps, path

    def joinpath(self, name):
        return Tables(self.states, self.steps, path=name)

    @property
    def name(self):
        return self.path

    def __str__(self):
        return f"app/{self.path}"

    def read_text(self, encoding):
        heading, rows = (STATE, self.states) if self.path.endswith("states.csv") else (STEP, self.steps)
        out = io.StringIO()
        writer = csv.DictWriter(out, heading, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()


def a_state(key, **more):
    return {"key": key, "zh": f"状态{key}", "en": f"state {key}", "badge": "busy", "start": "", "open": "0"} | more


def a_step(key, sources, to, **more):
    row = {"key": key, "from": "|".join(sources), "to": to, "capability": MAY[0], "comment": "optional", "button": ""}
    return row | {"zh": f"办理{key}", "en": f"do {key}", "done_zh": "已办。", "done_en": "Done."} | more


@st.composite
def sound(draw):
    """Tables that hold together: every state is where a thing starts, is begun in, or is led to from one before it."""
    keys = [f"s{place}" for place in range(draw(st.integers(1, 6)))]
    states, steps = [], []
    for place, key in enumerate(keys):
        how = draw(st.sampled_from(["start", "begun", "led"] if place else ["start", "begun"]))
        said = {"badge": draw(st.sampled_from(BADGES)), "open": draw(st.sampled_from("01"))}
        states.append(a_state(key, start="1" if how == "start" else draw(st.sampled_from(["", "0"])), **said))
        if how != "start":
            sources = [] if how == "begun" else [draw(st.sampled_from(keys[:place]))]
            steps.append(a_step(f"to_{key}", sources, key, **draw(shown())))
    for number in range(draw(st.integers(0, 5))):
        sources = draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
        steps.append(a_step(f"more{number}", sources, draw(st.sampled_from([*keys, SAME, START])), **draw(shown())))
    return Tables(draw(st.permutations(states)), draw(st.permutations(steps)))


@st.composite
def shown(draw):
    button = draw(st.sampled_from(["", "primary", "hidden"]))
    allowed = [*MAY, ""] if button == "hidden" else MAY
    comment = draw(st.sampled_from(["optional", "required"]))
    return {"button": button, "capability": draw(st.sampled_from(allowed)), "comment": comment}


def refused(tables):
    with pytest.raises(WorkflowError) as error:
        read_workflow(tables)
    return str(error.value).split("\n")


# ── what holds together ──


@given(tables=sound(), held=st.sets(st.sampled_from(MAY)))
def test_who_may_do_what_is_as_the_rows_say(tables, held):
    flow = read_workflow(tables)
    assert list(flow.states) == [row["key"] for row in tables.states]
    assert list(flow.steps) == [row["key"] for row in tables.steps]
    actor = Actor(capabilities=frozenset(held))
    for state in flow.states:
        expected = [
            row["key"]
            for row in tables.steps
            if state in row["from"].split("|") and row["capability"] in held and row["button"] != "hidden"
        ]
        assert [one.key for one in flow.steps_from(actor, state)] == expected
    assert set(flow.those("open")) == {row["key"] for row in tables.states if row["open"] == "1"}


@given(tables=sound())
def test_a_step_leads_where_its_row_says(tables):
    flow = read_workflow(tables)
    for row in tables.steps:
        step = flow.steps[row["key"]]
        assert step.required == (row["comment"] == "required")
        assert (flow.button(step.key) is None) == (row["button"] == "hidden") == step.hidden
        for state in flow.states:
            assert step.after(state) == {SAME: state, START: ""}.get(row["to"], row["to"])
    assert flow.button("none_such") is None


@given(tables=sound())
def test_whoever_may_do_all_gets_everywhere(tables):
    """From where things start or are begun, steps alone lead into every state: what the check of reach promises."""
    flow = read_workflow(tables)
    reached = {row["key"] for row in tables.states if row["start"] == "1"}
    for _ in flow.states:
        taken = [one for one in flow.steps.values() if not one.sources or reached & set(one.sources)]
        reached |= {one.target for one in taken if one.target}
    assert reached == set(flow.states)


# ── what does not ──

BROKEN = {
    "from": ("nowhere", "from 里的“nowhere”不是 states.csv 里的状态"),
    "to": ("nowhere", "to 里的“nowhere”不是 states.csv 里的状态"),
    "capability": ("none.such", "权限“none.such”不在 walls/capabilities.csv 里"),
    "comment": ("maybe", "comment 不能是“maybe”"),
    "button": ("red", "button 不能是“red”"),
    "zh": ("", "zh 是空的"),
    "key": ("Not A Key", "key“Not A Key”只能用小写英文字母"),
}


@given(tables=sound(), column=st.sampled_from(sorted(BROKEN)), data=st.data())
def test_a_wrong_cell_of_a_step_is_named_with_its_line_and_nothing_else_is(tables, column, data):
    if not tables.steps:
        return
    place = data.draw(st.integers(0, len(tables.steps) - 1))
    cell, said = BROKEN[column]
    tables.steps[place] = tables.steps[place] | {column: cell}
    assert [line.partition("；")[0] for line in refused(tables)] == [
        f"app/steps.csv 第 {place + 2} 行：{said}" + ("、数字和下划线，以字母开头。" if column == "key" else "")
    ]


@given(tables=sound(), data=st.data())
def test_the_second_of_two_alike_is_named(tables, data):
    name, rows = data.draw(st.sampled_from([(n, r) for n, r in vars(tables).items() if n != "path" and r]))
    first = data.draw(st.sampled_from(rows))
    rows.append(dict(first))
    line = f"app/{name}.csv 第 {len(rows) + 1} 行：key“{first['key']}”前面已有；每行一个不同的 key。"
    assert refused(tables) == [line]


@given(tables=sound(), data=st.data())
def test_a_state_nothing_leads_to_is_named(tables, data):
    place = data.draw(st.integers(0, len(tables.states)))
    tables.states.insert(place, a_state("lost"))
    tables.steps.append(a_step("out_of_it", ["lost"], tables.states[place - 1]["key"]))
    (line,) = refused(tables)
    assert line.startswith(
        f"app/states.csv 第 {place + 2} 行：没有步骤能到“lost”，也不是起始状态；请在 steps.csv 加一步"
    )


def test_states_that_lead_only_to_each_other_are_out_of_reach():
    tables = Tables(
        [a_state("open", start="1"), a_state("one"), a_state("two")],
        [a_step("on", ["one"], "two"), a_step("back", ["two"], "one"), a_step("stay", ["open"], SAME)],
    )
    assert [line.split("：")[0] for line in refused(tables)] == [f"app/states.csv 第 {line} 行" for line in (3, 4)]


@pytest.mark.parametrize(
    ("states", "steps", "said"),
    [
        ([{"badge": "red"}], [], "badge 不能是“red”；可以是：ok、warn、stop、busy、idle、ask"),
        ([{"start": "yes"}], [], "start 不能是“yes”；可以是：1、0、（空）"),
        ([{"key": "same"}], [], "“same”在 to 列另有含义"),
        ([], [{"to": ""}], "to 是空的；写 states.csv 里的一个状态，状态不变写 same，回到起始状态写 start"),
        ([], [{"from": "", "to": "same"}], "没有 from 的步骤是新建，to 要写新建后的状态"),
        ([], [{"from": "open|open"}], "from 里同一个状态写了两次"),
        ([], [{"capability": ""}], "capability 是空的：谁也看不到这一步的按钮"),
        ([], [{"done_en": " "}], "done_zh、done_en 要写办完后告诉办理人的话"),
        ([{"en": "", "zh": " "}], [], "zh、en 是空的；中英文名称都要写"),
    ],
)
def test_each_fault_says_what_to_do(states, steps, said):
    tables = Tables(
        [a_state("open", start="1"), *(a_state("second", start="1") | one for one in states)],
        [a_step("first", ["open"], "open"), *(a_step("then", ["open"], "open") | one for one in steps)],
    )
    (line,) = refused(tables)
    assert line.startswith(f"app/{'states' if states else 'steps'}.csv 第 3 行：")
    assert said in line


def test_all_faults_of_both_tables_come_at_once():
    tables = Tables([a_state("open", badge="red")], [a_step("go", ["nowhere"], "elsewhere", comment="")])
    assert [line.split("：")[0] for line in refused(tables)] == [
        "app/states.csv 第 2 行",
        *["app/steps.csv 第 2 行"] * 3,
    ]


def test_torn_rows_and_missing_columns_are_named(tmp_path):
    good = tmp_path / "states.csv"
    good.write_text("key,zh,en,badge,start\nopen,开,open,busy,1\n", encoding="utf-8")
    steps = tmp_path / "steps.csv"
    steps.write_text(",".join(STEP[:-1]) + "\n", encoding="utf-8")
    assert refused(tmp_path) == [f"{steps} 第 1 行：缺少列“done_en”，请补上。"]
    steps.write_text(",".join(STEP) + '\ngo,open,same,\n"a\nb",open\n', encoding="utf-8")
    first, second = refused(tmp_path)
    assert first.startswith(f"{steps} 第 2 行：应有 10 格")
    assert second.startswith(f"{steps} 第 4 行："), "the line an editor shows, though a cell runs over two"


def test_a_closed_list_is_read_by_key_and_refused_twice(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    app = tmp_path / "some_app"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "whys.csv").write_text("key,zh,en,note\na,甲,A,1\nb,乙,B,\n", encoding="utf-8")
    (app / "twice.csv").write_text("key,zh,en\na,甲,A\na,乙,B\n", encoding="utf-8")
    found = workflow.words("some_app", "whys")
    assert {key: one.zh for key, one in found.items()} == {"a": "甲", "b": "乙"}
    assert found["a"].yes("note")
    assert not found["b"].yes("note")
    with pytest.raises(KeyError):
        found["a"].yes("no_such_column")
    with pytest.raises(WorkflowError, match="“a”的 zh 不能是“甲”；可以是：1、0、（空）"):
        found["a"].yes("zh")
    assert workflow.rows("some_app", "whys")[1]["zh"] == "乙"
    with pytest.raises(WorkflowError, match=r"twice\.csv 第 3 行：key“a”前面已有"):
        workflow.words("some_app", "twice")


@given(text=st.text(max_size=30), most=st.integers(0, 20))
def test_a_comment_is_kept_whole_or_refused_with_both_numbers(text, most):
    if len(text.strip()) <= most:
        assert workflow.kept_comment(text, most) == text.strip()
        return
    with pytest.raises(ValidationError) as refused:
        workflow.kept_comment(text, most)
    assert f"最多 {most} 字，现为 {len(text.strip())} 字" in refused.value.message_dict["comment"][0]


# ── the workflows there are ──


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(PLATFORM).as_posix())
def test_every_workflow_holds_together_and_speaks_both_languages(path):
    flow = read_workflow(path.parent, path.name.removesuffix("steps.csv"))
    for word in (*flow.states.values(), *flow.steps.values()):
        with override("zh-hans"):
            assert str(word) == word.label == word.zh
        with override("en"):
            assert (word.label, word.meaning) == (word.en, word.row.get("meaning_en", ""))
    shown = [one for one in flow.steps.values() if not one.hidden]
    with override("en"):
        assert all(one.done == one.row["done_en"] for one in shown)
    assert all(one.done == one.row["done_zh"] for one in shown)


def test_the_apps_that_have_one():
    assert {path.parent.name for path in SHIPPED} >= {"campaigns", "enterprises", "replies"}

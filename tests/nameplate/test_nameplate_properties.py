"""What must hold for every text, however it is written."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jigai.nameplate import Reading
from jigai.nameplate.language import language
from jigai.nameplate.tidy import tidied

Read = Callable[[list[dict[str, object]]], Reading]

SIGNS = (
    "ABCDGJKLMNOQSTXYZabclxX0123456789-－—一～/／.．×*xX()（）№#ⅡⅢ½㎡³ 　\t,，;；"
    "电机水泵变压器风型号系列立方米吨千瓦伏Φφ·%~"
)
written = st.text(alphabet=SIGNS, max_size=18)
anything = st.text(max_size=12)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
motors = st.sampled_from(["Y160L-4", "YE3-280S-4", "Y2-132M2-6", "JO2-51-4", "YB-80M1-2", "YKK450-4", "YZR280S-8"])
suffixes = st.sampled_from(["T2", "B3", "W", "TH", " B35", "（IP54）", " 200kW", "(6kV)", " 10kV 560kW"])


def tidy(texts: list[str | None]) -> list[str | None]:
    """Return the tidied texts in the order given."""
    table = dict(tidied(pl.Series(texts, dtype=pl.String), language()).iter_rows())
    return [None if text is None else table[text] for text in texts]


@quick
@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=30))
def test_any_text_can_be_read(reading: Read, lines: list[tuple[str, str]]) -> None:
    devices = reading([{"name": name, "model": model} for name, model in lines]).devices
    assert devices.height == len(lines)
    assert devices["kind_reason"].null_count() == 0


@quick
@given(st.lists(written, min_size=1, max_size=60))
@example(["0- ~"])
def test_tidying_twice_is_tidying_once(texts: list[str]) -> None:
    once = tidy(list(texts))
    assert tidy(once) == once


@quick
@given(st.lists(st.tuples(written, written), min_size=2, max_size=20), st.randoms())
def test_order_of_rows_changes_nothing(reading: Read, lines: list[tuple[str, str]], random: object) -> None:
    shuffled = list(enumerate(lines))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    told = ["kind", "kind_reason", "nameplate_fields", "model_key", "model_keys", "series_keys"]
    one = reading([{"name": name, "model": model} for name, model in lines]).devices.select(told).rows()
    other = reading([{"name": name, "model": model} for _, (name, model) in shuffled]).devices.select(told).rows()
    assert [one[place] for place, _ in shuffled] == other


@quick
@given(motors, suffixes)
def test_suffix_never_changes_series_frame_or_poles(reading: Read, model: str, suffix: str) -> None:
    told = ["kind", "series", "frame", "poles"]
    plain, suffixed = reading([{"model": model}, {"model": model + suffix}]).devices.select(told).rows()
    assert plain == suffixed


@quick
@given(motors)
def test_ways_of_writing_one_model_are_one_model(reading: Read, model: str) -> None:
    ways = [model, model.replace("-", "－"), model.replace("-", " - "), model.lower().replace("l", "L"), f" {model}型 "]
    devices = reading([{"model": way} for way in ways]).devices
    assert devices["model_norm"].n_unique() == 1
    assert devices["model_key"].n_unique() == 1


@quick
@given(st.lists(written, min_size=1, max_size=30))
@example(["B3"])
def test_keys_are_whole_and_without_blanks(reading: Read, models: list[str]) -> None:
    devices = reading([{"name": "电机", "model": model} for model in models]).devices
    keys = devices["model_keys"].explode(empty_as_null=True).drop_nulls()
    assert not keys.str.contains(r"\s").any()
    assert (keys != "").all()

"""Tables of words and sentences of the plan say everything in both languages."""

from __future__ import annotations

from jigai.screening.sentences import templates


def test_every_table_of_words_says_everything_in_both_languages():
    for name in ("judgement_sentences", "operator_words", "forecast_sentences", "forecast_reasons", "forecast_methods"):
        for row in templates("jigai.plan", f"data/{name}.csv").values():
            assert bool(row["zh"]) == bool(row["en"]), f"{name}: {row['key']}"
    for name in ("outcomes", "score_measures", "score_sentences"):
        for row in templates("jigai.plan", f"data/{name}.csv").values():
            assert all(row.values()), f"{name}: {row['key']}"

"""What is asked, in words: from the tables of this package, the ledger's attributes, lines and the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jigai.diagnosis.model import Ask
from jigai.diagnosis.questionnaire import Questionnaire
from jigai.diagnosis.tables import keyed
from jigai.ledger.columns import attribute
from jigai.screening.lines import described

_TABLES: Mapping[str, tuple[str, str]] = {"asked": ("asks.csv", "key"), "need": ("needs.csv", "key")}


@cache
def ask(source: str, key: str, part: str, questionnaire: Questionnaire) -> Ask:
    """Return what to say where ``key`` of ``source`` is missing; a figure or item is asked by its question.

    Sources: ``asked`` and ``need`` (tables here), ``fact`` (annual figure), ``attribute`` (of the ledger), ``line``
    (of a production line), ``figure`` and ``item`` (of a scheme, by the question that feeds ``part``).
    """
    if source in _TABLES:
        row = keyed(*_TABLES[source])[key]
        return Ask(source, key, row["zh"], row["en"])
    if source == "fact":
        row = keyed("facts.csv", "name")[key]
        unit = f"（{row['unit']}）" if row["unit"] else ""
        return Ask(source, key, f"年度数据：{row['zh']}{unit}", f"annual figure: {row['en']}")
    if source == "attribute":
        item = attribute(key)
        return Ask(source, key, f"台账补填：{item.zh}", f"complete the ledger: {item.en}")
    if source == "line":
        row = described()[key]
        return Ask(source, key, f"产线补填：{row['zh']}", f"complete the line: {row['en']}")
    for question in questionnaire.feeding(part):
        if question.figure == key:
            item = question.attribute
            return Ask("answer", question.key, f"问卷：{item.zh}", f"questionnaire: {item.en}")
    return Ask(source, key, key, key)

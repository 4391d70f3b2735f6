"""A small sound dataset that tests copy and change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MANIFEST = """id: {id}
check: elimination
title_zh: 本市示例目录
title_en: Example list of a city
issuer: 示例机关
number: 示例〔2024〕1号
number_certainty: transcribed
in_force_from: {start}
in_force_to: {end}
supersedes: []
superseded_by: null
binds: use
certainty: transcribed
source: 测试
doubts: [条款号待核]
speaks_for: [motor]
gaps:
  - {{kind: part, text_zh: 缺附件, text_en: the annex is not held, equipment_kinds: [motor]}}
version: "2026.11"
tables:
  rules:
    file: rules.csv
    key: [entry_id]
    columns:
      entry_id: {{type: text, required: true}}
      code: {{type: integer}}
      power_kw: {{type: number}}
      models: {{type: list}}
      mandatory: {{type: flag}}
      deadline: {{type: date}}
      year: {{type: year}}
      condition: {{type: condition}}
"""
RULES = (
    "entry_id,code,power_kw,models,mandatory,deadline,year,condition\n"
    'A-1,510402001,7.5,Y-1; Y-2 ;,true,2025-12-31,1998,"power_kw >= 5.5; built_year <= 2003"\n'
    "A-2,40000,,,false,,,\n"
)
MakeDataset = Callable[..., Path]


@pytest.fixture
def make_dataset(tmp_path: Path) -> MakeDataset:
    """Write a dataset folder under a temporary place and return it."""

    def make(
        dataset_id: str = "city-list",
        start: str = "2024-02-01",
        end: str = "null",
        rules: str = RULES,
        under: str = "city",
    ) -> Path:
        folder = tmp_path / under / dataset_id
        folder.mkdir(parents=True)
        text = MANIFEST.format(id=dataset_id, start=start, end=end)
        (folder / "manifest.yaml").write_text(text, encoding="utf-8")
        (folder / "rules.csv").write_text(rules, encoding="utf-8")
        return folder

    return make

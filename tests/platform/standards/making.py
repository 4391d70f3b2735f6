"""Packages as an officer makes them: folders of a manifest and tables, packed into a zip."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date

import yaml

COLUMNS = {
    "entry_id": {"type": "text", "required": True},
    "part": {"type": "text"},
    "clause": {"type": "text"},
    "kind": {"type": "text", "required": True},
    "product_zh": {"type": "text", "required": True},
    "series": {"type": "list"},
    "series_whole": {"type": "flag"},
    "models": {"type": "list"},
    "name_any": {"type": "list"},
    "condition": {"type": "condition"},
    "outcome": {"type": "text", "required": True, "choices": ["eliminate", "restricted", "encouraged"]},
    "deadline": {"type": "text"},
    "spec_zh": {"type": "text"},
    "note_zh": {"type": "text"},
    "certainty": {
        "type": "text",
        "required": True,
        "choices": ["transcribed", "secondary", "recalled", "doubtful"],
    },
}
RULE = {
    "entry_id": "CITY-1",
    "clause": "1",
    "kind": "motor",
    "product_zh": "YX3系列三相异步电动机",
    "series": "YX3",
    "series_whole": "true",
    "outcome": "eliminate",
    "deadline": "2027-12-31",
    "spec_zh": "全部规格",
    "certainty": "transcribed",
}


def head(**more: object) -> dict[str, object]:
    """Return the manifest of a supplementary list of the city."""
    return {
        "id": "city-list",
        "check": "elimination",
        "title_zh": "示例市淘汰落后机电设备补充目录",
        "title_en": "Supplementary elimination list of the example city",
        "issuer": "示例市经济和信息化局",
        "number": "示经信〔2026〕8号",
        "number_certainty": "transcribed",
        "in_force_from": date(2026, 1, 1),
        "in_force_to": None,
        "supersedes": [],
        "superseded_by": None,
        "binds": "use",
        "certainty": "transcribed",
        "source": "示例市人民政府网站公布的文本",
        "doubts": [],
        "speaks_for": [],
        "gaps": [],
        "version": "2026.01",
        "tables": {"rules": {"file": "rules.csv", "key": ["entry_id"], "columns": COLUMNS}},
        **more,
    }


def manifest(**more: object) -> bytes:
    """Return the manifest as text."""
    return yaml.safe_dump(head(**more), allow_unicode=True, sort_keys=False).encode()


def rules(*rows: Mapping[str, str]) -> bytes:
    """Return ``rules.csv`` with these rows, each a rule that differs from the usual one in what is given."""
    target = io.StringIO()
    writer = csv.DictWriter(target, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    for row in rows or ({},):
        writer.writerow({**RULE, **row})
    return target.getvalue().encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def package(*rows: Mapping[str, str], **more: object) -> bytes:
    """Return the zip of a sound package."""
    name = more.get("id", "city-list")
    return packed({f"{name}/manifest.yaml": manifest(**more), f"{name}/rules.csv": rules(*rows)})

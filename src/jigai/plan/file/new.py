"""A plan file to fill in: everything jigai can know is there, everything it cannot is a named blank."""

from __future__ import annotations

import json
from importlib.resources import files
from string import Template

from jigai.plan.file.scalars import FORMS
from jigai.plan.file.tree import UNPRINTABLE

MOST_TITLE = 200
"""How long a title may be [characters]."""


def new_plan(id: str, region: str, title: str) -> str:
    """Return the text of a plan file for the city with the division code ``region``, comments in Chinese.

    What it leaves blank is told by the check as blank, and nothing else is wrong with it.

    Raises:
        ValueError: ``id``, ``region`` or ``title`` cannot stand in a plan file; the text is the name of the argument.
    """
    fits = {
        "id": FORMS["id"].fullmatch(id),
        "region": FORMS["code"].fullmatch(region),
        "title": title.strip() and len(title) <= MOST_TITLE and not UNPRINTABLE.search(title) and title.isprintable(),
    }
    for name, fit in fits.items():
        if not fit:
            raise ValueError(name)
    text = files("jigai.plan.file").joinpath("data", "new.yaml").read_text(encoding="utf-8")
    # A text in double quotes with the escapes of JSON is YAML, whatever stands in it.
    return Template(text).substitute(id=json.dumps(id), region=region, title=json.dumps(title, ensure_ascii=False))

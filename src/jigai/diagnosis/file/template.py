"""The blank file of facts, with a comment to every entry."""

from __future__ import annotations

from importlib.resources import files


def template() -> str:
    """Return the commented blank that `jigai diagnose --template` writes; as it stands it can be read."""
    return files("jigai.diagnosis").joinpath("data", "facts_template.yaml").read_text(encoding="utf-8")

"""How a document is named in a finding: title and number, with 文号待核 where the number is unsure (D3)."""

from __future__ import annotations

from jigai.reference import Dataset

_UNSURE = {"zh": "文号待核", "en": "number to be confirmed"}


def document_name(dataset: Dataset, language: str = "zh") -> str:
    """Return ``标题（文号，文号待核）``; without a number the title and 文号待核."""
    title = dataset.title_zh if language == "zh" else dataset.title_en
    sure = dataset.number_certainty == "transcribed"
    inside = [part for part in (dataset.number, None if sure else _UNSURE[language]) if part]
    if language == "zh":
        return f"《{title}》（{'，'.join(inside)}）" if inside else f"《{title}》"
    return f"{title} ({', '.join(inside)})" if inside else title

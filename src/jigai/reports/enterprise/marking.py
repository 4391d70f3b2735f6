"""By what a report was made: the day, the edition of the facts, and a hash of what it says."""

from __future__ import annotations

import hashlib

from jigai.diagnosis.worth.model import Costed
from jigai.diagnosis.writing import to_json
from jigai.reports.enterprise.words import day


def made_by(costed: Costed) -> str:
    """Return by what, as of which day and by which edition of the facts the report was made."""
    diagnosis = costed.diagnosis
    return f"jigai 按 {day(diagnosis.as_of)} 有效的依据编制，依据版本 {diagnosis.reference_hash[:12]}"


def content_hash(costed: Costed) -> str:
    """Return the hash of everything the report says: who has the JSON can prove that it is of this report."""
    return hashlib.sha256(to_json(costed).encode()).hexdigest()

"""One line of a check: what was looked at, how it stands, what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from jigai.platform.ops.words import say
from jigai.screening.sentences import Language, templates

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Line:
    """``key`` names the situation (a row of ``messages.csv``), ``remedy`` is empty where all is well."""

    state: State
    key: str
    text: str
    remedy: str = ""

    @classmethod
    def of(cls, state: State, key: str, language: Language, **values: object) -> Line:
        """Return the line whose text is the message ``key`` and whose remedy is ``key_remedy``, where there is one."""
        remedy = f"{key}_remedy"
        held = remedy in templates("jigai.platform.ops", "messages.csv")
        return cls(
            state, key, say(key, language, **values), say(remedy, language, **values) if held and state != "ok" else ""
        )

    def as_text(self, language: Language) -> str:
        """Return the line as people read it."""
        head = f"[{say(f'state_{self.state}', language)}] {self.text}"
        return f"{head}\n        → {self.remedy}" if self.remedy else head

    def as_dict(self) -> dict[str, Any]:
        """Return the line for machines."""
        return asdict(self)

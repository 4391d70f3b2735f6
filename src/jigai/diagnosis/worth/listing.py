"""Which results may enter a list: none that rests on a sample assumption (D27)."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.diagnosis.worth.model import Costed, Total, Worth
from jigai.diagnosis.worth.words import words


class SampleError(ValueError):
    """A result that rests on a sample assumption was to enter a list; ``zh`` and ``en`` say so, ``measures`` which."""

    def __init__(self, measures: tuple[str, ...]) -> None:
        said = words("sample")
        self.zh, self.en, self.measures = said.zh, said.en, measures
        super().__init__(f"{said.zh} {said.en} {', '.join(measures)}".rstrip())


def listable(results: Iterable[Worth | Total]) -> None:
    """Let results pass into a list, an application or a sum that is reported; every such list calls this first.

    Raises:
        SampleError: one rests on a sample assumption (测算示例), naming the measures.
    """
    wrong = [one for one in results if one.sample]
    if wrong:
        raise SampleError(tuple(one.measure for one in wrong if isinstance(one, Worth)))


def may_be_listed(costed: Costed) -> tuple[Worth, ...]:
    """Return what of an enterprise may enter a list: measures whose figures rest on no sample assumption."""
    return tuple(one for one in costed.worths if not one.sample)

"""Whose ledger a file is: proposed from its cells, its name or its sender, and always confirmed by a person.

The sure signs come first. A sign that fits several enterprises proposes none of them; the page then offers all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import Final

_CODE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RT-UW-Y]{18}(?![0-9A-Z])")
_FORM: Final = re.compile(r"(?:股份)?(?:有限)?(?:责任)?(?:公司|集团|总厂|厂)$|集团|有限|责任|股份|公司")
_FIRM: Final = re.compile("公司|集团|厂|矿")
"""What follows a name when it is only the beginning of another one: 江北钢铁 … 第二轧钢厂."""
_ENDING: Final = re.compile("^(?:集团)?(?:股份)?(?:有限)?(?:责任)?(?:公司)?")
_ASIDE: Final = re.compile(r"\([^)]*\)")
_SHORTEST: Final = 4
"""Characters of a name without its legal form that are telling enough."""
_ALIKE: Final = 0.86
"""Least likeness of two written names, and the lead over the next one."""
_LEAD: Final = 0.05


@dataclass(frozen=True)
class Firm:
    """An enterprise a file may belong to: its number, name and credit code."""

    number: int
    name: str
    credit_code: str = ""


@dataclass(frozen=True)
class Proposal:
    """Whose file it may be: ``firms`` the best first, ``why`` *code*, *cell*, *file*, *sender*, *alike* or nothing.

    ``sure`` when one firm alone fits a sign nobody writes by accident.
    """

    firms: tuple[Firm, ...]
    why: str
    sure: bool


def propose(
    firms: Sequence[Firm],
    *,
    cells: Iterable[str] = (),
    file_name: str = "",
    sender: int | None = None,
    text: str = "",
) -> Proposal:
    """Propose the enterprise of a file.

    Args:
        firms: those in scope.
        cells: names of enterprises found in the file (填报单位, a column, a title).
        file_name: the name of the file, with folders.
        sender: the enterprise of whoever sent it, if one did.
        text: other text of the file in which a credit code may stand.
    """
    by_code = {firm.credit_code: firm for firm in firms if firm.credit_code}
    named = [*cells]
    codes = _CODE.findall(" ".join([text, file_name, *named]).upper())
    if found := _once(by_code[code] for code in codes if code in by_code):
        return Proposal(found, "code", len(found) == 1)
    for signs, why in ((named, "cell"), (_words(file_name), "file")):
        if found := _by_name(firms, signs):
            return Proposal(found, why, len(found) == 1)
    if sent := [firm for firm in firms if firm.number == sender]:
        return Proposal(tuple(sent), "sender", not named)
    if found := _alike(firms, named or _words(file_name)):
        return Proposal(found, "alike", False)
    return Proposal((), "", False)


def _once(firms: Iterable[Firm]) -> tuple[Firm, ...]:
    return tuple(dict.fromkeys(firms))


def plain(name: str) -> str:
    """Return a name as it is compared: half width, without blanks and asides."""
    return _ASIDE.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)))


def core(name: str) -> str:
    """Return a name without its legal form: 东风轧钢有限公司 → 东风轧钢."""
    return _FORM.sub("", plain(name))


def _words(file_name: str) -> list[str]:
    """Return the parts of a file's path in which a name may stand, the file itself first."""
    path = PurePosixPath(file_name.replace("\\", "/"))
    return [part for part in (path.stem, *reversed(path.parts[:-1])) if part]


def _by_name(firms: Sequence[Firm], signs: Sequence[str]) -> tuple[Firm, ...]:
    """Firms whose whole name a sign is or holds, else whose name without the legal form it holds."""
    for sign in map(plain, signs):
        if same := [firm for firm in firms if plain(firm.name) == sign]:
            return _once(same)
        if inside := _longest([firm for firm in firms if plain(firm.name) in sign], plain):
            return inside
        telling = [firm for firm in firms if len(core(firm.name)) >= _SHORTEST and _means(sign, core(firm.name))]
        if telling and (inside := _longest(telling, core)):
            return inside
    return ()


def _means(sign: str, name: str) -> bool:
    """Whether a sign holds a name that does not go on into the name of another firm."""
    _before, found, after = sign.partition(name)
    return bool(found) and not _FIRM.search(_ENDING.sub("", after))


def _longest(firms: Sequence[Firm], shown: Callable[[str], str]) -> tuple[Firm, ...]:
    """Of names that hold each other only the longest counts: 江北钢铁 stands in 新江北钢铁 too."""
    names = {firm: shown(firm.name) for firm in firms}
    return _once(
        firm for firm, name in names.items() if not any(name != other and name in other for other in names.values())
    )


def _alike(firms: Sequence[Firm], signs: Sequence[str]) -> tuple[Firm, ...]:
    """Firms written nearly so, the most alike first; nothing where the best has no lead."""
    scored = sorted(
        ((max((SequenceMatcher(None, core(firm.name), core(sign)).ratio() for sign in signs), default=0.0), firm.number)
         for firm in firms),
        reverse=True,
    )  # fmt: skip
    known = {firm.number: firm for firm in firms}
    near = [known[number] for score, number in scored if score >= _ALIKE]
    leads = len(scored) < 2 or scored[0][0] - scored[1][0] >= _LEAD
    return tuple(near[:3]) if near and leads else ()

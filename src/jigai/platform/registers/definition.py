"""A register as its folder describes it: ``register.yaml`` and ``columns.csv`` (D14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.utils.translation import get_language

from jigai.attributes import Attribute, AttributeTable, AttributeTableError, read_folder
from jigai.attributes.read import read_attributes
from jigai.platform.walls.capabilities import capabilities

SUBJECTS: Final = ("enterprise", "site", "park", "managing_unit", "area", "city", "none")
PUBLIC: Final = ("city", "none")
"""Subjects whose entries belong to nobody in particular: everyone who may see registers sees them."""
GROUPS: Final = ("green", "digital", "infrastructure", "safety", "calendar", "other")
_NEEDED: Final = ("title", "about", "subject", "keeper")
_KNOWN: Final = (*_NEEDED, "group", "icon", "kept_by", "name", "valid", "due", "tones", "feeds", "evaluation", "checks")
_BILINGUAL: Final = ("title", "about", "kept_by")


class RegisterProblemsError(ValueError):
    """Registers that cannot be used; the text names folder, file and place of everything that is wrong."""


@dataclass(frozen=True)
class Register:
    """A register: what it is, whom its entries are about, what its columns are, and who keeps it.

    ``valid`` names the columns an entry holds ``from`` and ``to``, or the year it holds ``during``; ``due`` what falls
    due and when; ``tones`` the state each choice is shown in; ``evaluation`` how columns are computed out of a dataset
    (see ``evaluation.py``), ``checks`` what rows must not say (see ``checks.py``). ``place`` is the folder.
    """

    key: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    kept_by: Mapping[str, str]
    group: str
    icon: str
    keeper: str
    subject: str
    table: AttributeTable
    name: tuple[str, ...]
    valid: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, Any] = field(default_factory=dict)
    tones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    feeds: tuple[str, ...] = ()
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Mapping[str, Any], ...] = ()
    place: Any = None

    @property
    def public(self) -> bool:
        """Whether the entries belong to nobody in particular."""
        return self.subject in PUBLIC

    @property
    def title_here(self) -> str:
        """The name in the language of the page."""
        return said(self.title)

    @property
    def about_here(self) -> str:
        """What it is, in the language of the page."""
        return said(self.about)

    @property
    def kept_by_here(self) -> str:
        """Who keeps it, in the language of the page."""
        return said(self.kept_by)

    @property
    def own(self) -> tuple[Attribute, ...]:
        """The columns beside those that say whom an entry is about."""
        about = {item.name for item in subject_columns(self.subject)}
        return tuple(item for item in self.table if item.name not in about)

    @property
    def shipped_rows(self) -> Traversable | None:
        """The file of rows that come with the register, where there is one."""
        rows = self.place.joinpath("rows.csv")
        return rows if rows.is_file() else None


def said(words: Mapping[str, str]) -> str:
    """Return the wording in the language of the page, else the Chinese one."""
    english = (get_language() or "").startswith("en")
    return words.get("en" if english else "zh") or words.get("zh", "")


@cache
def registers() -> dict[str, Register]:
    """Return every register by its key: the shipped ones, and those of the folders in ``JIGAI_REGISTERS``.

    A folder of a city with the key of a shipped register takes its place.

    Raises:
        RegisterProblemsError: naming everything that is wrong in all folders at once.
    """
    places = [files("jigai.platform.registers").joinpath("data"), *(Path(text) for text in settings.REGISTERS)]
    return read_registers(places)


def register(key: str) -> Register:
    """Return one register; ``KeyError`` when there is none of this key."""
    return registers()[key]


def read_registers(places: Sequence[Traversable | Path]) -> dict[str, Register]:
    """Return the registers in ``places``, folders of registers or single register folders; see `registers`."""
    found: dict[str, Register] = {}
    wrong: list[str] = []
    for place in places:
        if not place.is_dir():
            wrong.append(f"{place}：没有这个文件夹，请检查 JIGAI_REGISTERS。")
            continue
        single = place.joinpath("register.yaml").is_file()
        folders = [place] if single else sorted(place.iterdir(), key=lambda one: one.name)
        for folder in folders:
            if folder.joinpath("register.yaml").is_file():
                try:
                    one = read_register(folder)
                except RegisterProblemsError as error:
                    wrong.append(str(error))
                else:
                    found[one.key] = one
    if wrong:
        raise RegisterProblemsError("\n".join(wrong))
    return found


@cache
def subject_columns(subject: str) -> tuple[Attribute, ...]:
    """Return the columns that say whom an entry is about, put before the columns of the register."""
    if subject == "none":
        return ()
    path = files("jigai.platform.registers").joinpath("data", "_subjects", f"{subject}.csv")
    return read_attributes(path, subject, subject, subject, f"_subjects/{subject}.csv").attributes


def read_register(folder: Traversable | Path) -> Register:
    """Return the register in one folder.

    Raises:
        RegisterProblemsError: naming file, row or key, and column of everything that is wrong.
    """
    key, file = folder.name, f"{folder.name}/register.yaml"
    try:
        content = yaml.safe_load(folder.joinpath("register.yaml").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RegisterProblemsError(f"{file}：读不成 YAML（UTF-8）：{error}") from error
    if not isinstance(content, dict):
        raise RegisterProblemsError(f"{file}：请写成“键: 值”的形式。")
    wrong = [f"{file}：缺少“{name}”。" for name in _NEEDED if not content.get(name)]
    wrong += [f"{file}：没有“{name}”这一项；可用的有：{'、'.join(_KNOWN)}。" for name in content if name not in _KNOWN]
    words = content.get("title")
    title: dict[str, Any] = words if isinstance(words, dict) else {}
    table = None
    try:
        table = read_folder(folder, f"registers.{key}", str(title.get("zh", key)), str(title.get("en", key)), key)
    except AttributeTableError as error:
        wrong.append(str(error))
    subject = str(content.get("subject"))
    if content.get("subject") and subject not in SUBJECTS:
        wrong.append(f"{file}：subject“{subject}”不行，请写其中之一：{'、'.join(SUBJECTS)}。")
    if table and subject in SUBJECTS:
        table = AttributeTable(
            table.key, table.zh, table.en, subject_columns(subject) + table.attributes, columns=table.columns
        )
        wrong += [f"{file}：{line}" for line in _misfits(content, table)]
    if wrong or table is None:
        raise RegisterProblemsError("\n".join(wrong))
    return Register(
        key=key,
        table=table,
        subject=subject,
        keeper=content["keeper"],
        group=content.get("group") or "other",
        icon=content.get("icon") or "list",
        name=tuple(content.get("name") or ()),
        feeds=tuple(content.get("feeds") or ()),
        checks=tuple(content.get("checks") or ()),
        place=folder,
        **{name: content.get(name) or {} for name in (*_BILINGUAL, "valid", "due", "tones", "evaluation")},
    )


def _misfits(content: Mapping[str, Any], table: AttributeTable) -> list[str]:
    """Say what in ``register.yaml`` does not fit the columns or the house."""
    wrong: list[str] = []
    for name in _BILINGUAL:
        words = content.get(name)
        if words is not None and not (isinstance(words, dict) and words.get("zh") and words.get("en")):
            wrong.append(f"{name} 要同时写 zh 和 en。")
    if content.get("keeper") not in capabilities():
        wrong.append(f"keeper“{content.get('keeper')}”不是权限表 capabilities.csv 中的键。")
    if content.get("group") and content["group"] not in GROUPS:
        wrong.append(f"group“{content['group']}”不行，请写其中之一：{'、'.join(GROUPS)}。")
    for name in ("valid", "due", "tones", "evaluation"):
        if content.get(name) and not isinstance(content[name], dict):
            wrong.append(f"{name} 请写成“键: 值”的形式。")
            return wrong
    valid, due, evaluation = (content.get(name) or {} for name in ("valid", "due", "evaluation"))
    dated = [("valid", valid.get(name)) for name in ("from", "to", "during")] + [("due", due.get("column"))]
    for place, dated_by in dated:
        if dated_by and (dated_by not in table.by_name or table.attribute(dated_by).type not in {"date", "year"}):
            wrong.append(f"{place}：columns.csv 没有日期或年份列“{dated_by}”。")
    named = [("name", name) for name in content.get("name") or []]
    named += [("due", name) for name in due.get("unless") or {}]
    named += [("evaluation", evaluation[name]) for name in ("score", "level") if name in evaluation]
    named += [("evaluation.parts", name) for name in evaluation.get("parts") or {}]
    for place, name in named:
        if name not in table.by_name:
            wrong.append(f"{place}：columns.csv 没有列“{name}”。")
    for name, tones in (content.get("tones") or {}).items():
        known = table.attribute(name).choices if name in table.by_name else ()
        strays = [choice for choice in tones if known and choice not in known]
        if name not in table.by_name:
            wrong.append(f"tones：columns.csv 没有列“{name}”。")
        elif strays:
            wrong.append(f"tones：列“{name}”没有选项 {'、'.join(map(str, strays))}。")
    wrong += _wrong_checks(content.get("checks") or [], table)
    if not table.keys:
        wrong.append("columns.csv 至少要有一个 key 列，用来认出同一条。")
    return wrong


def _wrong_checks(checks: Any, table: AttributeTable) -> list[str]:
    """Say what in ``checks`` is of no kind there is, lacks something, or names a column that is not there."""
    from jigai.platform.registers.checks import KINDS

    wrong: list[str] = []
    for number, check in enumerate(checks if isinstance(checks, list) else [checks], 1):
        kind = check.get("kind") if isinstance(check, dict) else None
        if kind not in KINDS:
            wrong.append(f"checks 第 {number} 条：kind“{kind}”不行，请写其中之一：{'、'.join(KINDS)}。")
            continue
        absent = [name for name in KINDS[kind] if name not in check]
        if absent:
            wrong.append(f"checks 第 {number} 条：缺少“{'、'.join(absent)}”。")
        named = [check.get(name) for name in ("column", "limit", "along")]
        named += [*check.get("columns", []), *check.get("within", [])]
        strays = [name for name in named if name is not None and name not in table.by_name]
        if strays:
            wrong.append(f"checks 第 {number} 条：columns.csv 没有列“{'、'.join(map(str, strays))}”。")
    return wrong

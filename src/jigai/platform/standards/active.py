"""Which facts this process judges by: shipped data, the city's own, and the packages people activated.

The database says which packages are in use and which hash all facts together have; a copy of that stands in the data
folder, where every process sees within one look at the file that it has changed. A process whose facts have another
hash (an older release still running, another ``JIGAI_REFERENCE``, a damaged package) refuses to judge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Final, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from jigai.platform.jobs.errors import JobError
from jigai.platform.jobs.files import whole
from jigai.reference import DatasetError, Reference

Made = TypeVar("Made")
KEPT: Final = 8
"""Days (and sets) of facts kept in memory; most of a day is shared with the others."""


class ReferenceMismatchError(JobError):
    """The facts of this process are not those the site judges by; the text says what to do."""


@dataclass(frozen=True)
class InUse:
    """The set in use: the hash of all facts (empty before the first migration), and the packages among them."""

    set_hash: str = ""
    packages: tuple[str, ...] = ()


def folder() -> Path:
    """Return the folder of packages; part of every backup."""
    return Path(settings.DATA_DIR) / "files" / "standards"


def package_path(content_hash: str) -> Path:
    """Return where the zip of a package lies."""
    return folder() / f"{content_hash}.zip"


def own_places() -> tuple[Path, ...]:
    """Return where the city's own datasets lie (setting ``JIGAI_REFERENCE``)."""
    return tuple(Path(place) for place in settings.ENV["reference"])


def in_use() -> InUse:
    """Return the set in use: as the file in the data folder says, else as the database does."""
    path = _path()
    try:
        mark = path.stat()
    except FileNotFoundError:
        return _from_database()
    return _read(path, mark.st_mtime_ns, mark.st_size, mark.st_ino)


def publish(one: InUse) -> None:
    """Tell every process that ``one`` is in use from now on."""
    with whole(_path()) as draft:
        draft.write_text(json.dumps(asdict(one)), encoding="utf-8")


def published() -> InUse | None:
    """Return what the file in the data folder says; None where there is none."""
    return in_use() if _path().exists() else None


def reference(as_of: date) -> Reference:
    """Return the facts in force on ``as_of`` by the set in use.

    Raises:
        ReferenceMismatchError: what this process holds is not what is in use, or does not load.
    """
    try:
        return _loaded(in_use(), own_places(), as_of)
    except DatasetError as error:
        raise ReferenceMismatchError(
            _("依据数据不能装载，已停止判定。请系统管理员运行 jigai check 查看原因：%(error)s")
            % {"error": error.say("zh")}
        ) from error


def reference_with(packages: tuple[str, ...], as_of: date) -> Reference:
    """Return the facts in force on ``as_of`` if ``packages`` were in use, for rehearsals and for replaying runs."""
    return _loaded(InUse(packages=tuple(packages)), own_places(), as_of)


def kept(make: Callable[[date], Made]) -> Callable[[date], Made]:
    """Keep what is made from the facts of a day until other facts come into use."""

    @lru_cache(maxsize=KEPT)
    def remembered(_one: InUse, _own: tuple[Path, ...], as_of: date) -> Made:
        return make(as_of)

    @wraps(make)
    def asked(as_of: date) -> Made:
        return remembered(in_use(), own_places(), as_of)

    return asked


def _path() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "reference-in-use.json"  # made anew from the database


@lru_cache(maxsize=KEPT)
def _read(path: Path, *_mark: int) -> InUse:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return InUse(told["set_hash"], tuple(told["packages"]))


def _from_database() -> InUse:
    from jigai.platform.standards.sets import recorded

    found = recorded()
    if found is None:
        return InUse()
    publish(found)
    return found


@lru_cache(maxsize=KEPT)
def _loaded(one: InUse, own: tuple[Path, ...], as_of: date) -> Reference:
    places = [package_path(content_hash) for content_hash in one.packages]
    if lost := [path.name[:12] for path in places if not path.is_file()]:
        raise ReferenceMismatchError(
            _("依据包 %(names)s 的文件不见了，不能判定。请系统管理员从备份恢复 files/standards 后再试。")
            % {"names": "、".join(lost)}
        )
    found = Reference.load(as_of, [*own, *places])
    if one.set_hash and found.set_hash != one.set_hash:
        raise ReferenceMismatchError(
            _(
                "本程序装载的依据（%(held)s）与在用的依据（%(wanted)s）不一致，已停止判定。"
                "升级后请重启网站和后台任务；更换 JIGAI_REFERENCE 后请运行 jigai manage adopt_reference，再重启。"
            )
            % {"held": found.set_hash[:12], "wanted": one.set_hash[:12]}
        )
    return found

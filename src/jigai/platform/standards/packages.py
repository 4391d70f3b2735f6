"""Take a package of datasets in: read it whole, try it with everything in use, keep it; or say all that is wrong."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext as _

from jigai.platform.imports.storage import write_whole
from jigai.platform.ledger.words import language
from jigai.platform.standards import active
from jigai.reference import Dataset, DatasetError, Reference
from jigai.reference.loader import read_all, read_place
from jigai.reference.sources import Source, find_sources
from jigai.screening import screen

MOST_BYTES: Final = 20 * 2**20
"""Largest package [bytes]; all shipped data packed has less than one million."""
MOST_UNPACKED: Final = 50 * 2**20
"""Most a package may unpack to [bytes]."""
TRIED: Final = 400
"""Lines a package is tried on, about."""
_TIME: Final = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Flaw:
    """One thing wrong: where (file, row as Excel numbers it, column) and what to do."""

    file: str
    row: int | None
    column: str
    text: str


class PackageRefusedError(ValueError):
    """A package that is not taken; ``flaws`` are all that was found. Nothing of it is kept."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = list(flaws)
        super().__init__(flaws[0].text)


@dataclass(frozen=True)
class Read:
    """A package that is sound: its datasets, and the zip in the form in which it is kept."""

    datasets: dict[str, Dataset]
    content: bytes
    in_use: Mapping[str, Dataset]

    @property
    def content_hash(self) -> str:
        """The name it is kept under."""
        return hashlib.sha256(self.content).hexdigest()

    def told(self) -> list[dict[str, Any]]:
        """Return what is told of each dataset without opening the package."""
        return [
            {
                "id": one.id,
                "title_zh": one.title_zh,
                "title_en": one.title_en,
                "number": one.number or "",
                "version": one.version,
                "issuer": one.issuer,
                "check": one.check or "",
                "certainty": one.certainty,
                "in_force_from": one.in_force_from.isoformat() if one.in_force_from else "",
                "in_force_to": one.in_force_to.isoformat() if one.in_force_to else "",
                "rows": sum(table.height for table in one.tables.values()),
                "content_hash": one.content_hash,
                "replaces": self.in_use[one.id].content_hash if one.id in self.in_use else "",
            }
            for one in self.datasets.values()
        ]


def read(file_name: str, data: bytes, today: date) -> Read:
    """Read a package and try it with what is in use; raises `PackageRefusedError` with all flaws."""
    _refuse_at_sight(data)
    with TemporaryDirectory(prefix="jigai-package-") as folder:
        # A zip without a folder in it takes the name of its file for that of the dataset.
        place = Path(folder) / (PurePath(file_name.replace("\\", "/")).name.lstrip(".") or "package.zip")
        place.write_bytes(data)
        try:
            content = canonical(find_sources(place))
            datasets = read_place(place)
            kept = Path(folder) / "kept.zip"
            kept.write_bytes(content)
            in_use = read_all(_places())
            read_all([*_places(), kept])
            if all(one.id in in_use and in_use[one.id].content_hash == one.content_hash for one in datasets.values()):
                raise PackageRefusedError([Flaw("", None, "", _("内容与在用的依据完全相同，不需要启用。"))])
            _refuse_unlike(datasets, in_use)
            _try_out(datasets, [*_places(), kept], today)
        except DatasetError as error:
            raise PackageRefusedError(list(_flaws(error, folder, place.name))) from error
    return Read(datasets, content, in_use)


def keep(one: Read) -> Path:
    """Keep the zip of a sound package."""
    path = active.package_path(one.content_hash)
    write_whole(path, one.content)
    return path


def canonical(sources: Iterable[Source]) -> bytes:
    """Return datasets as a zip that depends on nothing but their content."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sorted(sources, key=lambda one: one.folder):
            for name in sorted(source.files):
                info = zipfile.ZipInfo(f"{source.folder}/{name}", _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o640 << 16
                archive.writestr(info, source.files[name])
    return target.getvalue()


def _places() -> list[Path]:
    return [*active.own_places(), *(active.package_path(one) for one in active.in_use().packages)]


def _refuse_at_sight(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        text = _("文件过大（上限 %(limit)d MB）：只压缩数据集文件夹，不要放扫描件。")
        raise PackageRefusedError([Flaw("", None, "", text % {"limit": MOST_BYTES // 2**20})])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise PackageRefusedError(
            [Flaw("", None, "", _("不是 zip 压缩包：请把数据集文件夹压缩成 zip 再上传。"))]
        ) from None
    if unpacked > MOST_UNPACKED:
        text = _("解压后过大（上限 %(limit)d MB）：只压缩数据集文件夹，不要放扫描件。")
        raise PackageRefusedError([Flaw("", None, "", text % {"limit": MOST_UNPACKED // 2**20})])


def _flaws(error: DatasetError, folder: str, name: str) -> Iterable[Flaw]:
    """Return faults with the paths inside the package, as its maker knows them."""
    for fault in error.faults:
        file = fault.file.removeprefix(f"{folder}/").removeprefix("kept.zip/").removeprefix(f"{name}/")
        yield Flaw("" if file == name else file, fault.row, fault.column or "", fault.text(language()))


def _refuse_unlike(datasets: Mapping[str, Dataset], in_use: Mapping[str, Dataset]) -> None:
    """Refuse a dataset that stands instead of another but lacks one of its tables or columns."""
    flaws = []
    for one in datasets.values():
        for name, table in in_use[one.id].tables.items() if one.id in in_use else ():
            if name not in one.tables:
                text = _("缺少表 %(table)s：它代替在用的“%(title)s”，原有的表都要有。")
                flaws.append(
                    Flaw(
                        f"{one.id}/manifest.yaml", None, f"tables.{name}", text % {"table": name, "title": one.title_zh}
                    )
                )
                continue
            lacking = [column for column in table.columns if column not in one.tables[name].columns]
            text = _("缺少列：它代替在用的“%(title)s”，原有的列都要有，没有内容的留空。") % {"title": one.title_zh}
            flaws += [Flaw(f"{one.id}/{one.specs[name].file}", 1, column, text) for column in lacking]
    if flaws:
        raise PackageRefusedError(flaws)


def _try_out(datasets: Mapping[str, Dataset], places: Sequence[Path], today: date) -> None:
    """Judge some lines by everything together, on each day the package changes something."""
    days = {today, *(day for one in datasets.values() for day in (one.in_force_from, one.in_force_to) if day)}
    for day in sorted(days):
        reference = Reference.load(day, places)
        try:
            screen(_probe(reference, datasets), reference, day)
        except Exception as error:  # whatever data can bring the engine to raise would stop every run from then on
            text = _("按 %(day)s 试判没有通过（%(error)s）：请从标准库下载自带的同类数据集，对照补齐表和列后再上传。")
            names = "、".join(datasets)
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise PackageRefusedError([Flaw(names, None, "", text % {"day": day, "error": said[0][:200]})]) from error


def _probe(reference: Reference, datasets: Mapping[str, Dataset]) -> pl.DataFrame:
    """Return lines that meet the rules of a package: one per kind, and one per row that names kind and models."""
    lines = [(zh, None) for (zh,) in reference.table("kinds", "kinds").select("zh").rows()]
    for one in datasets.values():
        for table in one.tables.values():
            if {"product_zh", "models"} <= set(table.columns):
                rows = table.select("product_zh", pl.col("models").cast(pl.List(pl.String)).list.first()).head(TRIED)
                lines += rows.rows()
    frame = pl.DataFrame(lines, schema={"name": pl.String, "model": pl.String}, orient="row")
    return frame.with_row_index("device_id").select(
        pl.col("device_id").cast(pl.String), "name", "model", made_year=pl.lit(2000, pl.Int32), power_kw=pl.lit(55.0)
    )

"""The ledger files of the sample city, as messy as real ones: each enterprise's own layout, encoding and habits."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from jigai.platform.sample.books import write_book
from jigai.platform.sample.devices import NOW, DeviceLine, devices
from jigai.platform.sample.draws import draw, table
from jigai.platform.sample.firms import SEED, Firm, firms
from jigai.reference import Reference

BOOK_EVERY: Final = 21
"""One enterprise in so many sends a workbook (20 of 430), the others text files."""

WHOLE: Final = "示例数据.md"
"""Written last: a folder with it is whole, and what it says is how the folder was made."""
DAY: Final = date(NOW, 11, 1)
"""The day whose reference the machines are made from; the sample never reads the clock."""
Rows = list[dict[str, str]]


def keep_ledgers(folder: Path, size: int) -> bool:
    """Have the ledgers of a city of ``size`` enterprises in ``folder``; ``False`` when they were there already.

    They are written beside it first, so that what stands at ``folder`` is whole.

    Raises:
        FileExistsError: ``folder`` holds something else; it is left as it is.
    """
    told = f"示范城市的设备台账，{size} 户各一份；企业、设备、数值均为虚构，不得用于任何决定。\n"
    mark = folder / WHOLE
    if mark.is_file() and mark.read_text(encoding="utf-8") == told:
        return False
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)  # of a run that was cut off
    try:
        for _firm, _path in write_ledgers(new, size, Reference.load(DAY)):
            pass
        (new / WHOLE).write_text(told, encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        new.rename(folder)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return True


def write_ledgers(folder: Path, size: int, reference: Reference, factor: float = 1.0) -> Iterator[tuple[Firm, Path]]:
    """Write one ledger per enterprise into ``folder`` and yield each with its file; the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    for firm in firms(size):
        chance = draw(SEED, "ledger", firm.number)
        lines = list(devices(firm, reference, factor))
        if firm.number % BOOK_EVERY == 0:
            layout = chance.choice(table("layouts")["book"])
            path = folder / f"{firm.number:04d}_{firm.name}.xlsx"
            write_book(path, firm, as_cells(lines, layout, chance, firm), layout, chance)
        else:
            layout = chance.choice(table("layouts")["text"])
            path = folder / f"{firm.number:04d}_{firm.name}.csv"
            path.write_bytes(_text(firm, as_cells(lines, layout, chance, firm), layout, chance))
        yield firm, path


def as_cells(lines: list[DeviceLine], layout: dict[str, Any], chance: Random, firm: Firm) -> Rows:
    """Return the lines as the texts of their cells, by attribute."""
    units = table("layouts")["units"] if layout["units"] else {}
    rows: Rows = []
    for number, line in enumerate(lines, 1):
        cells = {
            name: value + (units.get(name, "") if chance.random() < 0.8 else "") for name, value in line.cells.items()
        }
        rows.append(
            {
                "no": str(number),
                "code": f"{firm.number:04d}-{number:05d}",
                "name": line.name,
                "model": line.model,
                "quantity": str(line.quantity),
                "made": _year(line.made, layout["years"], chance) if chance.random() < 0.9 else "",
                "in_service": _year(line.in_service, layout["years"], chance),
                "use_state": line.use_state,
                "shop": line.shop,
                "remark": line.remark,
                **cells,
            }
        )
    return rows


def _year(year: int, way: str, chance: Random) -> str:
    month = chance.randint(1, 12)
    return {"year": f"{year}", "month": f"{year}.{month}", "slash": f"{year}/{month}/{chance.randint(1, 28)}"}[way]


def _text(firm: Firm, rows: Rows, layout: dict[str, Any], chance: Random) -> bytes:
    headers = layout["headers"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout["delimiter"], lineterminator="\r\n")
    if layout["title"]:
        title = firm.name + chance.choice(table("layouts")["titles"])
        writer.writerow([title, *[""] * (len(headers) - 1)])
    writer.writerow(headers.values())
    writer.writerows([row.get(name, "") for name in headers] for row in rows)
    return out.getvalue().encode(layout["encoding"], errors="replace")

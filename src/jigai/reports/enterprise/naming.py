"""Machines by the names people know them by, instead of keys."""

from __future__ import annotations

import polars as pl


class Names:
    """Names of ledger lines: what it is, its model, and where in the ledger it stands."""

    def __init__(self, devices: pl.DataFrame) -> None:
        wanted = ("name", "model", "code", "source_file", "sheet", "row", "quantity")
        columns = [name for name in wanted if name in devices.columns]
        rows = devices.select("device_id", *columns).iter_rows(named=True)
        self._rows = {row["device_id"]: row for row in rows}

    def what(self, device: str) -> str:
        """Return name and model; the key of a line that is not in the ledger."""
        row = self._rows.get(device)
        if row is None:
            return device
        said = [str(row[name]).strip() for name in ("name", "model") if row.get(name)]
        return " ".join(said) or device

    def where(self, device: str) -> str:
        """Return equipment number, sheet and row."""
        row = self._rows.get(device, {})
        code = str(row["code"]) if row.get("code") else ""
        place = f"{row['sheet']}!{row['row']}" if row.get("sheet") and row.get("row") else ""
        return "，".join(one for one in (code, place) if one) or device

    def machines(self, device: str) -> str:
        """Return how many machines the line holds."""
        return str(self._rows.get(device, {}).get("quantity") or 1)

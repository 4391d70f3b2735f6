"""Cells copied from a workbook and pasted into a page, kept as the file they would have been."""

from __future__ import annotations

import codecs
from datetime import datetime

from django.utils.translation import gettext as _

from jigai.platform.imports.errors import ImportRefusedError


def as_file(text: str, now: datetime) -> tuple[str, bytes]:
    """Return the name and the content of what was pasted: a table with tabs, as Excel and WPS put it on the clipboard.

    Args:
        text: what was pasted; cells with line breaks are quoted.
        now: when, for the name.

    Raises:
        ImportRefusedError: nothing was pasted, or a single cell.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
    if not plain.strip():
        raise ImportRefusedError(_("请选择文件，或粘贴从 Excel、WPS 复制的表格。"))
    if "\t" not in plain:
        raise ImportRefusedError(_("粘贴的不是表格：没有分列。请在 Excel 或 WPS 里连表头一起选中再复制。"))
    return f"粘贴的表格 {now:%Y-%m-%d %H%M}.tsv", codecs.BOM_UTF8 + (plain + "\n").encode()

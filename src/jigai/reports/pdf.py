"""A Word document as PDF, where the machine has an office programme that makes it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

_SECONDS: Final = 120


def converter() -> str | None:
    """Return the office programme of this machine; None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def as_pdf(document: bytes) -> bytes | None:
    """Return a Word document as PDF; None where nothing on this machine can make one, or it failed."""
    tool = converter()
    if tool is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "document.docx")
        source.write_bytes(document)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [tool, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None

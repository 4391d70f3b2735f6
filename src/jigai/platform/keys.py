"""The signing key of an installation: given by setting, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def signing_key(given: str, data_dir: Path) -> str:
    """Return the key; the file is made so that two processes starting at once agree, and only its owner reads it."""
    if given:
        return given
    path = data_dir / "keys" / "signing.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        draft.chmod(0o600)
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # a command of root must not lock the site's user out
            os.chown(draft, data_dir.stat().st_uid, data_dir.stat().st_gid)
        try:
            os.link(draft, path)  # fails if another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()

"""Write docs/reference/licences.md: every locked package, its licence in its own metadata's words, why it is here.

``python scripts/licences.py`` asks pip for the metadata of the locked versions (nothing is installed). ``make lock``
runs it, so the table always speaks of what is locked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "reference" / "licences.md"
HEAD = """# Licences of what jigai uses

No third-party code is kept in this repository; the packages below are fetched by hash. `core` is all that
`pip install jigai` needs; `dev` makes and tests it; `lock` locks it; the others are optional extras. Licences are
what each package's own metadata says, nothing added. Written by `scripts/licences.py` (part of `make lock`).

| package | version | used by | licence | why |
|---|---|---|---|---|
"""


def canonical(name: str) -> str:
    """Return the one spelling under which a package is compared (``Types_PyYAML`` → ``types-pyyaml``)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return name → version and name → requirement sets; of several versions the one for the oldest Python counts."""
    versions: dict[str, str] = {}
    sets: dict[str, list[str]] = defaultdict(list)
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        found = re.findall(
            r"^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
        )
        for name, version in found:
            versions.setdefault(canonical(name), version)
            if lock.stem not in sets[canonical(name)]:
                sets[canonical(name)].append(lock.stem)
    return versions, sets


def reasons() -> dict[str, str]:
    """Return name → the reason written beside the wish in ``requirements/*.in``."""
    wishes = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "requirements").glob("*.in")))
    return {
        canonical(name): why for name, why in re.findall(r"^([A-Za-z][\w.-]*)[^#\n]*#\s*(.+)$", wishes, re.MULTILINE)
    }


def metadata(versions: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Ask pip for the metadata of exactly these versions, without installing anything."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--dry-run", "--no-deps"]
    wishes = [f"{name}=={version}" for name, version in versions.items()]
    done = subprocess.run(
        [*pip, "--ignore-installed", "--report", "-", *wishes], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return {canonical(item["metadata"]["name"]): item["metadata"] for item in json.loads(done.stdout)["install"]}


def licence(meta: dict[str, Any]) -> str:
    """Return the licence: the SPDX expression, else a short licence field, else the classifiers."""
    if meta.get("license_expression"):
        return str(meta["license_expression"])
    field = str(meta.get("license") or "").strip()
    if field and "\n" not in field and len(field) <= 60:
        return field
    named = [line.rsplit(" :: ", 1)[-1] for line in meta.get("classifier", []) if line.startswith("License ::")]
    return "; ".join(named) or "not stated"


def needed_by(metas: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return name → the locked packages that ask for it."""
    askers: dict[str, list[str]] = defaultdict(list)
    for asker in sorted(metas):
        for wish in metas[asker].get("requires_dist", []):
            name = canonical(re.split(r"[^\w.-]", wish, maxsplit=1)[0])
            if name in metas and asker not in askers[name]:
                askers[name].append(asker)
    return askers


def render() -> str:
    """Return the whole page."""
    versions, sets = locked()
    metas, why = metadata(versions), reasons()
    askers = needed_by(metas)
    rows = [
        f"| {name} | {version} | {', '.join(sets[name])} | {licence(metas[name]).replace('|', '/')} | "
        f"{why.get(name) or 'needed by ' + ', '.join(askers[name])} |"
        for name, version in sorted(versions.items())
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TABLE.write_text(render(), encoding="utf-8", newline="\n")

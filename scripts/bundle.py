"""Make the folder from which a server without a network is installed (``make bundle``).

``python scripts/bundle.py TARGET`` writes ``TARGET/jigai-<version>-offline/``: our wheel with the page assets and the
compiled labels in it, every locked wheel it needs, what an administrator copies (``deploy/``), the plan
files (``plans/``), the handbook pages, an install script, and a checksum of every file.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("install.zh.md", "backup.zh.md", "upgrade.zh.md")
COPIED = ("deploy", "plans")
INSIDE = ("jigai/platform/web/vendor/tabler.min.css", "jigai/platform/web/vendor/echarts.min.js")


def main(target: Path) -> Path:
    """Write the bundle below ``target`` and return its folder."""
    sys.path.insert(0, str(ROOT / "src"))
    from jigai import __version__

    folder = target / f"jigai-{__version__}-offline"
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    check_inside(build_wheel(wheels))
    fetch(wheels)
    copy_parts(folder)
    for page in PAGES:
        text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
        (folder / page).write_text(text.replace("../reference/", ""), encoding="utf-8", newline="\n")
    shutil.copy(ROOT / "docs" / "reference" / "settings.md", folder / "settings.md")
    shutil.copy(ROOT / "requirements" / "platform.txt", folder / "requirements.txt")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    for name in ("install.sh", "README.md"):
        shutil.copy(ROOT / "scripts" / "bundle" / name, folder / name)
    (folder / "install.sh").chmod(0o755)
    seal(folder)
    return folder


def copy_parts(folder: Path) -> None:
    """Copy the folders an installation uses as they are."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)


def build_wheel(target: Path) -> Path:
    """Build our wheel from a copy of this checkout as it stands, so that nothing of the build stays here."""
    with tempfile.TemporaryDirectory(prefix="jigai-build-") as name:
        source = Path(name)
        for part in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / part, source / part)
        shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, source]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return next(target.glob("jigai-*.whl"))


def check_inside(wheel: Path) -> None:
    """Stop when the wheel lacks what pages load, or a label that should be compiled."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    sources = (ROOT / "src").glob("jigai/platform/*/locale/*/LC_MESSAGES/*.po")
    wanted = {*INSIDE, *(path.with_suffix(".mo").relative_to(ROOT / "src").as_posix() for path in sources)}
    if lost := sorted(wanted - inside):
        sys.exit(f"not in the wheel: {', '.join(lost)}; run sh scripts/assets.sh first")


def fetch(wheels: Path) -> None:
    """Fetch every locked wheel, for this system and Python; hashes are compared while fetching."""
    words = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--require-hashes"]
    words += ["--only-binary", ":all:", "-r", str(ROOT / "requirements" / "platform.txt"), "-d", str(wheels)]
    subprocess.run(words, check=True)


def seal(folder: Path) -> None:
    """Write SHA256SUMS over every file, in the form that ``sha256sum -c`` reads."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{digest}  ./{path.relative_to(folder).as_posix()}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    made = main(Path(sys.argv[1]).absolute())
    size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    print(f"{made} ({size / 2**20:.0f} MB): copy it to the server and run  sh install.sh  there")

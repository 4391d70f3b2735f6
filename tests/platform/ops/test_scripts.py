"""The scripts behind make: what is missing is named in one line, and never skipped."""

from __future__ import annotations

import shutil
import subprocess

from tests.ground.repository import ROOT, lines

PARTS = ("sh", "id", "ls", "dirname", "cat")


def debian(tmp_path, *words):
    """Run the script where there is nothing but a shell: no package, and nobody to install one."""
    for part in PARTS:
        if not (tmp_path / part).exists():
            (tmp_path / part).symlink_to(shutil.which(part))
    return subprocess.run(
        ["sh", ROOT / "scripts" / "debian.sh", *words],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_what_is_missing_is_named_in_one_line(tmp_path):
    done = debian(tmp_path, "need", "chromium", "poppler-utils", "ls")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "apt-get install --no-install-recommends chromium poppler-utils" in done.stderr


def test_what_is_only_wished_for_does_not_stop_anything(tmp_path):
    done = debian(tmp_path, "want", "chromium")
    assert done.returncode == 0 and "Missing: chromium." in done.stderr


def test_nothing_is_said_where_nothing_is_missing(tmp_path):
    done = debian(tmp_path, "need", "ls", "cat")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_python_that_is_too_old_is_said_in_one_line(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")  # what an older one answers when asked for its version
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-c", ". scripts/python.sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "needs Python 3.11" in done.stderr


def test_every_target_is_listed_with_what_it_does():
    targets = {
        line.split(":")[0]
        for line in lines(ROOT / "Makefile")
        if line[:1].isalpha() and ":" in line and "=" not in line
    }
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert targets == {line.split()[1] for line in shown.splitlines()}
    assert {"run", "screen", "test", "test-all", "settings", "former", "bundle"} <= targets


def test_scripts_are_sound_shell():
    for script in sorted((ROOT / "scripts").rglob("*.sh")):
        done = subprocess.run(["sh", "-n", script], capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        assert "set -" in script.read_text(encoding="utf-8") or "Sourced by" in lines(script)[0], script

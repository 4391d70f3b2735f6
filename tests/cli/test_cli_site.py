"""The commands of the site as they are typed: what they say, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.ground.repository import ROOT

from jigai.cli import django as bridge
from jigai.cli.errors import CommandError
from jigai.cli.main import build_parser, main


def run(*words, **settings):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIGAI_")}
    environment = clean | {"PYTHONPATH": str(ROOT / "src"), "JIGAI_HTTPS": "0"} | settings
    return subprocess.run(
        [sys.executable, "-m", "jigai", *words], env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_a_command_of_the_site_says_what_to_install_where_it_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(bridge, "find_spec", lambda name: None)
    for words in (
        ["serve"],
        ["worker"],
        ["manage", "migrate"],
        ["check"],
        ["backup", "x"],
        ["audit", "verify"],
        ["demo"],
    ):
        assert main(words) == 1
        assert 'pip install "jigai[platform]"' in capsys.readouterr().err
    with pytest.raises(CommandError, match="is not installed"):
        bridge.set_up("en")


def test_django_is_not_loaded_for_screening():
    code = "import sys, jigai.cli.main as m; m.build_parser(); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"


def test_manage_hands_everything_on(tmp_path):
    done = run("manage", "help", "--commands", JIGAI_DATA_DIR=str(tmp_path))
    assert done.returncode == 0 and {"migrate", "collectstatic"} <= set(done.stdout.split())
    assert build_parser().parse_args(["manage", "migrate", "--plan", "-v", "2"]).arguments == [
        "migrate",
        "--plan",
        "-v",
        "2",
    ]


def test_serving_says_what_is_missing(tmp_path):
    done = run("serve", JIGAI_DATA_DIR=str(tmp_path))
    assert done.returncode == 1 and "collectstatic" in done.stderr and "Traceback" not in done.stderr
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}", encoding="utf-8")
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--lang", "en", JIGAI_DATA_DIR=str(tmp_path), JIGAI_PORT=port)
    assert done.returncode == 1 and f"Port {port} is taken" in done.stderr


def test_wrong_words_are_refused_with_our_own_code(tmp_path, capsys):
    for words in (["backup"], ["check", "disk"], ["audit"], ["audit", "erase"], ["restore", "--force", "x"]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 1
    capsys.readouterr()


def test_a_folder_that_is_no_backup_is_named(tmp_path):
    (tmp_path / "x").mkdir()
    for command in ("restore", "import"):
        done = run(command, str(tmp_path / "x"), JIGAI_DATA_DIR=str(tmp_path / "data"))
        assert done.returncode == 1 and "manifest.json" in done.stderr, done.stderr
    target = tmp_path / "taken"
    target.write_text("x", encoding="utf-8")
    done = run("export", str(target), JIGAI_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 1 and "已经存在" in done.stderr

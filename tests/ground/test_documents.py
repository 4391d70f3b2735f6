"""Documents that can be followed: every link leads somewhere, every command shown can be parsed."""

from __future__ import annotations

import re
import shlex

import pytest
from tests.ground.repository import ROOT, tracked_below

from jigai.cli.main import build_parser

PAGES = [
    *tracked_below("docs", suffix=".md"),
    *(ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")),
]
COMMANDS = ("screen", "explain", "template", "reference", "plan", "serve", "worker", "check", "demo")
COMMANDS += ("audit", "backup", "restore", "export", "import")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_shown_can_be_typed(page):
    text = page.read_text(encoding="utf-8")
    shown = re.findall(
        rf"^\s*(?:[$#] )?(?:sudo )?(?:jigai|jigai-admin|py -m jigai) ((?:{'|'.join(COMMANDS)})\b[^\n|]*)$", text, re.M
    )
    for command in shown:
        words = shlex.split(command, comments=True)
        if words and not {"…", "...", "FILE", "FOLDER"} & set(words) and not any("[" in word for word in words):
            build_parser().parse_args(words)


def test_every_command_says_what_it_is_for(capsys):
    for command in COMMANDS:
        with pytest.raises(SystemExit) as left:
            build_parser().parse_args([command, "--help"])
        assert left.value.code == 0
        assert len(capsys.readouterr().out.splitlines()) > 5, command

"""What is installed where there is no network: the wheel is whole, the folder enough."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest
from scripts import bundle
from tests.ground.repository import ROOT
from tests.plan.plan_file.plans import SHIPPED
from tests.platform.ops.test_deploy import free_port

from jigai.plan.file import read_plan

pytestmark = pytest.mark.postgres("brings a server of its own")

# Whoever asks the network here is refused at once.
DEAD = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}
DEAD |= {"PIP_NO_INDEX": "1", "NO_PROXY": "", "no_proxy": ""}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout as it stands."""
    return bundle.build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_carries_page_assets_and_labels(wheel):
    assert (ROOT / "src/jigai/platform/web/vendor/tabler.min.css").is_file(), "run sh scripts/assets.sh"
    bundle.check_inside(wheel)
    inside = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "jigai/platform/ops/roles.sql",
        "jigai/platform/ops/checks/probes.csv",
        "jigai/platform/environment.csv",
    ):
        assert name in inside
    assert [name for name in inside if name.startswith("jigai/platform/web/templates/")]
    assert not [name for name in inside if "node_modules" in name or name.startswith(("tests", "var"))]


def test_a_wheel_without_them_is_refused(wheel, tmp_path):
    poor = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as given, zipfile.ZipFile(poor, "w") as taken:
        for name in given.namelist():
            if not name.endswith(("echarts.min.js", ".mo")):
                taken.writestr(name, given.read(name))
    with pytest.raises(SystemExit, match=r"django\.mo.*echarts\.min\.js.*assets\.sh"):
        bundle.check_inside(poor)


def test_the_plans_go_along_whole(tmp_path):
    bundle.copy_parts(tmp_path)
    assert (tmp_path / "deploy" / "nginx.conf").is_file()
    for folder in SHIPPED:
        assert read_plan(tmp_path / "plans" / folder.name) == read_plan(folder)


def test_every_file_is_in_the_checksums(tmp_path):
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "一 二.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a").write_bytes(b"")
    bundle.seal(tmp_path)
    check = ["sha256sum", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "deploy" / "一 二.txt").write_text("y", encoding="utf-8")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return bundle.main(tmp_path_factory.mktemp("bundle"))


def install(folder: Path, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_", "JIGAI_", "UV_"))}
    words = ["sh", folder / "install.sh", home]
    return subprocess.run(words, env=clean | DEAD | more, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.slow
def test_it_installs_and_serves_without_any_index(folder, tmp_path):
    home = tmp_path / "opt 技改"
    done = install(folder, home)
    assert done.returncode == 0, done.stdout + done.stderr
    # Once more: an upgrade keeps the former one beside it.
    assert install(folder, home).returncode == 0
    assert (home / "venv.former").is_dir() and not (home / "venv.new").exists()
    checked = [home / "venv" / "bin" / "jigai", "plan", "check", home / "plans" / "panzhihua-2024"]
    done = subprocess.run(checked, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0 and "检查通过" in done.stdout, done.stdout + done.stderr
    port = free_port()
    environment = {"PATH": "/usr/bin:/bin", "JIGAI_DATA_DIR": str(tmp_path / "data"), "JIGAI_HTTPS": "0"}
    environment |= DEAD | {"JIGAI_PORT": str(port), "JIGAI_WORKERS": "1", "JIGAI_ENVIRONMENT": "demo"}
    environment["JIGAI_SECOND_FACTOR"] = "off_for_demo"

    def jigai(*words: str) -> subprocess.CompletedProcess[str]:
        command = [home / "venv" / "bin" / "jigai", *words]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )

    for words in (["manage", "migrate"], ["manage", "collectstatic", "--noinput"]):
        done = jigai(*words)
        assert done.returncode == 0, done.stderr
    done = jigai("check")
    assert done.returncode == 0, done.stdout
    assert "静态文件齐全" in done.stdout and "英文标签已编译" in done.stdout
    server = subprocess.Popen([home / "venv" / "bin" / "jigai", "serve"], env=environment, cwd=tmp_path)
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for _ in range(200):
            try:
                page = opener.open(f"http://127.0.0.1:{port}/account/login/", timeout=30).read().decode()
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.2)
        assert "csrfmiddlewaretoken" in page
        listed = json.loads((tmp_path / "data" / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
        style = opener.open(f"http://127.0.0.1:{port}/static/{listed['vendor/tabler.min.css']}", timeout=30)
        assert style.status == 200 and len(style.read()) > 100_000
    finally:
        server.terminate()
        assert server.wait(30) == 0


@pytest.mark.slow
def test_a_damaged_folder_installs_nothing(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "deploy" / "nginx.conf").write_text("changed", encoding="utf-8")
    done = install(copy, tmp_path / "home")
    assert done.returncode == 1 and "有文件损坏" in done.stderr
    assert not (tmp_path / "home").exists()
    done = install(folder, tmp_path / "home", PYTHON="/bin/false")
    assert done.returncode == 1 and "3.11" in done.stderr

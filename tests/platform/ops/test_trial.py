"""The trial site with real processes: it comes up, a page is there, and whatever ends it, nothing is left running."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from tests.ground.repository import ROOT
from tests.platform.ops.test_deploy import free_port

from jigai.platform.ops.files import SAMPLE_LEDGERS
from jigai.platform.ops.processes import Child
from jigai.platform.ops.server import PrivateServer, _enterable, binaries
from jigai.platform.ops.serving import free_port as next_port
from jigai.platform.ops.serving import port_is_free, server_words
from jigai.platform.ops.trial import only_one
from jigai.platform.ops.words import OpsError
from jigai.platform.sample import SIZE

pytestmark = pytest.mark.postgres("brings a server of its own")


@pytest.fixture
def folder():
    """A data folder that the server's own user can reach."""
    home = Path(tempfile.mkdtemp(prefix="jigai-trial-"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home, ignore_errors=True)


class Running:
    """A trial site in a process of its own."""

    def __init__(
        self, folder: Path, port: int, *, path: str | None = None, terminal: int | None = None, **more: str
    ) -> None:
        self.said = folder.parent / f"{folder.name}.said"
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if not name.startswith("JIGAI_")}
        environment = clean | {"JIGAI_DATA_DIR": str(folder), "JIGAI_PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
        environment |= more | ({"PATH": path} if path else {})
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jigai", "demo"],
                env=environment,
                stdin=terminal if terminal is not None else subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def ready(self) -> str:
        """Wait for the address it prints."""
        end = time.monotonic() + 180
        while time.monotonic() < end:
            if found := re.search(r"网站已就绪：(\S+)", self.text()):
                return found.group(1)
            assert self.process.poll() is None, self.text()
            time.sleep(0.2)
        raise AssertionError(self.text())

    def end(self, number: int) -> int:
        """Tell it to stop and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def left(self) -> list[str]:
        """Whatever still runs with this data folder in its arguments or environment."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                said = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.folder) in said and int(place.name) != os.getpid():
                found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        return found

    def gone(self, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while self.left() and time.monotonic() < end:
            time.sleep(0.2)
        return not self.left()


@pytest.mark.slow
def test_it_comes_up_twice_and_leaves_nothing_behind(folder):
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        first = Running(folder, port)
        address = first.ready()
        # A busy port: the next one is taken, and said.
        assert f"端口 {port} 已被占用" in first.text() and f":{port}/" not in address
        assert urllib.request.urlopen(address, timeout=60).status == 200
        assert "PostgreSQL" in first.text() and "用时" in first.text()
        assert f"示例台账：{folder / SAMPLE_LEDGERS}（{SIZE} 份" in first.text()
        assert len(list((folder / SAMPLE_LEDGERS).glob("*.*"))) == SIZE + 1
        # A second one on the same folder would stop the first: it is refused.
        second = Running(folder, port)
        assert second.process.wait(60) == 1 and "已在运行" in second.text()
        assert urllib.request.urlopen(address, timeout=60).status == 200
        assert first.end(signal.SIGINT) == 0
    assert "已全部停止" in first.text() and first.gone(), first.left()
    again = Running(folder, port)
    assert f":{port}/" in again.ready()
    # The terminal is closed.
    assert again.end(signal.SIGHUP) == 0
    assert again.gone(), again.left()


@pytest.mark.slow
def test_a_parent_that_is_killed_takes_all_along(folder):
    running = Running(folder, free_port())
    running.ready()
    assert running.end(signal.SIGKILL) == -signal.SIGKILL
    assert running.gone(), running.left()
    # And what it left on the disk does not hinder the next one.
    after = Running(folder, free_port())
    after.ready()
    # A part that dies is told, with its last words.
    web = next(line for line in after.left() if "gunicorn" in line)
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (place / "cmdline").read_bytes(), (place / "status").read_text(encoding="utf-8")
        except OSError:
            continue
        if command.replace(b"\0", b" ").decode("utf-8", "replace") == web and f"PPid:\t{after.process.pid}\n" in status:
            os.kill(int(place.name), signal.SIGKILL)
    assert after.process.wait(60) == 1
    assert "serve 意外结束" in after.text() and "Traceback" not in after.text()
    assert after.gone(), after.left()


@pytest.mark.slow
def test_it_runs_on_sqlite_where_that_is_asked_for(folder):
    url = f"sqlite:///{folder / 'office.sqlite3'}"
    running = Running(folder, free_port(), JIGAI_DATABASE_URL=url)
    page = urllib.request.urlopen(running.ready(), timeout=60).read().decode()
    assert "按 JIGAI_DATABASE_URL 以单机版（SQLite）运行" in running.text() and "单机版" in page
    assert (folder / "office.sqlite3").is_file() and not (folder / "postgres").exists()
    assert running.end(signal.SIGINT) == 0
    assert running.gone(), running.left()


def test_the_server_is_closed_to_others_on_the_machine(folder):
    programs = binaries()
    assert programs
    server = PrivateServer.below(folder, programs, durable=False)
    assert server.home == folder / "postgres" and server.prepare() is True and server.prepare() is False
    child = server.start(folder / "log")
    try:
        assert server.socket.stat().st_mode & 0o077 == 0 and server.data.stat().st_mode & 0o077 == 0
        assert "listen_addresses=" in (server.data / "postmaster.opts").read_text(encoding="utf-8")
    finally:
        child.stop()
    assert not server.ready()
    (server.data / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(OpsError, match="由 PostgreSQL 9 建立"):
        server.prepare()


def test_a_folder_the_server_cannot_enter_is_not_used(tmp_path):
    closed = tmp_path / "closed" / "data"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    assert not _enterable(closed)
    home = PrivateServer.below(closed, Path("/usr/bin")).home
    assert (closed not in home.parents) == (os.geteuid() == 0)


def test_a_long_path_gets_a_short_socket(tmp_path):
    long = PrivateServer(tmp_path / ("长" * 40), Path("/usr/bin"))
    assert len(os.fsencode(long.socket / ".s.PGSQL.5432")) < 107
    assert long.url("jigai_run").endswith(f"host={long.socket}")


def test_a_server_that_cannot_start_says_why(folder):
    child = Child.start("serve", [sys.executable, "-c", "import sys; print('知道了'); sys.exit(3)"], folder / "log")
    child.process.wait(30)
    assert not child.running and child.tail() == "知道了"
    child.stop()
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('.', flush=True); time.sleep(60)"
    child = Child.start("serve", [sys.executable, "-c", stubborn], folder / "log")
    while not child.tail():
        time.sleep(0.05)
    child.stop(seconds=0.5)
    assert child.process.returncode == -signal.SIGKILL


def test_ports_and_locks(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not port_is_free(port) and next_port(port) > port
        with pytest.raises(OpsError, match=str(port)):
            next_port(port, tries=1)
    with only_one(folder, "zh"), pytest.raises(OpsError, match="已在运行"), only_one(folder, "zh"):
        pass


def test_the_web_server_listens_to_this_machine_only():
    words = server_words({"port": 8123, "workers": 3})
    assert words[words.index("--bind") + 1] == "127.0.0.1:8123" and "--no-control-socket" in words

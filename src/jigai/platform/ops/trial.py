"""A trial site of one's own: database, sample city, web and worker together, all gone with Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from jigai.platform.ops.files import SAMPLE_LEDGERS
from jigai.platform.ops.processes import Child
from jigai.platform.ops.server import OWNER, RUN, PrivateServer, binaries
from jigai.platform.ops.serving import LOOPBACK, free_port
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language

_ENDINGS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Ctrl-C, a service manager, a closed terminal


@dataclass
class Trial:
    """One run of the trial site in ``folder``, from ``since`` (seconds of the clock) on."""

    folder: Path
    language: Language
    port: int
    since: float
    children: list[Child] = field(default_factory=list)
    began: float | None = None

    def run(self) -> int:
        """Set everything up, serve until told to stop, and leave nothing running; 0 when it was told to."""
        with _told_to_stop(), only_one(self.folder, self.language):
            try:
                self.set_up()
                self.tell("trial_stop_hint")
                return self.watch()
            except KeyboardInterrupt:
                return 0
            finally:
                self.stop()

    def set_up(self) -> None:
        """Bring the database up to date, load the sample city, start web and worker and wait for the first page."""
        port = free_port(self.port)
        if port != self.port:
            self.tell("trial_other_port", wanted=self.port, port=port)
        owner, plain = self.database()
        common = {
            "JIGAI_ENVIRONMENT": "demo",
            "JIGAI_HTTPS": "0",
            "JIGAI_HOSTS": os.environ.get("JIGAI_HOSTS") or "localhost;127.0.0.1",
            "JIGAI_SECOND_FACTOR": os.environ.get("JIGAI_SECOND_FACTOR") or "off_for_demo",
            "JIGAI_DATA_DIR": str(self.folder),
            "JIGAI_PORT": str(port),
        }
        os.environ.update(common | owner)
        from jigai.platform.ops.filling import demo_accounts, fill
        from jigai.platform.sample import PASSWORD

        for step in fill():
            self.tell(step)
        ledgers = self.ledgers()
        accounts = demo_accounts()
        environment = os.environ | common | plain
        for part in ("serve", "worker"):
            words = [sys.executable, "-m", "jigai", part, "--lang", self.language]
            self.children.append(Child.start(part, words, self.log(part), environment=environment))
        self.wait_for_page(f"http://{LOOPBACK}:{port}/account/login/")
        self.tell("trial_ready", url=f"http://{LOOPBACK}:{port}/", seconds=round(time.time() - self.since))
        for line in accounts:
            self.tell("trial_account", **line)
        if accounts:
            self.tell("trial_password", password=PASSWORD)
        key, values = ledgers
        self.tell(key, **values)
        if key == "trial_ledgers":
            self.hand_in()

    def hand_in(self) -> None:
        """Hand the sample ledgers in once; the worker takes them in while the site is used."""
        from django.utils import timezone

        from jigai.platform.sample import SIZE
        from jigai.platform.sample.handing_in import hand_in, handed_in
        from jigai.platform.sample.report_form import fill_report, load_report_form
        from jigai.platform.sample.survey import report_survey, start_survey

        start_survey()
        load_report_form()
        fill_report(timezone.localdate())
        if hand_in(self.folder / SAMPLE_LEDGERS):
            self.began = time.monotonic()
            self.tell("trial_handing_in")
        elif handed_in():  # the last trial was stopped before the survey went on
            report_survey(SIZE)

    def look(self) -> None:
        """Say once when the sample ledgers are in and how long it took, then have the survey go on with them."""
        from jigai.platform.sample import SIZE
        from jigai.platform.sample.handing_in import handed_in
        from jigai.platform.sample.survey import report_survey

        if self.began is None or not (done := handed_in()):
            return
        self.tell("trial_handed_in", seconds=round(time.monotonic() - self.began), **done)
        self.began = None
        self.tell("trial_survey", steps=report_survey(SIZE))

    def ledgers(self) -> tuple[str, dict[str, object]]:
        """Have the ledger files of the sample city in the data folder, once; return what there is to say of them."""
        from jigai.platform.sample import SIZE
        from jigai.platform.sample.ledgers import WHOLE, keep_ledgers

        place = self.folder / SAMPLE_LEDGERS
        try:
            if not (place / WHOLE).is_file():
                self.tell("step_ledgers")
                keep_ledgers(place, SIZE)
        except OSError as error:
            return "trial_no_ledgers", {"path": place, "error": error.strerror or error}
        return "trial_ledgers", {"path": place, "count": SIZE}

    def database(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the settings for the owner of the database and for serving.

        Starts a server where one is installed, unless ``JIGAI_DATABASE_URL`` asks for SQLite.
        """
        wanted = os.environ.get("JIGAI_DATABASE_URL", "")
        if wanted.startswith("sqlite:"):
            self.tell("trial_sqlite_wanted")
            return {"JIGAI_DATABASE_URL": wanted}, {"JIGAI_DATABASE_URL": wanted}
        programs = binaries()
        if programs is None:
            self.tell("trial_sqlite")
            return {"JIGAI_DATABASE_URL": ""}, {"JIGAI_DATABASE_URL": ""}
        server = PrivateServer.below(self.folder, programs, self.language)
        self.tell("trial_postgres", home=server.home)
        made = server.prepare()
        self.children.append(server.start(self.log("postgres")))
        if made or not _has_database(server):
            server.make_roles()
        return (
            {"JIGAI_DATABASE_URL": server.url(OWNER), "JIGAI_RUN_ROLE": RUN},
            {"JIGAI_DATABASE_URL": server.url(RUN), "JIGAI_RUN_ROLE": RUN},
        )

    def wait_for_page(self, url: str, seconds: float = 90) -> None:
        """Wait until the sign-in page is there; say why if a part ended instead."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.refuse_dead()
            try:
                with urllib.request.urlopen(url, timeout=10):
                    return
            except urllib.error.HTTPError as error:
                raise OpsError(say("trial_bad_page", self.language, url=url, status=error.code)) from error
            except OSError:
                time.sleep(0.2)
        raise OpsError(say("trial_no_page", self.language, url=url, log=self.log("serve")))

    def watch(self) -> int:
        """Wait until told to stop; a part that ends by itself is an error."""
        while True:
            for _turn in range(10):
                self.refuse_dead()
                time.sleep(0.5)
            self.look()

    def refuse_dead(self) -> None:
        """Raise :class:`OpsError` with the last words of a part that ended."""
        for child in self.children:
            if not child.running:
                raise OpsError(
                    say("trial_part_ended", self.language, part=child.name, log=child.log, tail=child.tail())
                )

    def stop(self) -> None:
        """Stop what runs, the database last; a second Ctrl-C changes nothing."""
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        if self.children:
            self.tell("trial_stopping")
        _close_database()
        for child in reversed(self.children):
            child.stop()
        if self.children:
            self.tell("trial_stopped")

    def log(self, name: str) -> Path:
        """Return the file that holds what a part says."""
        folder = self.folder / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def tell(self, key: str, **values: object) -> None:
        """Print a line; a terminal that was closed is no reason to leave things running."""
        with contextlib.suppress(OSError, ValueError):
            print(say(key, self.language, **values), flush=True)


@contextlib.contextmanager
def only_one(folder: Path, language: Language) -> Iterator[None]:
    """Hold the folder: two trial sites on one database would stop each other."""
    import fcntl

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "trial.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise OpsError(say("trial_running", language, folder=folder, pid=lock.read().strip())) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _told_to_stop() -> Iterator[None]:
    """Turn every way of being told to stop into one."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _has_database(server: PrivateServer) -> bool:
    import psycopg

    with psycopg.connect(host=str(server.socket), user="postgres", dbname="postgres") as connection:
        return bool(connection.execute("select 1 from pg_database where datname = 'jigai'").fetchone())


def _close_database() -> None:
    with contextlib.suppress(Exception):
        from django.db import connections

        connections.close_all()

"""Real processes on a real database of their own: ``python -m tests.platform.jobs.bench COMMAND JSON`` in each."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import psycopg.rows

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Bench:
    """A database with one person in it, and the processes started on it."""

    environment: dict[str, str]
    started: list[subprocess.Popen] = field(default_factory=list)

    @classmethod
    def build(cls, url: str, data: Path, role: str = "", **more: str) -> Bench:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("JIGAI_")},
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "jigai.platform.settings",
            "JIGAI_DATABASE_URL": url,
            "JIGAI_DATA_DIR": str(data),
            "JIGAI_ENVIRONMENT": "test",
            "JIGAI_SECRET_KEY": "only for tests",
            "JIGAI_HTTPS": "0",
            "JIGAI_RUN_ROLE": role,
            "JIGAI_LEASE_SECONDS": "2",
            **more,
        }
        bench = cls(environment)
        bench.call("build")
        return bench

    def call(self, command: str, **arguments):
        """Do something in a process of its own and return what it says."""
        done = subprocess.run(
            self._words(command, arguments), env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start(self, command: str = "work", limit: int = 0, **arguments) -> subprocess.Popen:
        """Start a worker and leave it running; ``limit`` is the size of the largest file it may write [bytes]."""

        def bound():
            import resource

            # Python would die of the signal the system sends as well; it asks for an error instead.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        words = self._words(command, arguments)
        process = subprocess.Popen(words, env=self.environment, cwd=ROOT, preexec_fn=bound if limit else None)
        self.started.append(process)
        return process

    def rows(self, query: str, *values) -> list[dict]:
        """Look into the database as its owner does: past both walls, and without starting a process."""
        url = self.environment["JIGAI_DATABASE_URL"]
        if url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(query, values)]
        with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
            return connection.execute(query.replace("?", "%s"), values).fetchall()

    def job(self, pk: int) -> dict:
        """Return where a job stands."""
        return self.rows("select state, attempt, error, done from jobs_job where id = ?", pk)[0]

    def said(self, action: str) -> list[dict]:
        """Return what the events of one action say, in order."""
        found = self.rows("select after from audit_event where action = ? order by number", action)
        return [json.loads(row["after"]) if isinstance(row["after"], str) else row["after"] for row in found]

    def wait(self, job: int, *states: str, seconds: float = 90):
        """Wait until a job is in one of ``states`` and return it."""
        end = time.monotonic() + seconds
        while (found := self.job(job))["state"] not in states:
            assert time.monotonic() < end, found
            time.sleep(0.1)
        return found

    def stop(self) -> None:
        """Kill whatever still runs."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()

    @staticmethod
    def _words(command: str, arguments: dict) -> list[str]:
        return [sys.executable, "-m", "tests.platform.jobs.bench", command, json.dumps(arguments)]


def until(condition, seconds: float = 90):
    """Wait until ``condition()`` holds and return what it says."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def main(command: str, arguments: dict):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from tests.platform.jobs import handlers  # noqa: F401  registers the kinds of jobs

    from jigai.platform.accounts.acting import actor_for
    from jigai.platform.accounts.models import Membership, Organisation, User
    from jigai.platform.audit.verification import verify
    from jigai.platform.jobs import services, worker
    from jigai.platform.walls.scope import command_scope, use_scope

    def actor():
        return actor_for(Membership.objects.select_related("user", "organisation").get())

    match command:
        case "build":
            call_command("migrate", verbosity=0)
            office = Organisation.objects.create(kind="department", name="经信局")
            user = User.objects.create(username="clerk", name="经办")
            Membership.objects.create(user=user, organisation=office, role_key="city_officer")
            return {}
        case "submit":
            with transaction.atomic():
                return {"pk": services.submit(actor(), arguments["kind"], arguments["arguments"]).pk}
        case "cancel":
            with transaction.atomic():
                services.cancel(actor(), arguments["pk"])
            return {}
        case "retry":
            with transaction.atomic():
                services.retry(actor(), arguments["pk"])
            return {}
        case "work":
            return {"taken": worker.run(once=arguments.get("once", False))}
        case "record":
            from jigai.platform.audit.services import record

            for number in range(arguments["times"]):
                with transaction.atomic(), use_scope(actor().scope):
                    record(actor(), "test.many", after={"number": number})
            return {}
        case "verify":
            with transaction.atomic(), use_scope(command_scope("look")):
                found = verify()
                return {"checked": found.checked, "breaks": [one.kind for one in found.breaks]}
    raise KeyError(command)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2])), default=str))

"""Child processes that never outlive their parent, and whose last words can be shown."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PARENT_DIED = 1  # PR_SET_PDEATHSIG of prctl(2)
_TAIL_BYTES = 4000


def demoted(user: str | None) -> dict[str, Any]:
    """Return the arguments of ``subprocess`` that make a child run as ``user`` (``None``: as ourselves)."""
    if user is None:
        return {}
    import pwd  # not on Windows, where nothing is demoted

    group = pwd.getpwnam(user).pw_gid
    return {"user": user, "group": group, "extra_groups": []}


@dataclass
class Child:
    """A process of ours: ``name`` is what messages call it, ``log`` holds what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = signal.SIGTERM

    @classmethod
    def start(
        cls,
        name: str,
        words: Sequence[str | Path],
        log: Path,
        *,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Start it apart from the terminal, so that Ctrl-C reaches the parent alone, who then stops all in order."""
        # PostgreSQL: SIGINT ends the sessions and shuts down cleanly; SIGTERM would wait for them.
        ending = signal.SIGINT if name == "postgres" else signal.SIGTERM
        with log.open("wb") as kept:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=kept,
                stderr=kept,
                env=dict(environment) if environment is not None else None,
                cwd="/" if user else None,
                start_new_session=True,
                preexec_fn=_dies_with_parent(ending),
                **demoted(user),
            )
        return cls(name, process, log, ending)

    @property
    def running(self) -> bool:
        """Whether it is still alive."""
        return self.process.poll() is None

    def stop(self, seconds: float = 20) -> None:
        """Ask it to end, and end it if it does not."""
        if self.running:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tail(self, lines: int = 12) -> str:
        """Return the last lines of its log."""
        with self.log.open("rb") as kept:
            kept.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
            said = kept.read().decode("utf-8", "replace").splitlines()
        return "\n".join(said[-lines:])


def _dies_with_parent(ending: int) -> Any:
    """Return what a child does before it becomes its program: ask the kernel to end it when the parent is gone."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PARENT_DIED, ending, 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask

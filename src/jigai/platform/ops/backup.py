"""One consistent point of an installation: database, files, keys, the city's own data, and a manifest over all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from jigai.platform.jobs.room import is_full
from jigai.platform.ops import digest, installation, tools
from jigai.platform.ops.files import Copier, of_installation
from jigai.platform.ops.manifest import NAME, Entry, Manifest, entry_of
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language

Tables = dict[str, dict[str, Any]]
DUMP: Final = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
_ADDRESS = re.compile(r"(?:^|/)([0-9a-f]{64})(?:\.\w+)?$")
"""A file whose name is the SHA-256 of its content."""


def back_up(target: Path, language: Language) -> Manifest:
    """Write the backup ``target`` (a folder that does not exist yet) and return its manifest.

    Files are copied before and after the database's snapshot, so that every file a row names is in the copy whatever
    people do meanwhile; what is missing nevertheless was lost before, and is named in the manifest.
    """
    with drafted(target, language) as draft:
        manifest = installation.described("backup")
        copier = Copier(settings.DATA_DIR, draft)
        copier.run(own_files())
        manifest.tables, named = snapshot(draft, language)
        copier.run(own_files())
        manifest.entries = [*copier.entries.values(), entry_of(draft, DUMP[connection.vendor])]
        manifest.missing = sorted(path for path in set(named) if not copier.has(path))
        manifest.missing += damaged(copier)
        manifest.entries += own_reference(draft)
        manifest.write(draft)
    return manifest


@contextlib.contextmanager
def drafted(target: Path, language: Language) -> Iterator[Path]:
    """Yield a folder that becomes ``target`` when all is written, and vanishes if anything goes wrong."""
    if target.exists():
        raise OpsError(say("target_exists", language, target=target))
    draft = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)  # it holds keys and everybody's data
        yield draft
        os.sync()
        draft.rename(target)
    except (OSError, sqlite3.Error) as error:
        if is_full(error):
            raise OpsError(say("disk_full", language, path=target)) from error
        if isinstance(error, sqlite3.Error):
            raise
        raise OpsError(say("cannot_write", language, path=error.filename or target, error=error.strerror)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def snapshot(folder: Path, language: Language) -> tuple[Tables, list[str]]:
    """Dump the database into ``folder``; return its tables' digests and the files its rows name, of the same moment."""
    dump = _dump_sqlite if connection.vendor == "sqlite" else _dump_postgres
    return dump(folder / DUMP[connection.vendor], language)


def damaged(copier: Copier) -> list[str]:
    """Return the files named by their own hash whose content is another."""
    found = []
    for entry in copier.entries.values():
        address = _ADDRESS.search(entry.path)
        if address and address.group(1) != entry.sha256:
            found.append(entry.path.removeprefix("files/"))
    return found


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove the oldest complete dated backups in ``folder`` beyond ``keep``; return which."""
    complete = sorted(path for path in folder.glob("jigai-[0-9]*") if (path / NAME).is_file())
    for path in complete[:-keep]:
        shutil.rmtree(path)
    return complete[:-keep]


def own_files() -> Iterator[str]:
    """Yield the paths of the files of this installation."""
    return of_installation(settings.DATA_DIR, installation.sqlite_file())


def _dump_postgres(path: Path, language: Language) -> tuple[Tables, list[str]]:
    program = tools.program("pg_dump")
    if program is None:
        raise OpsError(say("no_pg_dump", language) + " " + say("no_pg_dump_remedy", language))
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("select pg_export_snapshot()")
            (name,) = cursor.fetchone()
        words: list[str | Path] = [
            program,
            "--format=custom",
            "--no-owner",
            "--no-acl",
            "--no-comments",
            f"--snapshot={name}",
        ]
        run_tool([*words, f"--file={path}"], language)
        return digest.of_postgres(), list(installation.named_files())


def _dump_sqlite(path: Path, language: Language) -> tuple[Tables, list[str]]:
    source = installation.sqlite_file()
    assert source is not None
    with transaction.atomic(durable=True):  # takes the right to write: nobody else changes anything meanwhile
        given, taken = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True), sqlite3.connect(path)
        with closing(given), closing(taken):
            given.backup(taken)
            taken.execute("pragma journal_mode = delete")
        named = list(installation.named_files())
    return digest.of_sqlite(path), named


def run_tool(words: list[str | Path], language: Language) -> None:
    """Run one of PostgreSQL's programs; :class:`OpsError` carries what it says."""
    said = subprocess.run(words, env=tools.environment(), capture_output=True, check=False, stdin=subprocess.DEVNULL)
    if said.returncode:
        text = said.stderr.decode("utf-8", "replace").strip()
        if os.strerror(errno.ENOSPC) in text:
            raise OSError(errno.ENOSPC, text)
        key = "dump_filtered" if "row-level security" in text else "tool_failed"
        raise OpsError(say(key, language, tool=Path(words[0]).name, error=text))


def own_reference(draft: Path) -> Iterator[Entry]:
    """Copy the city's own datasets (``JIGAI_REFERENCE``) and yield their entries."""
    for number, place in enumerate(installation.own_reference(), 1):
        copier = Copier(place.parent, draft, below=f"reference/{number}")
        files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
        copier.run(path.relative_to(place.parent).as_posix() for path in files)
        yield from copier.entries.values()

"""Bring a backup back into an empty installation, or, when told, in place of what is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from jigai.platform.ops import digest, installation, tools
from jigai.platform.ops.backup import DUMP
from jigai.platform.ops.files import APART, copy
from jigai.platform.ops.manifest import Manifest
from jigai.platform.ops.words import OpsError, say
from jigai.screening.sentences import Language

ANEW: Final = "drop schema public cascade; create schema public; grant usage on schema public to public;\n"
"""What comes before the dump, in the same transaction: either all is replaced, or nothing."""
MB = 2**20


def bring_back(source: Path, language: Language, *, replace: bool = False) -> Manifest:
    """Verify the backup ``source``, restore it, compare what came out with what went in, and migrate.

    Nothing is touched before every file of the backup has been compared with its hash.
    """
    manifest = Manifest.read(source, "backup", language)
    _refuse_foreign(manifest, language)
    installation.refuse_unless_owner(language)
    if not replace:
        installation.refuse_unless_empty(language)
    with Staged(source, manifest, language) as stage:
        if connection.vendor == "sqlite":
            _load_sqlite(source, manifest, language)
        else:
            _load_postgres(source / DUMP["postgresql"], language)
            with transaction.atomic():
                _compare(manifest.tables, digest.of_postgres(), language)
        put_in_place(stage)
    call_command("migrate", verbosity=0, interactive=False)
    return manifest


class Staged:
    """The files of a backup or export, copied into the data folder's own disk and verified, not yet in place."""

    def __init__(self, source: Path, manifest: Manifest, language: Language) -> None:
        self.source, self.manifest, self.language = source, manifest, language
        self.stage = settings.DATA_DIR / f".restore-{os.getpid()}"

    def __enter__(self) -> Path:
        files = [entry for entry in self.manifest.entries if entry.path.startswith(("files/", "reference/"))]
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.DATA_DIR).free
        if free < sum(entry.size for entry in files):
            raise OpsError(say("no_room", self.language, free=free // MB, folder=settings.DATA_DIR))
        self.stage.mkdir(mode=0o750)
        for entry in files:
            # Datasets of the city come to lie beside the files; JIGAI_REFERENCE then names them.
            target = self.stage / entry.path.removeprefix("files/")
            target.parent.mkdir(parents=True, exist_ok=True)
            if copy(self.source / entry.path, target) != entry.sha256:
                raise OpsError(say("file_changed", self.language, path=entry.path))
        return self.stage

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)


def put_in_place(stage: Path) -> None:
    """Move the staged files where they belong, instead of what was there."""
    database = installation.sqlite_file()
    apart = APART | {stage.name} | ({f"{database.name}{tail}" for tail in ("", "-wal", "-shm")} if database else set())
    for path in list(settings.DATA_DIR.iterdir()):
        # A backup without a key comes from a site whose key is a setting: the present one then stays.
        stays = path.name == "keys" and not (stage / "keys").exists()
        if path.name not in apart and not stays:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in stage.iterdir():
        path.rename(settings.DATA_DIR / path.name)
    _give_to_owner()


def _refuse_foreign(manifest: Manifest, language: Language) -> None:
    if manifest.database != connection.vendor:
        raise OpsError(say("other_database", language, theirs=manifest.database, ours=connection.vendor))
    # Apps may come and go with settings; only what the backup has seen and this release does not know is from later.
    unknown = set(manifest.migrations) - set(installation.held())
    if unknown:
        names = "、".join(sorted(unknown)[:5])
        raise OpsError(say("backup_newer", language, version=manifest.version, names=names))


def _load_postgres(dump: Path, language: Language) -> None:
    """Replace the whole schema in one transaction."""
    reader, writer = tools.program("pg_restore"), tools.program("psql")
    if reader is None or writer is None:
        raise OpsError(say("no_pg_dump", language) + " " + say("no_pg_dump_remedy", language))
    connections.close_all()
    words: list[str | Path] = [reader, "--no-owner", "--no-acl", "--no-comments", "--exit-on-error", "--file=-", dump]
    into: list[str | Path] = [writer, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as giving:
        with subprocess.Popen(
            into, env=tools.environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as taking:
            assert giving.stdout and taking.stdin
            try:
                taking.stdin.write(ANEW.encode())
                shutil.copyfileobj(giving.stdout, taking.stdin)
            except BrokenPipeError:
                pass  # it says why below
            # A dump that ends early must not be committed.
            if giving.wait():
                taking.kill()
            said = taking.communicate()[1]
        failed = giving.stderr.read() if giving.stderr else b""
    if giving.returncode or taking.returncode:
        text = (failed + said).decode("utf-8", "replace").strip()
        raise OpsError(say("tool_failed", language, tool="pg_restore", error=text))


def _load_sqlite(source: Path, manifest: Manifest, language: Language) -> None:
    target = installation.sqlite_file()
    assert target is not None
    draft = target.with_name(f".{target.name}.part-{os.getpid()}")
    copy(source / DUMP["sqlite"], draft)
    _compare(manifest.tables, digest.of_sqlite(draft), language)
    connections.close_all()
    for tail in ("-wal", "-shm"):
        Path(f"{target}{tail}").unlink(missing_ok=True)
    draft.replace(target)


def _compare(told: dict[str, dict[str, object]], found: dict[str, dict[str, object]], language: Language) -> None:
    wrong = sorted(name for name in told.keys() | found.keys() if told.get(name) != found.get(name))
    if wrong:
        raise OpsError(say("rows_differ", language, names="、".join(wrong)))


def _give_to_owner() -> None:
    """Root restores for the site's user: what comes in belongs to whom the data folder belongs."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    owner = settings.DATA_DIR.stat()
    for top, folders, names in os.walk(settings.DATA_DIR):
        folders[:] = [name for name in folders if name not in APART]
        for name in (*folders, *names):
            os.chown(Path(top) / name, owner.st_uid, owner.st_gid, follow_symlinks=False)

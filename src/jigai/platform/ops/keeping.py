"""``jigai backup``, ``restore``, ``export``, ``import``: do it, tell the audit trail, say what came of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from jigai.platform.ops import installation
from jigai.platform.ops.backup import back_up, prune
from jigai.platform.ops.export import take_in as read_export
from jigai.platform.ops.export import write_out
from jigai.platform.ops.manifest import Manifest
from jigai.platform.ops.restore import bring_back
from jigai.platform.ops.words import OpsError, say
from jigai.platform.walls.actor import command
from jigai.platform.walls.scope import use_scope
from jigai.screening.sentences import Language

OK, INCOMPLETE = 0, 2


def backup(target: Path, language: Language, *, dated: bool = False, keep: int = 0) -> int:
    """Back up to ``target``, or to a dated folder below it of which the newest ``keep`` stay; 2 if files were lost."""
    if keep < 0:
        raise OpsError(say("keep_negative", language))
    if keep and not dated:
        raise OpsError(say("keep_needs_dated", language))
    folder = target / f"jigai-{datetime.now():%Y%m%d-%H%M%S}" if dated else target
    manifest = back_up(folder.absolute(), language)
    code = _told("backup_done", manifest, folder, language)
    _record("backup.made", manifest, folder, language)
    if keep:
        for path in prune(target, keep):
            print(say("pruned", language, path=path))
    return code


def restore(source: Path, language: Language, *, replace: bool = False) -> int:
    """Restore ``source``; 2 if it lacks files its rows name."""
    manifest = bring_back(source.absolute(), language, replace=replace)
    code = _told("restore_done", manifest, source, language)
    _record("backup.restored", manifest, source, language)
    _hints(manifest, language)
    return code


def export(target: Path, language: Language) -> int:
    """Export to ``target``; 2 if files that rows name were lost before."""
    manifest = write_out(target.absolute(), language)
    code = _told("export_done", manifest, target, language)
    _record("export.made", manifest, target, language)
    return code


def take_in(source: Path, language: Language, *, replace: bool = False) -> int:
    """Import ``source``; 2 if it lacks files its rows name."""
    manifest = read_export(source.absolute(), language, replace=replace)
    code = _told("import_done", manifest, source, language)
    _record("export.imported", manifest, source, language)
    _hints(manifest, language)
    return code


def _told(key: str, manifest: Manifest, folder: Path, language: Language) -> int:
    files = sum(entry.path.startswith("files/") for entry in manifest.entries)
    size = f"{manifest.size / 2**20:.1f}"
    print(say(key, language, folder=folder, made=manifest.made_at, rows=manifest.rows, files=files, size=size))
    if manifest.missing:
        names = "\n  ".join(manifest.missing[:20])
        print(say("files_missing", language, count=len(manifest.missing), list=names))
        return INCOMPLETE
    return OK


def _hints(manifest: Manifest, language: Language) -> None:
    """Say what the settings of this place must still be told."""
    if manifest.key != installation.key_fingerprint():
        print(say("other_key", language))
    places = [Path(entry.path).parts for entry in manifest.entries if entry.path.startswith("reference/")]
    brought = sorted({"/".join(parts[:3]) for parts in places})
    if brought:
        print(say("reference_brought", language, value=";".join(brought)))


def _record(action: str, manifest: Manifest, folder: Path, language: Language) -> None:
    """Tell the audit trail, unless its tables are still those of a former release (a backup before an upgrade)."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    from jigai.platform.audit import services

    actor = command(action)
    said = {"folder": str(folder), "made_at": manifest.made_at, "rows": manifest.rows, "version": manifest.version}
    try:
        with transaction.atomic(), use_scope(actor.scope):
            services.record(actor, action, after=said)
    except DatabaseError as error:
        raise OpsError(say("not_recorded", language, error=str(error).strip())) from error

"""All of an installation in open formats: JSON lines per table, the files as they are, a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from jigai.platform.ops import installation, rows
from jigai.platform.ops.backup import damaged, drafted, own_files, own_reference
from jigai.platform.ops.files import Copier
from jigai.platform.ops.manifest import Manifest, entry_of
from jigai.platform.ops.restore import Staged, put_in_place
from jigai.platform.ops.words import OpsError, say
from jigai.platform.standards.sets import adopt
from jigai.platform.walls.scope import command_scope, use_scope
from jigai.screening.sentences import Language

TABLES: Final = "tables"
COLUMNS: Final = "columns.json"


def write_out(target: Path, language: Language) -> Manifest:
    """Write the export ``target`` (a folder that does not exist yet) and return its manifest.

    All tables are of one moment. The export holds personal data and password hashes: it is for moving a whole
    installation, and for those who must be able to leave.
    """
    with drafted(target, language) as draft:
        (draft / TABLES).mkdir()
        manifest = installation.described("export")
        copier = Copier(settings.DATA_DIR, draft)
        copier.run(own_files())
        with transaction.atomic(durable=True):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("set transaction isolation level repeatable read, read only")
            with use_scope(command_scope("export")):
                for model in rows.exported_models():
                    table = model._meta.db_table
                    path = f"{TABLES}/{table}.jsonl"
                    written = rows.write(model, draft / path)
                    entry = entry_of(draft, path)
                    manifest.entries.append(entry)
                    manifest.tables[table] = {"rows": written, "digest": entry.sha256}
                named = set(installation.named_files())
        copier.run(own_files())
        manifest.entries += copier.entries.values()
        manifest.missing = sorted(path for path in named if not copier.has(path)) + damaged(copier)
        meaning = {model._meta.db_table: list(rows.columns(model)) for model in rows.exported_models()}
        (draft / COLUMNS).write_text(json.dumps(meaning, ensure_ascii=False, indent=1), encoding="utf-8")
        manifest.entries += [entry_of(draft, COLUMNS), *own_reference(draft)]
        manifest.write(draft)
    return manifest


def take_in(source: Path, language: Language, *, replace: bool = False) -> Manifest:
    """Fill this installation with the export ``source`` and return its manifest; one transaction, all or nothing."""
    manifest = Manifest.read(source, "export", language)
    call_command("migrate", verbosity=0, interactive=False)
    ours = set(installation.applied())
    if set(manifest.migrations) != ours:
        raise OpsError(say("other_release", language, version=manifest.version))
    installation.refuse_unless_owner(language)
    if not replace:
        installation.refuse_unless_empty(language)
    with Staged(source, manifest, language) as stage:
        with transaction.atomic(), use_scope(command_scope("import")):
            _become_owner()
            _empty()
            for model in rows.exported_models():
                table = model._meta.db_table
                taken = rows.read(model, source / TABLES / f"{table}.jsonl")
                if taken != manifest.tables[table]["rows"]:
                    raise OpsError(say("rows_differ", language, names=table))
            _execute(connection.ops.sequence_reset_sql(no_style(), rows.exported_models()))
        put_in_place(stage)
    adopt()
    return manifest


def _become_owner() -> None:
    """Lay down the plain role: rows that only grow are put back by the owner of the tables."""
    if connection.vendor == "postgresql":
        _execute(["reset role"])


def _empty() -> None:
    """Remove what is there (the rows migrations made, or what is replaced)."""
    # Foreign keys are looked at when the transaction ends, so the order does not matter.
    _execute([f"delete from {connection.ops.quote_name(model._meta.db_table)}" for model in rows.exported_models()])


def _execute(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

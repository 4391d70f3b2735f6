"""Keep the database of this release: ``make former``, once before each release (and whenever 0001 is rewritten).

Writes ``tests/platform/ops/former/<version>.sql.gz``, a small database with rows in every table, and the number of
rows beside it. The upgrade test restores every such file, migrates it, and compares.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "platform" / "ops" / "former"
# psql of an older minor release does not know these lines.
_GUARDS = (b"\\restrict", b"\\unrestrict")


def main() -> None:
    """Make the database with the present migrations and keep it."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from jigai import __version__
    from jigai.platform.ops.server import OWNER, RUN, PrivateServer, binaries

    programs = binaries()
    if programs is None:
        sys.exit("apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="jigai-former-") as name:
        home = Path(name)
        home.chmod(0o755)
        server = PrivateServer(home / "pg", programs, durable=False)
        server.prepare()
        child = server.start(home / "log")
        try:
            server.make_roles()
            os.environ |= {"JIGAI_DATABASE_URL": server.url(OWNER), "JIGAI_RUN_ROLE": RUN, "JIGAI_DATA_DIR": name}
            os.environ |= {"JIGAI_ENVIRONMENT": "test", "DJANGO_SETTINGS_MODULE": "jigai.platform.settings"}
            counts = fill()
            words = [
                "pg_dump",
                "--no-owner",
                "--no-acl",
                "--no-comments",
                "-h",
                str(server.socket),
                "-U",
                OWNER,
                "jigai",
            ]
            said = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
        finally:
            child.stop()
    lines = [line for line in said.splitlines(keepends=True) if not line.startswith(_GUARDS)]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{__version__}.sql.gz").write_bytes(gzip.compress(b"".join(lines), mtime=0))
    told = json.dumps(counts, indent=1, sort_keys=True) + "\n"
    (FOLDER / f"{__version__}.json").write_text(told, encoding="utf-8", newline="\n")
    print(f"kept {FOLDER / f'{__version__}.sql.gz'}: {len(counts)} tables, {sum(counts.values())} rows")


def fill() -> dict[str, int]:
    """Migrate, put rows into every table, and return how many each has."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from tests.platform.ops.conftest import FILL
    from tests.platform.ops.every_table import fill_the_rest

    exec(FILL, {})
    return fill_the_rest()


if __name__ == "__main__":
    main()

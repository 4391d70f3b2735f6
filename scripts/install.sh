#!/bin/sh
# install.sh core|platform|dev: make .venv hold exactly the locked requirements and this checkout; quick when nothing changed.
set -eu
cd "$(dirname "$0")/.."
set_name=$1
. scripts/python.sh
want=$({ cat "requirements/$set_name.txt" pyproject.toml; pwd; } | cksum)
stamp=.venv/.installed-$set_name
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
echo "Setting up .venv ($set_name) …"
# A virtual environment knows its own place: one that came along with a moved folder is made anew.
.venv/bin/python -c 'import sys, pathlib; sys.exit(pathlib.Path(sys.prefix) != pathlib.Path(".venv").absolute())' 2>/dev/null ||
    { rm -rf .venv; "$PYTHON" -m venv .venv; }
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "requirements/$set_name.txt"
# The checkout is put on the path directly: no build, and edits count at once.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
echo "$PWD/src" > "$site/jigai-checkout.pth"
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m jigai "$@"\n' "$PWD" > .venv/bin/jigai
chmod +x .venv/bin/jigai
echo "$want" > "$stamp"

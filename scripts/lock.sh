#!/bin/sh
# Lock every requirements/*.in into a hashed *.txt that names no host and no path, and tell the licences of all of it.
set -eu
cd "$(dirname "$0")/.."
. scripts/python.sh
[ -x .venv-lock/bin/python ] || "$PYTHON" -m venv .venv-lock
.venv-lock/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/lock.txt
# uv does not read pip's settings: hand an office's own mirror on.
index=$(.venv-lock/bin/python -m pip config get global.index-url 2>/dev/null || true)
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
for input in requirements/*.in; do
    .venv-lock/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-annotate \
        --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" "$input" -o "${input%.in}.txt"
    echo "locked ${input%.in}.txt"
done
.venv-lock/bin/python scripts/licences.py
echo "wrote docs/reference/licences.md"

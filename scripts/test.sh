#!/bin/sh
# test.sh quick|all: every test that must pass; what is missing on the machine is installed or named, never skipped.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install.sh dev
sh scripts/debian.sh need postgresql chromium fonts-noto-cjk poppler-utils
sh scripts/assets.sh
start=$(date +%s)
if [ "$1" = all ]; then
    .venv/bin/python -m pytest -q -n 2 -m ""
    .venv/bin/python -m pytest -q -n 2 -m "" --sqlite tests/platform
else
    .venv/bin/python -m pytest -q -n 2
    .venv/bin/python -m pytest -q -n 2 -m "sqlite and not slow" --sqlite tests/platform
fi
echo "All tests passed in $(($(date +%s) - start)) seconds."

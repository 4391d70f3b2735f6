# Sourced by the other scripts: find a Python that can run jigai, or say plainly what to install.
PYTHON=${PYTHON:-}
for candidate in $PYTHON python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        PYTHON=$candidate
        break
    fi
    PYTHON=
done
if [ -z "$PYTHON" ]; then
    echo "jigai needs Python 3.11 or later and found none: install python3 and python3-venv (Debian: apt-get install python3 python3-venv)." >&2
    exit 1
fi
if ! "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
    else
        echo "Python cannot make virtual environments here: ask an administrator to run  apt-get install python3-venv" >&2
        exit 1
    fi
fi

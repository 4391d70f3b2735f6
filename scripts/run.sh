#!/bin/sh
# Everything from a clean clone to a running site: environment, assets, labels, database, sample city, web and worker.
set -eu
cd "$(dirname "$0")/.."
since=${SINCE:-$(date +%s)}
sh scripts/install.sh platform
sh scripts/assets.sh
# Without PostgreSQL the trial runs on SQLite, and says so; JIGAI_DATABASE_URL=sqlite:///… asks for that.
case ${JIGAI_DATABASE_URL:-} in
    sqlite:*) ;;
    *) sh scripts/debian.sh want postgresql ;;
esac
export JIGAI_ENVIRONMENT=demo JIGAI_HTTPS=0
exec .venv/bin/python -m jigai demo --since "$since"

#!/usr/bin/env bash
# Prove `make up` in a fresh clone on a machine that has Python 3.11, git and make, and nothing else:
# Java, Postgres, Node and Docker are hidden from PATH and JAVA_HOME is unset.
#
#   tests/deploy/bare_machine.sh [--user NAME] [--phases] [--keep]
#
#   --user NAME      run as this ordinary user, who is made when missing (needs root)
#   --phases         only what needs no application: environment, Java with a real Spark session, Postgres
#   --keep           leave the clone for looking at
set -euo pipefail

user="" phases="" keep=""
while [ $# -gt 0 ]; do
    case "$1" in
        --user) user=$2; shift 2 ;;
        --phases) phases=yes; shift ;;
        --keep) keep=yes; shift ;;
        *) sed -n '2,9p' "$0"; exit 2 ;;
    esac
done

source_repo=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) # mode 0700, as clones often are
if [ -n "$user" ]; then
    id "$user" >/dev/null 2>&1 || useradd --create-home "$user"
    git clone -q --no-hardlinks "$source_repo" "$work/encore"
    chown -R "$user" "$work"
else
    git clone -q --no-hardlinks "$source_repo" "$work/encore"
fi

# a PATH with the tools of a minimal Debian and no others
tools=$work/tools
mkdir "$tools"
for folder in /usr/local/bin /usr/bin /bin /usr/sbin /sbin; do
    for program in "$folder"/*; do
        name=${program##*/}
        case "$name" in
            java* | psql | pg_* | postgres | initdb | node* | npm* | npx | docker* | uv | uvx | spark* | dagster* | dg) continue ;;
        esac
        [ -x "$program" ] && [ ! -e "$tools/$name" ] && ln -s "$program" "$tools/$name"
    done
done
chmod 755 "$tools"

run() { # run a command in the clone as the chosen user, with that PATH and a clean environment
    local variables=(PATH="$tools" LANG=C.UTF-8)
    local name
    for name in HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE PIP_CERT; do
        [ -n "${!name:-}" ] && variables+=("$name=${!name}")
    done
    if [ -n "$user" ]; then
        (cd "$work/encore" && setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups \
            env -i HOME="$(getent passwd "$user" | cut -d: -f6)" USER="$user" "${variables[@]}" "$@")
    else
        (cd "$work/encore" && env -i HOME="$HOME" USER="$(id -un)" "${variables[@]}" "$@")
    fi
}

finish() {
    local code=$?
    run make down >/dev/null 2>&1 || true
    if [ -n "$keep" ]; then
        echo "The clone stays in $work/encore"
    else
        run make clean CONFIRM=yes >/dev/null 2>&1 || true
        rm -rf "$work"
    fi
    [ "$code" -eq 0 ] && echo "PASSED" || echo "FAILED with exit code $code"
    exit "$code"
}
trap finish EXIT

timed() { # timed LIMIT NAME COMMAND...: fail when it takes longer
    local limit=$1 name=$2 started seconds
    shift 2
    started=$(date +%s)
    run "$@"
    seconds=$(($(date +%s) - started))
    echo "== $name: $seconds s (limit $limit s)"
    [ "$seconds" -le "$limit" ]
}

answers() { # answers URL: whether it gives a page, after redirects
    run .venv/bin/python -c 'import sys, urllib.request as u; sys.exit(u.urlopen(sys.argv[1], timeout=20).status != 200)' "$1"
}

url_of() { run .venv/bin/python -m deploy.local status | awk -v name="$1" '$1 == name {print $3}'; }

for name in java psql pg_ctl node docker; do
    ! run sh -c "command -v $name" || { echo "$name is not hidden"; exit 1; }
done
echo "== as $(run id -un), in $work/encore (mode $(stat -c %a "$work"))"

if [ -n "$phases" ]; then
    timed 180 "environment, first" make env
    timed 5 "environment, second" make env
    count='from pyspark.sql import SparkSession as S; s = S.builder.master("local[1]").getOrCreate()
print("Spark", s.version, "counts", s.range(1000).count(), "on Java", s._jvm.System.getProperty("java.version"))'
    timed 60 "Java and Spark" .venv/bin/python -m deploy.local run --no-postgres -- python -c "$count" 2>/dev/null
    timed 30 "Postgres, first" .venv/bin/python -m deploy.local run --no-java -- true
    timed 5 "Postgres, second" .venv/bin/python -m deploy.local run --no-java -- true
    run .venv/bin/python -m deploy.local status || true
    exit 0
fi

timed 360 "make up, first" make up
timed 30 "make up, second" make up
run make status
answers "$(url_of Portal)/" # leads to the login page
answers "$(url_of Dagster)/server_info"
query='{"query":"{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"}'
run .venv/bin/python -c 'import sys, urllib.request as u
request = u.Request(sys.argv[1], sys.argv[2].encode(), {"content-type": "application/json"})
text = u.urlopen(request, timeout=60).read().decode()
sys.exit(0 if "\"RepositoryLocation\"" in text else "Dagster could not load the definitions: " + text)' \
    "$(url_of Dagster)/graphql" "$query"
run make down
! run make status >/dev/null 2>&1 || { echo "make down left something running"; exit 1; }
timed 30 "make up, after make down" make up
answers "$(url_of Portal)/"

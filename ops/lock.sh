#!/bin/sh
# Resolves pyproject.toml anew into requirements/*.txt, with hashes and without the names of package indexes.
# uv works in a throw-away environment, because nothing else here needs it.
set -eu

PYTHON=${PYTHON:-python3}
tools=var/lock
[ -d var ] || mkdir -m 755 var
trap 'rm -rf "$tools"' EXIT

compile() {
    "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header "$@"
}

"$PYTHON" -m venv --clear "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore uv
compile ${upgrade:+--upgrade} pyproject.toml --output-file requirements/app.txt
compile ${upgrade:+--upgrade} pyproject.toml --group dev --constraint requirements/app.txt --output-file requirements/dev.txt
compile ${upgrade:+--upgrade} --group bench --output-file requirements/bench.txt
compile ${upgrade:+--upgrade} --group check --output-file requirements/check.txt

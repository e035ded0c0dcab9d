#!/bin/sh
# Installs what tests/schedules asks besides Python's libraries into var/oracles: the npm packages opening_hours and
# ical.js, pinned with their sums in tests/schedules/node. Where npm is missing, the tests that need it are skipped and say so.
set -eu

lock=tests/schedules/node/package-lock.json
folder=var/oracles

if cmp -s "$lock" "$folder/package-lock.json" && [ -d "$folder/node_modules" ]; then exit 0; fi
if ! command -v npm >/dev/null; then
    echo "npm fehlt: Die Vergleiche mit opening_hours und ical.js werden übersprungen." >&2
    exit 0
fi
mkdir -p "$folder"
cp tests/schedules/node/package.json "$lock" "$folder"
if ! (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund); then
    rm -rf "$folder"
    echo "opening_hours und ical.js ließen sich nicht holen: Die Vergleiche damit werden übersprungen." >&2
fi

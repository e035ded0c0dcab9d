#!/bin/sh
# Installs the npm packages that some tests ask: sh ops/npm.sh oracles|lighthouse, into var/oracles or var/lighthouse.
# Pinned with their sums in tests/schedules/node and tests/lighthouse. Without them those tests fail.
set -eu

case $1 in
oracles) source=tests/schedules/node ;;
lighthouse) source=tests/lighthouse ;;
*) echo "Unbekannt: $1. Es gibt: oracles lighthouse." >&2 && exit 1 ;;
esac
folder=var/$1

if cmp -s "$source/package-lock.json" "$folder/package-lock.json" && [ -d "$folder/node_modules" ]; then exit 0; fi
sh ops/packages.sh node
mkdir -p "$folder"
cp "$source/package.json" "$source/package-lock.json" "$folder"
if ! (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund); then
    rm -rf "$folder"
    echo "Die npm-Pakete für $source ließen sich nicht holen. Ist das Netz erreichbar? Danach einfach noch einmal." >&2
    exit 1
fi

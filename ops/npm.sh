#!/bin/sh
# Installs the npm packages that some tests ask: sh ops/npm.sh oracles|lighthouse|vnu, into var/oracles and so on.
# Pinned with their sums in tests/schedules/node, tests/lighthouse and tests/vnu. Without them those tests fail.
set -eu

case $1 in
oracles) source=tests/schedules/node ;;
lighthouse) source=tests/lighthouse ;;
vnu) source=tests/vnu ;;
*) echo "Unbekannt: $1. Es gibt: oracles lighthouse vnu." >&2 && exit 1 ;;
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

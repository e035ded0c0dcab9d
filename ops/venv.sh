#!/bin/sh
# Fills .venv from the hashed requirements of one use: sh ops/venv.sh app|dev
# What `make bench` measures beside us keeps its own, and so do checks of others: sh ops/venv.sh bench|check
# fills .venv-bench or .venv-check.
# Two at once wait for each other; one that was interrupted is made up for by the next.
set -eu

PYTHON=${PYTHON:-python3}
use=$1
requirements=requirements/$use.txt
case $use in bench | check) venv=.venv-$use ;; *) venv=.venv ;; esac
stamp=$venv/$use.stamp
unfinished=$venv/unfinished

[ -d var ] || mkdir -m 755 var
exec 9>var/venv.lock
flock 9
if [ -e "$stamp" ] && [ -z "$(find "$requirements" requirements/app.txt -newer "$stamp")" ]; then exit 0; fi

case $use in app | dev) sh ops/packages.sh python paper ;; *) sh ops/packages.sh python ;; esac
if [ -e "$unfinished" ] || { [ -d $venv ] && ! $venv/bin/python -c '' 2>/dev/null; }; then
    rm -rf $venv
fi
echo "Python-Umgebung $venv: Pakete werden geholt; das dauert beim ersten Mal etwa eine Minute …"
mkdir -p $venv
touch "$unfinished"
"$PYTHON" -m venv $venv
if [ -t 1 ]; then shown=1; else shown=0; fi
total=$(grep -c '^[a-z0-9].*==' "$requirements")
{
    $venv/bin/python -m pip install --disable-pip-version-check --no-input --root-user-action ignore \
        --progress-bar off --require-hashes -r "$requirements" || touch $venv/failed
} | awk -v total="$total" -v shown="$shown" '
    /^Collecting / && shown { printf "\r    %d von höchstens %d", ++n, total; fflush() }
    /^Installing / { print (shown ? "\n" : "") "    werden eingerichtet …"; fflush() }'
if [ -e $venv/failed ]; then
    rm -f $venv/failed
    echo "Die Python-Pakete ließen sich nicht holen. Ist das Netz erreichbar? Danach einfach noch einmal." >&2
    exit 1
fi
if [ "$use" = dev ]; then touch $venv/app.stamp; fi # dev holds all of app
rm -f "$unfinished"
touch "$stamp"

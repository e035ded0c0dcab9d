#!/bin/sh
# Installs what the system itself has to provide, by purpose: sh ops/packages.sh [python] [paper] [database] [browser] [node] [clock] [image] [bench] [java]
#
# Nothing is asked of the network and nothing is changed when nothing is missing. What is missing is installed with
# apt-get, as root or through sudo; where that cannot be, one sentence says what to install, and the exit code is 1.
# Debian 12 is tried. Ubuntu 24.04 is written for and not tried: there Chromium comes as a snap.
set -eu

PYTHON=${PYTHON:-python3}
DROP_IN=/etc/postgresql-common/createcluster.d/unterstuetzungs-landkarte.conf

has_python() { "$PYTHON" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# A server and the PostGIS of the same major version, as ops/cluster looks for them.
has_database() {
    for programs in /usr/lib/postgresql/*/bin/initdb; do
        major=${programs%/bin/initdb}
        major=${major##*/}
        [ -x "$programs" ] && [ -e "/usr/lib/postgresql/$major/lib/postgis-3.so" ] && return 0
    done
    return 1
}

# What WeasyPrint loads to set sheets (Pango, HarfBuzz), and letters for all languages of the pages.
has_paper() {
    for file in libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
        for library in /usr/lib/*/"$file" /usr/lib/"$file" /usr/lib64/"$file"; do
            [ -e "$library" ] && continue 2
        done
        return 1
    done
    for font in /usr/share/fonts/*/DejaVuSans.ttf /usr/share/fonts/*/*/DejaVuSans.ttf; do
        [ -e "$font" ] && return 0
    done
    return 1
}

has_bench() { command -v wrk >/dev/null; }

has_clock() { command -v faketime >/dev/null; }

has_java() { command -v java >/dev/null; }

has_node() { command -v node >/dev/null && command -v npm >/dev/null; }

has_image() { command -v debootstrap >/dev/null; }

has_browser() {
    for program in /usr/bin/chromium-headless-shell /usr/bin/chromium /snap/bin/chromium; do
        [ -x "$program" ] && return 0
    done
    return 1
}

python_packages() {
    command -v "$PYTHON" >/dev/null || { echo python3 python3-venv && return; }
    "$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

# PostGIS for the newest server that is installed already, else for the one that the distribution ships.
database_packages() {
    for major in $(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -rn); do
        [ -x "/usr/lib/postgresql/$major/bin/initdb" ] || continue
        if apt-cache show "postgresql-$major-postgis-3" >/dev/null 2>&1; then
            echo "postgresql-$major-postgis-3" && return
        fi
    done
    major=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    if [ -n "$major" ]; then
        echo "postgresql-$major postgresql-$major-postgis-3"
    else
        echo postgresql postgresql-postgis
    fi
}

# Debian has Chromium without its window, which starts in half the time; Ubuntu's package only fetches a snap.
browser_packages() {
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        echo chromium-browser
    else
        echo chromium-headless-shell
    fi
}

paper_packages() { echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core; }

bench_packages() { echo wrk; }

clock_packages() { echo faketime; }

java_packages() { echo default-jre-headless; }

node_packages() { echo nodejs npm; }

image_packages() { echo debootstrap; }

packages() {
    for purpose in $missing; do
        "${purpose}_packages"
    done | tr '\n' ' '
}

stop() {
    echo "$1" >&2
    exit 1
}

# Installing PostgreSQL's server creates and starts a cluster "main" that nobody asked for. While we install, and only
# then, a drop-in of our own says no to that; settings and clusters that are there already stay as they are.
no_main_cluster() {
    ours=$DROP_IN
    $as_root mkdir -p "${DROP_IN%/*}"
    echo "create_main_cluster = false  # only while the Unterstützungs-Landkarte installs PostgreSQL; may be deleted" |
        $as_root tee "$DROP_IN" >/dev/null
}

clean_up() {
    rm -rf "$work"
    if [ -z "$ours" ]; then return; fi
    $as_root rm -f "$ours"
    $as_root rmdir "${ours%/*}" 2>/dev/null || true
}

# Shows a line for every twentieth package; what apt-get says in full is shown only when it fails.
apt() {
    {
        $as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
            apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1 || touch "$work/failed"
    } | tee "$work/log" | awk '/^Setting up / && ++n % 20 == 0 { printf "  %d Pakete eingerichtet …\n", n; fflush() }'
    if [ -e "$work/failed" ]; then
        tail -n 20 "$work/log" >&2
        return 1
    fi
}

missing=
for purpose in "$@"; do
    case $purpose in
    python | paper | database | browser | node | clock | image | bench | java) "has_$purpose" || missing="$missing $purpose" ;;
    *) stop "Unbekannter Zweck: $purpose. Es gibt: python paper database browser node clock image bench java." ;;
    esac
done
if [ -z "$missing" ]; then exit 0; fi

if ! command -v apt-get >/dev/null; then
    stop "Bitte installieren (es fehlt:$missing): Python ab 3.11 mit venv, Pango und HarfBuzz mit der Schrift DejaVu Sans, PostgreSQL mit PostGIS 3, Chromium, für die Tests Node mit npm und faketime, für „make proof“ debootstrap und Java, für „make bench“ wrk."
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=sudo
else
    stop "Bitte als root ausführen: apt-get install $(packages)"
fi

ours=
work=$(mktemp -d)
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
echo "Es fehlt:$missing. Wird mit apt-get installiert; das dauert ein paar Minuten …"
apt update || stop "Die Paketlisten sind nicht erreichbar. Bitte später noch einmal, oder: apt-get install $(packages)"
names=$(packages)
echo "  $names"
case $missing in *database*) no_main_cluster ;; esac
# shellcheck disable=SC2086  # several names
apt install -y --no-install-recommends $names || stop "Das hat nicht geklappt. Bitte als root ausführen: apt-get install $names"
for purpose in $missing; do
    "has_$purpose" || stop "Nach der Installation von $names fehlt noch immer: $purpose. Python muss mindestens 3.11 sein."
done
echo "Installiert: $names"

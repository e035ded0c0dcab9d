#!/bin/sh
# Refuses missing, short and sample passwords; then creates the two roles and the database, or gives them the passwords
# that are set now. Talks to PostgreSQL through its socket, as its superuser. Safe to run again.
set -eu
export LC_ALL=C

SHORTEST=20

refuse() {
    echo "$1: $2 Ein gutes Kennwort macht „openssl rand -hex 24“." >&2
    exit 1
}

seen=' '
for name in DB_ADMIN_PASSWORD DB_OWNER_PASSWORD DB_APP_PASSWORD; do
    eval "value=\${$name:-}"
    case $value in
    '') refuse "$name" "ist leer." ;;
    *[!A-Za-z0-9]*) refuse "$name" "Bitte nur Buchstaben ohne Umlaute und Ziffern, denn es steht in einer Adresse." ;;
    esac
    case $(echo "$value" | tr '[:upper:]' '[:lower:]') in
    *kennwort* | *passwor* | *geheim* | *secret* | *change* | *example* | *beispiel* | *123456* | *landkarte*)
        refuse "$name" "Das ist ein Beispiel, kein Kennwort."
        ;;
    esac
    [ "${#value}" -ge "$SHORTEST" ] || refuse "$name" "ist kürzer als $SHORTEST Zeichen."
    case $seen in *" $value "*) refuse "$name" "Jede Rolle braucht ihr eigenes Kennwort." ;; esac
    seen="$seen$value "
done

exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres --file="$(dirname "$0")/roles.sql"

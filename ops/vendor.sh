#!/bin/sh
# Fetches the browser libraries that web/static/vendor/README.md lists, compares packages and files with its sums, and
# only then puts the files in place. Needs npm.
set -eu

folder=web/static/vendor
list=$folder/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Rows of the table whose header begins with $1, without marks of Markdown.
rows() {
    awk -F ' *[|] *' -v first="$1" '
        $2 == first { inside = 1; getline; next }
        !/^[|]/ { inside = 0 }
        inside { gsub("`", ""); print }' "$list" | sed 's/^| *//; s/ *|$//; s/ *| */|/g'
}

rows name | while IFS='|' read -r name version _ package sum; do
    (cd "$work" && npm pack --silent "$name@$version" >/dev/null)
    echo "$sum  $work/$package" | sha256sum --check --quiet
    mkdir -p "$work/$name-$version"
    tar -xzf "$work/$package" -C "$work/$name-$version" --strip-components=1
done
rows file | while IFS='|' read -r file origin sum; do
    echo "$sum  $work/${file%%/*}/$origin" | sha256sum --check --quiet
done
rows file | while IFS='|' read -r file origin _; do
    mkdir -p "$folder/$(dirname "$file")"
    cp "$work/${file%%/*}/$origin" "$folder/$file"
    echo "$folder/$file"
done

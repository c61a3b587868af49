#!/bin/sh
# Afterwards every program named as PROGRAM:PACKAGE can be called.
#
# Debian's own packages, installed only when the program is missing and only as root; anybody else gets the
# exact line to run and exit code 1. Debian starts mosquitto and prometheus as units when it installs them on
# a machine with systemd: nothing here uses, stops or needs those units.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
missing=""
for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0
line="apt-get install --yes --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing:$missing (Debian's package names); install them with this machine's package tool" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    printf 'missing:%s; run as root:\n  apt-get update && %s\n' "$missing" "$line" >&2
    exit 1
fi
echo "installing:$missing"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # the package names are meant to split into words
if ! { apt-get update && $line; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "could not install:$missing; the last lines of apt-get stand above, the whole of it in $log" >&2
    exit 1
fi
rm -f "$log"

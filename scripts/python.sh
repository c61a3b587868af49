#!/bin/sh
# Afterwards ./.venv holds a Python of at least 3.11, made by the interpreter that is given as the argument.
#
# Debian splits the venv module off its Python; where it is missing, the same rule as for programs holds:
# installed as root, named with its exact line to anybody else.
set -eu
python=${1:?usage: scripts/python.sh PYTHON}
if ! command -v "$python" >/dev/null 2>&1; then
    echo "$python: not found; install Python 3.11 or newer, or say PYTHON=/path/to/python3.11 after make" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$python is $("$python" -V 2>&1); Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2
    exit 1
fi
# A venv without ensurepip would be made and then hold no pip; ask before, not after.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    minor=$("$python" -c 'import sys; print(f"python3.{sys.version_info[1]}")')
    sh scripts/programs.sh "no-ensurepip-in-$minor:$minor-venv"
fi
"$python" -m venv --clear .venv

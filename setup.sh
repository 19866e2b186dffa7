#!/usr/bin/env bash
# Makes this folder ready on Debian 12/13 or Ubuntu 24.04: system packages, .venv, pinned Python packages.
# Usage: ./setup.sh run (what the window needs) or ./setup.sh test (the checks' tools too). Run again, it ends at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
what=${1:-run}
case $what in run | test) ;; *) echo "usage: ./setup.sh [run|test]" >&2; exit 3 ;; esac

# Where a distribution renamed a library (the 64-bit time_t), both names stand with a bar between.
window_packages=(
    libegl1 libgl1 libfontconfig1 'libglib2.0-0t64|libglib2.0-0' libdbus-1-3 libgssapi-krb5-2 'libcups2t64|libcups2'
    libx11-6 libx11-xcb1 libxkbcommon0 libxkbcommon-x11-0 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1
    libxcb-util1 libxcb-xfixes0 libxcb-xkb1
)
test_packages=(poppler-utils qpdf strace libnss3-tools cups printer-driver-cups-pdf)

installed() { dpkg-query -W -f '${db:Status-Abbrev}\n' "$1" 2>/dev/null | grep -q '^.i'; }

good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

can_make_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

find_python() {  # the newest of the versions the lock was made for; one that can make a venv goes before one that cannot
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if good_python "$name" && can_make_venv "$name"; then echo "$name"; return; fi
    done
    for name in python3.13 python3.12 python3.11 python3; do
        if good_python "$name"; then echo "$name"; return; fi
    done
}

missing_packages() {  # one line per missing package, its names parted by bars
    local names=("${window_packages[@]}") entry name
    [ "$what" = run ] || names+=("${test_packages[@]}")
    for entry in "${names[@]}"; do
        for name in ${entry//|/ }; do installed "$name" && continue 2; done
        echo "$entry"
    done
    [ -x .venv/bin/python ] || { [ -n "$python" ] && can_make_venv "$python"; } || echo python3-venv
}

apt_names() {  # of each entry the name this system knows
    local entry name
    for entry in "$@"; do
        for name in ${entry//|/ }; do
            apt-cache show "$name" >/dev/null 2>&1 && break
        done
        echo "$name"
    done
}

install_packages() {
    local as_root=() names
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true >/dev/null 2>&1; then
            echo "Some system packages are missing. Please run this line, then start again:"
            # shellcheck disable=SC2046
            echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends" $(apt_names "$@")
            return
        fi
        as_root=(sudo)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0) name
    "${apt[@]}" update </dev/null
    read -ra names <<<"$(apt_names "$@" | tr '\n' ' ')"
    echo "Installing system packages: ${names[*]}"
    "${apt[@]}" install -y --no-install-recommends "${names[@]}" </dev/null >/dev/null && return
    for name in "${names[@]}"; do  # one package this system does not have must not keep the others out
        "${apt[@]}" install -y --no-install-recommends "$name" </dev/null >/dev/null || echo "apt has no $name" >&2
    done
}

python=$(find_python)
if command -v dpkg-query >/dev/null 2>&1; then
    read -ra missing <<<"$(missing_packages | tr '\n' ' ')"
    if [ ${#missing[@]} -gt 0 ]; then
        install_packages "${missing[@]}"
        python=$(find_python)
    fi
fi
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed and was not found." >&2
    exit 1
fi

# What the stamp stands for: the pins, the folder (a moved .venv does not work) and the console script's source.
lock=requirements.lock
[ "$what" = run ] || lock=requirements-dev.lock
wanted=$({ cat requirements.lock "$lock" pyproject.toml && pwd; } | sha256sum)
stamp=.venv/ready-for-$what
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

if ! good_python .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if ! can_make_venv "$python"; then
        echo "$python cannot make a virtual environment: its venv module is missing (Debian: python3-venv)." >&2
        exit 1
    fi
    "$python" -m venv --clear .venv
fi
echo "Installing the pinned Python packages into .venv (the first time this downloads about 300 MB)"
pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps)
"${pip[@]}" --require-hashes -r requirements.lock
# With the pinned setuptools in place, what comes as source is built by it and not by one that nothing pins.
[ "$what" = run ] || "${pip[@]}" --require-hashes --no-build-isolation --use-pep517 -r "$lock"
"${pip[@]}" --no-build-isolation --no-index -e .
if ! .venv/bin/python -c 'from PySide6 import QtNetwork, QtPdfWidgets, QtPrintSupport, QtSvg, QtWidgets; import sqlcipher3'; then
    echo "A library of the system is missing (the line above names it); the packages above bring it." >&2
    exit 1
fi
echo "$wanted" >"$stamp"

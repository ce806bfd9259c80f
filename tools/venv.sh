#!/bin/sh
# venv.sh FOLDER LOCK - make the virtual environment FOLDER, or bring it up to date with LOCK.
# FOLDER/installed.txt is a copy of the lock that was installed; it is written last, so an install
# that failed is tried again. $PYTHON, if set, is the one Python that is considered.
set -eu
venv=$1 lock=$2

fail() { echo "$*" >&2; exit 1; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

new_enough "$venv/bin/python" && cmp -s "$lock" "$venv/installed.txt" && exit 0

if ! new_enough "$venv/bin/python"; then
    seen='' bare='' python=''
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if ! new_enough "$candidate"; then
            seen="$seen, $candidate is $(version "$candidate" || echo absent)"
        elif ! has_venv "$candidate"; then
            bare=${bare:-$candidate}
        else
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ] && [ -n "$bare" ]; then
        fail "$bare lacks the venv module: install it (Debian, Ubuntu:" \
            "apt install python$(version "$bare")-venv) and run make again."
    elif [ -z "$python" ]; then
        fail "Python 3.11 or newer is needed, but ${seen#, }: install it, or name one as in" \
            "make PYTHON=/path/to/python3.12."
    fi
    echo "Making $venv with Python $(version "$python")"
    rm -rf "$venv"
    "$python" -m venv "$venv" || { rm -rf "$venv"; fail "$python -m venv failed; see above."; }
fi

echo "Installing $(grep -c == "$lock") packages into $venv: minutes the first time, seconds after"
rm -f "$venv/installed.txt"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$lock" ||
    fail "pip could not install $lock; see above, mend it, and run make again."

# JupyterLab neither asks about news nor looks for updates
settings=$venv/share/jupyter/lab/settings news='"fetchNews": "false", "checkForUpdates": false'
mkdir -p "$settings"
echo "{\"@jupyterlab/apputils-extension:notification\": {$news}}" > "$settings/overrides.json"

# matplotlib looks for fonts once; doing it here keeps its notice out of the notebooks
"$venv/bin/python" -W ignore -c 'import matplotlib.font_manager' 2>/dev/null || true
cp "$lock" "$venv/installed.txt"

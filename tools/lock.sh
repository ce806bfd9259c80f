#!/bin/sh
# lock.sh [--upgrade] - pin pyproject.toml's ranges in requirements.txt; $VENV holds pip-tools.
# torch is pinned exactly, as $TORCH. Its local suffix (+cpu) and the CUDA packages that some
# builds ask for belong to one machine, so they are taken out: pip adds what a machine needs.
set -eu
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
[ ! -f requirements.txt ] || cp requirements.txt "$new/lock"
CUSTOM_COMPILE_COMMAND="make lock" "$VENV/bin/python" -m piptools compile "$@" \
    --upgrade-package "torch==$TORCH" --all-extras --strip-extras --quiet \
    --no-emit-options --no-annotate --output-file "$new/lock" pyproject.toml
sed -E -e 's/^(torch==[^+ ]+)\+[^ ]*/\1/' -e '/^(nvidia|cuda|triton)/d' \
    -e '/^# The following packages/,$d' -e '/^#?$/d' "$new/lock" > "$new/pinned"
cat "$new/pinned" > requirements.txt

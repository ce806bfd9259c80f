#!/bin/sh
# lock.sh [--upgrade] - pin pyproject.toml's ranges in requirements.txt, and what only the site needs
# beyond it in requirements-site.txt; $VENV holds pip-tools.
# torch is pinned exactly, as $TORCH. Its local suffix (+cpu) and the CUDA packages that some
# builds ask for belong to one machine, so they are taken out: pip adds what a machine needs.
set -eu
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

# compile LOCK OPTION... - renew LOCK, its present pins kept where they still fit
compile() {
    lock=$1
    shift
    [ ! -f "$lock" ] || cp "$lock" "$new/$lock"
    CUSTOM_COMPILE_COMMAND="make lock" "$VENV/bin/python" -m piptools compile "$@" \
        --upgrade-package "torch==$TORCH" --strip-extras --quiet \
        --no-emit-options --no-annotate --output-file "$new/$lock" pyproject.toml
    sed -E -e 's/^(torch==[^+ ]+)\+[^ ]*/\1/' -e '/^(nvidia|cuda|triton)/d' \
        -e '/^# The following packages/,$d' -e '/^#?$/d' "$new/$lock" > "$new/pinned"
}

compile requirements.txt "$@" --extra lab --extra test
cat "$new/pinned" > requirements.txt
compile requirements-site.txt "$@" --extra site --constraint requirements.txt
grep -vxF -f requirements.txt "$new/pinned" | sed '1i # Beyond requirements.txt; made by make lock.' \
    > requirements-site.txt

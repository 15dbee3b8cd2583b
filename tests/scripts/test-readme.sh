#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs every command of README.md and docs/pipelines.md (their ```sh blocks) from the top folder.
set -euo pipefail
source_root=$1 build_root=$2
cd "$source_root"
[ "$build_root" = "$PWD/build" ] || { echo "the README speaks of build/; this is $build_root"; exit 77; }
OUT=$(mktemp -d) CORPUS=$EMOTION_CORPORA/emodb
export OUT CORPUS
trap 'rm -rf "$OUT"' EXIT
unset GST_REGISTRY GST_PLUGIN_PATH G_DEBUG

# Blocks one after the other, each in its own file.
awk -v out="$OUT" '/^```sh$/ {n++; on = 1; next} /^```/ {on = 0} on {print > (out "/block-" n ".sh")}' README.md docs/pipelines.md
ran=0
for block in "$OUT"/block-*.sh; do
  # shellcheck disable=SC2016
  if grep -q '\$CORPUS' "$block" && [ ! -d "$CORPUS" ]; then
    echo "# no corpus: the training block is not run"
    continue
  fi
  echo "# $(head -1 "$block")"
  bash -euo pipefail "$block" >"$OUT/log" 2>&1 || { cat "$OUT/log"; exit 1; }
  ran=$((ran + 1))
done
[ "$ran" -ge 3 ]

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs every command of a document (its ```sh blocks): those of docs/programs.md in a folder with the files
# that they use, those of README.md and others from the top folder, where the build folder must be build/.
set -euo pipefail
source_root=$1 build_root=$2 document=$3
cd "$source_root"
OUT=$(mktemp -d) CORPUS=$EMOTION_CORPORA/emodb
export OUT CORPUS
trap 'rm -rf "$OUT"' EXIT
unset GST_REGISTRY GST_PLUGIN_PATH G_DEBUG

# Writes the blocks to numbered files.
awk -v out="$OUT" '/^```sh$/ {n++; on = 1; next} /^```/ {on = 0} on {print > (out "/block-" n ".sh")}' "$document"
if [ "$document" != docs/programs.md ]; then
  [ "$build_root" = "$PWD/build" ] || { echo "$document speaks of build/; this is $build_root"; exit 77; }
  least=1 run=(bash)
else
  least=1 run=(meson devenv -C "$build_root" -w "$OUT/folder" bash)
  mkdir -p "$OUT/folder/recordings"
  cp models/ravdess.metrics.json "$OUT/folder/training_metrics.json"
  cp /usr/share/sounds/alsa/Front_Left.wav "$OUT/folder/speech.wav"
  cp /usr/share/sounds/alsa/Front_*.wav "$OUT/folder/recordings"
fi
ran=0
for block in "$OUT"/block-*.sh; do
  # shellcheck disable=SC2016
  if grep -q '\$CORPUS' "$block" && [ ! -d "$CORPUS" ]; then
    echo "# no corpus: the block is not run"
    continue
  fi
  if grep -q '\<jq\>' "$block" && ! command -v jq >/dev/null; then
    echo "# no jq: the block is not run"
    continue
  fi
  echo "# $(head -1 "$block")"
  "${run[@]}" -euo pipefail "$block" >"$OUT/log" 2>&1 || { cat "$OUT/log"; exit 1; }
  ran=$((ran + 1))
done
[ "$ran" -ge "$least" ]

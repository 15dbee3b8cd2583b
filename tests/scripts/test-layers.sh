#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every folder includes only itself and the folders before it in the list; the element and the examples include
# nothing of the trainer.
# usage: test-layers.sh SOURCE
set -euo pipefail
cd "$1"
layers=(core/base core/dsp core/features core/model core/stream)

failed=0
# What files of a folder include that begins with one of the other folders.
refuse() {
  local folder=$1 pattern
  shift
  pattern=$(IFS='|' && echo "$*")
  if grep -rnE "^#include \"($pattern)/" "$folder" --include='*.[ch]'; then
    echo "^ $folder may not include that"
    failed=1
  fi
}

for i in "${!layers[@]}"; do
  refuse "${layers[i]}" "${layers[@]:i+1}" gst-plugin pipelines training tests
done
for folder in gst-plugin examples; do
  refuse "$folder" training tests
done
# A path in an include tells the folder, so none may climb.
refuse . '\.\.'
# All of core is in a folder of the list.
for file in $(find core -name '*.[ch]'); do
  [[ " ${layers[*]} " == *" $(dirname "$file") "* ]] || {
    echo "$file is in no folder of the list"
    failed=1
  }
done
exit "$failed"

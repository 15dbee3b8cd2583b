#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The include rules. Each folder includes only itself and the folders before it on its ladder; there are no
# include cycles; the element, the applications and the examples include nothing of the trainer; the server has
# emotions from the element alone.
# usage: test-layers.sh SOURCE
set -euo pipefail
cd "$1"
core=(core/base core/dsp core/features core/model core/stream)
training=(training/base training/audio training/data training/fitting training/selection training/reports
  training/programs)

failed=0
# Files of a folder may not include paths that start with one of the other names.
refuse() {
  local folder=$1 pattern
  shift
  pattern=$(IFS='|' && echo "$*")
  if grep -rnE "^#include \"($pattern)/" "$folder" --include='*.[ch]'; then
    echo "^ $folder may not include that"
    failed=1
  fi
}

# No folder of a ladder includes a later one.
climb() {
  local i folders=("$@")
  for i in "${!folders[@]}"; do
    ((i + 1 == ${#folders[@]})) || refuse "${folders[i]}" "${folders[@]:i+1}"
  done
}

climb "${core[@]}"
climb "${training[@]}"
refuse core gst-plugin media pipelines server training tests
refuse media core gst-plugin pipelines server training tests
refuse gst-plugin media pipelines server training tests
refuse pipelines core gst-plugin server training tests
refuse server core gst-plugin pipelines training tests
refuse examples core gst-plugin media server training tests
refuse training gst-plugin pipelines server tests
# An include gives the full path, so "../" is not allowed.
refuse . '\.\.'

# Every file of core and training is in a listed folder, except the public header, which includes nothing of
# the project.
refuse core/emotion.h core gst-plugin media pipelines server training tests
for file in $(find core training -name '*.[ch]' ! -path core/emotion.h); do
  [[ " ${core[*]} ${training[*]} " == *" $(dirname "$file") "* ]] || {
    echo "$file is in no folder of the list"
    failed=1
  }
done

# A source file and its header count as one.
pairs() {
  grep -rE '^#include "' core gst-plugin media server training --include='*.[ch]' |
    sed -E 's/^([^:]*)\.[ch]:#include "([^"]*)\.h".*/\1 \2/' |
    while read -r file included; do
      [[ $included == */* ]] || included=$(dirname "$file")/$included
      [[ $file == "$included" ]] || echo "$file $included"
    done
}
if ! pairs | tsort >/dev/null; then
  echo "^ these files include each other"
  failed=1
fi
exit "$failed"

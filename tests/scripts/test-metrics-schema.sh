#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The shipped metrics and those of a new training match docs/training-metrics.schema.json.
set -euo pipefail
source=$1 train=$2
corpus=${EMOTION_CORPORA:-$source/../shared/corpora}/emodb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || {
  echo "SKIP: python3-jsonschema is not there"
  exit 77
}

check() {
  /usr/bin/python3 - "$source/docs/training-metrics.schema.json" "$1" <<'PYTHON'
import json, sys, jsonschema
schema, metrics = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(metrics, schema)
PYTHON
}

files=("$source"/models/*.metrics.json)
if [ -e "$corpus/metadata.csv" ]; then
  "$train" --metadata "$corpus/metadata.csv" --sample-limit 150 --cv-folds 3 --candidates lda --skip-search \
    --repeat-statement --plots "$work/plots" --output-dir "$work" -q >"$work/table"
  files+=("$work/training_metrics.json")
  for picture in confusion reliability speakers; do
    for protocol in strict adaptive random; do
      head -c 8 "$work/plots/$picture-$protocol.png" | grep -qa PNG
    done
  done
  /usr/bin/python3 -c 'import json, sys
t = json.load(open(sys.argv[1]))
assert abs(sum(t["stages"].values()) - t["total"]) < 0.1 and t["total"] > 0' "$work/training_timing.json"
fi
for file in "${files[@]}"; do
  check "$file" || {
    echo "$file does not follow the schema"
    exit 1
  }
done
# The check can fail: for a figure out of range, and for an undocumented key.
for change in '.protocols.strict.uar = 1.5' '.surprise = 1'; do
  jq "$change" "${files[0]}" >"$work/wrong.json"
  if check "$work/wrong.json" 2>/dev/null; then
    echo "the schema lets $change pass"
    exit 1
  fi
done

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The shipped models are small, their cards and the README have the figures of their metrics, and their
# predictions for 60 clips each are those recorded after training (to 1e-4). With EMOTION_TEST_LONG they are
# trained again, and their speaker-independent UAR ("strict") is that of their metrics to 0.01.
# usage: test-models.sh SOURCE BUILD
set -euo pipefail
source=$1 build=$2
corpora=${EMOTION_CORPORA:-$source/../shared/corpora}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$build/training:$PATH

# Compares two tables of emotion-predict: the same files, and scores that differ by at most 1e-4.
compare() {
  /usr/bin/python3 - "$@" <<'PYTHON'
import csv, sys
old, new = (list(csv.DictReader(open(path))) for path in sys.argv[1:])
assert len(old) == len(new) == 60, (len(old), len(new))
worst = 0
for a, b in zip(old, new):
    assert a["file"] == b["file"], (a["file"], b["file"])
    scores = [key for key in a if key.startswith("score_")]
    assert scores and abs(sum(float(a[key]) for key in scores) - 1) < 1e-3
    worst = max([worst] + [abs(float(a[key]) - float(b[key])) for key in scores])
assert worst <= 1e-4, worst
print("largest difference of a score: %g" % worst)
PYTHON
}

for name in ravdess emodb universal; do
  model=$source/models/$name.emotion
  [ "$(stat -c %s "$model")" -lt 4000000 ] || {
    echo "$model is larger than 4 MB"
    exit 1
  }
done
# Every published figure is the measured one.
for name in ravdess emodb universal; do
  "$source/models/figures.sh" "$name" >"$work/figures"
  while read -r line; do
    grep -qxF "$line" "$source/models/$name.md" || {
      echo "models/$name.md lacks: $line (models/figures.sh $name prints them all)"
      exit 1
    }
  done <"$work/figures"
  published=$(sed -n 's/^| \(strict\|adaptive\), clips | \([^|]*\) |.*/\2/p' "$work/figures" | paste -sd'|' | sed 's/|/ | /')
  grep "^| \[$name\]" "$source/README.md" | grep -qF "| $published |" || {
    echo "README.md does not have for $name: $published"
    exit 1
  }
done
for corpus in ravdess emodb nemo; do
  [ -e "$corpora/$corpus/metadata.csv" ] || {
    echo "SKIP: the corpus $corpus is not in $corpora"
    exit 77
  }
done
for name in ravdess emodb universal; do
  mapfile -t clips < <(tail -n +2 "$source/models/$name.check.csv" | cut -d, -f1)
  (cd "$corpora" && emotion-predict --csv --model "$source/models/$name.emotion" "${clips[@]}") >"$work/$name.csv"
  echo "$name: $(compare "$source/models/$name.check.csv" "$work/$name.csv")"
  [ -z "${EMOTION_TEST_LONG:-}" ] && continue
  "$source/models/train.sh" "$name" "$corpora" "$work/$name" -q >"$work/$name.table"
  jq -en --slurpfile old "$source/models/$name.metrics.json" --slurpfile new "$work/$name/$name.metrics.json" \
    '$old[0].protocols.strict.uar - $new[0].protocols.strict.uar | fabs < 0.01' >/dev/null || {
    echo "$name: trained anew it is another:"
    cat "$work/$name.table"
    exit 1
  }
done

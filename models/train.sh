#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Trains a shipped model again, with its command, settings and evaluation.
# usage: models/train.sh ravdess|emodb|universal CORPORA OUTPUT_DIR [MORE OPTIONS]
# CORPORA holds ravdess/, emodb/, nemo/ and natural/, each with a metadata.csv. emotion-train is looked up in
# PATH.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 3 ]; then
  sed -n '3,5s/^# //p' "$0" >&2
  exit 2
fi
name=$1 corpora=$2 output=$3
shift 3

# One linear discriminant of the raw vectors and one of the centred vectors. Clips augmented by speed stand
# for other voices; simulated acoustic scenes stand for other rooms and microphones (docs/experiments.md).
recipe=(--features speech-2 --candidates lda --skip-search --augment standard)
# Temperatures are fitted on models of the inner folds' speakers; with fewer speakers the posteriors become
# underconfident.
calibration=(--cv-folds 8)
ravdess=(--metadata "$corpora/ravdess/metadata.csv" --corpus RAVDESS)
emodb=(--metadata "$corpora/emodb/metadata.csv" --corpus EMO-DB)
nemo=(--metadata "$corpora/nemo/metadata.csv" --corpus nEMO)
case $name in
ravdess)
  data=("${ravdess[@]}" --licence "CC BY-NC-SA 4.0" --protocol loso "${calibration[@]}") ;;
emodb)
  data=("${emodb[@]}" --licence CC0-1.0 --protocol loso "${calibration[@]}") ;;
universal)
  data=("${ravdess[@]}" "${emodb[@]}" "${nemo[@]}" --licence "CC BY-NC-SA 4.0"
    --label-map "$here/universal.labels" --no-random
    --hold-corpora) ;;
*)
  echo "models/train.sh: no model '$name'; there are ravdess, emodb and universal" >&2
  exit 2
  ;;
esac

# Ordinary speech for fitting the decision settings: the rows of natural/ that have a language.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/natural"
awk -F, -v root="$(realpath "$corpora")/natural/" 'NR == 1 {print; next} $3 != "" {print root $0}' \
  "$corpora/natural/metadata.csv" >"$work/natural/metadata.csv"
emotion-train "${data[@]}" "${recipe[@]}" --ordinary "$work/natural/metadata.csv" --pipeline-name "$name.emotion" --metrics-name "$name.metrics.json" \
  --output-dir "$output" "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints a shipped model's figures from its metrics, in the form that its card has; the tests compare the two.
# usage: models/figures.sh NAME     needs jq
set -euo pipefail
exec jq -r '
  def fixed($digits): (. * pow(10; $digits) | round | tostring) as $n
    | ("0" * ([$digits + 1 - ($n | length), 0] | max) // "") + $n | .[:-$digits] + "." + .[-$digits:];
  def three: fixed(3);
  def two: fixed(2);
  def percent: . * 100 | fixed(1);
  def row($what; $f): "| \($what) | \($f.balanced_accuracy | three) "
    + "[\($f.uar_interval[0] | three)-\($f.uar_interval[1] | three)] | \($f.accuracy | three) | \($f.f1_weighted | three) "
    + "| \($f.ece | three) | \($f.brier | three) |";
  .protocols as $p | .label_mapping as $labels
  | row("strict, clips"; $p.strict), row("strict, 3 s windows with speech"; $p.strict.windows),
    row("adaptive, clips"; $p.adaptive), row("adaptive, windows"; $p.adaptive.windows),
    (if $p.random then row("random 5 folds, clips: SPEAKER-DEPENDENT control, optimistic"; $p.random) else empty end),
    (if $p.mostly_neutral then $p.mostly_neutral | "Streams of \(.share * 100) % neutral clips, strict / adaptive: UAR \(.strict.uar | three) / "
      + "\(.adaptive.uar | three), accuracy \(.strict.accuracy | three) / \(.adaptive.accuracy | three)." else empty end),
    "Recall by label, strict / adaptive: " + ([$labels | keys[]
      | {label: ., strict: $p.strict.classification_report[.].recall, adaptive: $p.adaptive.classification_report[.].recall}]
      | sort_by(-.strict) | map("\(.label) \(.strict | two) / \(.adaptive | two)") | join(", ")) + ".",
    ($p.strict.per_speaker | to_entries | sort_by(.value.uar)
      | "By speaker, strict: \(.[0].value.uar | two) (\(.[0].key)) to \(.[-1].value.uar | two) (\(.[-1].key)); "
        + "half lie between \(.[length / 4 | floor].value.uar | two) and \(.[length * 3 / 4 | floor].value.uar | two)."),
    (if .decision then .decision
      | "Ordinary speech, speakers held out: \(.ordinary.emotions | percent) % of the windows get an emotion, and the prediction changes "
        + "\(.ordinary.changes_per_minute | fixed(1)) times per minute (\(.ordinary.plain.emotions | percent) % and "
        + "\(.ordinary.plain.changes_per_minute | fixed(1)) with equal priors and no smoothing).",
        (.emotional | "Held-out speakers, four emotional clips after sixteen neutral ones: \(.noticed | percent) % of the emotional windows get an "
        + "emotion and \(.right | percent) % the right one; \(.neutral_with_emotion | percent) % of the neutral windows get an emotion "
        + "(\(.plain.noticed | percent), \(.plain.right | percent), \(.plain.neutral_with_emotion | percent) % with equal priors and no smoothing)."),
        "Decision: prior of neutral \(.priors.neutral | fixed(4)), smoothing \(.smoothing) s, hysteresis \(.hysteresis), hold time \(.hold_time) s."
      else empty end),
    (if .outlier then "Rejected as non-speech: \(.outlier.speech_lost * 100 | two) % of the windows with speech of held-out speakers, "
      + "\(.outlier.sounds_refused * 100 | two) % of held-out synthetic sounds." else empty end),
    (if .intensity then "Intensity of held-out speakers: UAR \(.intensity.uar | three), correlation \(.intensity.correlation | three), "
      + "concordance \(.intensity.concordance | three)." else empty end)
' "$(dirname "$0")/$1.metrics.json"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The element's public interface is the reviewed one: its description, and docs/element.md with working launch
# lines and all fields of the messages.
set -euo pipefail
source_root=$1 emotion_features=$3 describe_element=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset G_DEBUG
export EMOTIONDETECT_MODEL=$2
cd "$folder"

"$describe_element" emotiondetect >description.txt
diff -u "$source_root/tests/gst-plugin/element.txt" description.txt || {
  echo "The element has changed. If that is meant, update the description, and then docs/element.md:"
  echo "  meson devenv -C build -w . build/tests/describe-element emotiondetect >tests/gst-plugin/element.txt"
  echo "  docs/make-element.sh >docs/element.md"
  exit 1
}
# gst-inspect-1.0, whose layout differs between versions of GStreamer, shows the same.
gst-inspect-1.0 --no-colors emotiondetect >inspected.txt
while read -r kind name; do
  grep -qE "^ +$name +: |^  (SINK|SRC) template: '$name'|^ +\"$name\" " inspected.txt || {
    echo "gst-inspect-1.0 does not show the $kind $name"
    cat inspected.txt
    exit 1
  }
done < <(grep -E '^(pad|property|signal) ' description.txt)
"$source_root/docs/make-element.sh" description.txt >element.md
diff -u "$source_root/docs/element.md" element.md || {
  echo "docs/element.md is not up to date: docs/make-element.sh >docs/element.md"
  exit 1
}

words=
for word in Front_Left Front_Right Rear_Left Side_Right; do
  words+=" filesrc location=/usr/share/sounds/alsa/$word.wav ! wavparse ! audioconvert ! words."
done
# shellcheck disable=SC2086  # the pipeline must split into words
gst-launch-1.0 -q concat name=words ! audioconvert ! audio/x-raw,channels=2 ! wavenc \
  ! filesink location=call.wav $words
gst-launch-1.0 -q filesrc location=call.wav ! wavparse ! flacenc ! filesink location=speech.flac
lines=0
while read -r line; do
  echo "# $line"
  bash -euo pipefail -c "$line" >log 2>&1 || { cat log; exit 1; }
  grep -q 'emotiondetect, type=' log || { echo "no message"; cat log; exit 1; }
  cat log >>messages
  lines=$((lines + 1))
done < <(sed -n '/^```sh/,/^```$/p' element.md | grep '^gst-launch')
[ "$lines" -ge 3 ]

# Every posted field is documented, and every documented field is posted.
gst-launch-1.0 -m filesrc location=call.wav ! wavparse ! emotiondetect message-mode=both send-features=true \
  silence-threshold=0 ! fakesink >>messages
sed -n 's/.*emotiondetect, \(type=.*\);.*/\1/p' messages | sed 's/features=[^<]*<[^>]*>/features=(x/; s/\\["[^"]*"//g; s/"[^"]*"//g' |
  grep -oE '(^|, )[a-z-]+=\(' | sed 's/^, //; s/=($//' | sort -u >posted
sed -n '/^## Messages/,/^## /s/^\* [a-z0-9 ]* `\([a-z-]*\)`.*/\1/p' element.md | sort -u >documented
diff documented posted || { echo "(< documented in docs/element.md, > posted)"; exit 1; }

# dump-features writes, byte for byte, the output of emotion-features for the file.
gst-launch-1.0 -q filesrc location="$folder/speech.flac" ! decodebin ! emotiondetect dump-features=dumped.csv ! fakesink
features=$(awk '$1 == "name" {print $2; exit}' "$2")
"$emotion_features" --features "$features" -o made.csv "$folder/speech.flac"
cmp dumped.csv made.csv

# Python's bindings can read everything.
if /usr/bin/python3 -c 'import gi; gi.require_version("Gst", "1.0")' 2>/dev/null; then
  /usr/bin/python3 -W ignore "$source_root/tests/scripts/read-messages.py" call.wav
else
  echo "skipped: no python3-gi with gir1.2-gstreamer-1.0"
fi

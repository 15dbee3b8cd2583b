#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the examples with the commands in their headers and runs them: C and Python report the same changes.
# usage: test-examples.sh FOLDER DOCUMENT     the folder of examples, and the page that describes them
set -euo pipefail
fail() { echo "$1"; exit 1; }
examples=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset G_DEBUG
cp "$examples"/on-change.* "$folder"
cd "$folder"
wc -l on-change.* | while read -r lines name; do
  [ "$name" = total ] || [ "$lines" -lt 80 ] || fail "$name has $lines lines"
done

gst-launch-1.0 -q concat name=all ! audioconvert ! wavenc ! filesink location=two.wav \
  filesrc location=/usr/share/sounds/alsa/Front_Left.wav ! wavparse ! audioconvert ! all. \
  audiotestsrc num-buffers=300 wave=saw freq=150 ! all.

grep -q 'examples/on-change.c' "$2"
build=$(sed -n 's/^ \* *\(cc .*\)/\1/p' on-change.c)
bash -euc "$build"
./on-change "file://$folder/two.wav" | tee c.txt
[ "$(grep -cE '^[0-9.]+ s: [a-z]+ -> [a-z]+ \([0-9]+ %\)$' c.txt)" -ge 2 ]
grep -q ': none -> ' c.txt
# The songs of a chained Ogg, as Icecast sends them: both are analysed.
gst-launch-1.0 -q filesrc location=two.wav ! wavparse ! audioconvert ! vorbisenc ! oggmux ! filesink location=song.ogg
gst-launch-1.0 -q filesrc location=two.wav ! wavparse ! audioconvert ! audioresample ! audio/x-raw,rate=22050,channels=2 \
  ! vorbisenc ! oggmux ! filesink location=other.ogg
cat song.ogg other.ogg >chained.ogg
length=$(gst-discoverer-1.0 song.ogg | sed -nE 's/.*Duration: 0:00:([0-9]+).*/\1/p')
./on-change "file://$folder/chained.ogg" | tee chained.txt
awk -v length_of_one="$length" '{ last = $1 } END { exit !(last > length_of_one) }' chained.txt \
  || fail "only the first song was analysed"

! ./on-change file:///missing.wav || fail "a missing file was played"
! EMOTIONDETECT_MODEL=/missing ./on-change "file://$folder/two.wav" 2>log || fail "there was no model"
grep /missing log

/usr/bin/python3 -c 'import gi; gi.require_version("Gst", "1.0")' || {
  echo "the Python example is not run: no python3-gi or gir1.2-gstreamer-1.0"
  exit 77
}
/usr/bin/python3 on-change.py "file://$folder/two.wav" | tee python.txt
diff <(sed 's/ %)/%)/' c.txt) <(grep ' -> ' python.txt)
[ "$(grep -c '^    angry ' python.txt)" -ge 2 ]
/usr/bin/python3 on-change.py "file://$folder/chained.ogg" | grep ' -> ' >chained-python.txt
diff <(sed 's/ %)/%)/' chained.txt) chained-python.txt
! /usr/bin/python3 on-change.py file:///missing.wav || fail "a missing file was played"

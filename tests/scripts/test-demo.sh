#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The demo: without arguments, with a relative path from another folder, and with a file that is not audio.
set -euo pipefail
source_root=$1 build_root=$2
[ "$build_root" = "$source_root/build" ] || { echo "the demo builds in build/; this is $build_root"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset GST_REGISTRY GST_PLUGIN_PATH G_DEBUG
fail() { echo "$1"; cat "$folder/out"; exit 1; }

"$source_root/demo.sh" >"$folder/out" 2>&1 || fail "the demo failed"
grep -q '^Overall' "$folder/out" || fail "no summary"
[ "$(grep -c 'dBFS' "$folder/out")" -ge 15 ] || fail "fewer than 15 windows"

cd "$folder"
gst-launch-1.0 -q audiotestsrc num-buffers=200 ! wavenc ! filesink location="a tone.wav"
"$source_root/demo.sh" "a tone.wav" >"$folder/out" 2>&1 || fail "a relative path with a space failed"
grep -q '^Overall' "$folder/out" || fail "no summary of the relative path"

echo "no audio" >text.wav
! "$source_root/demo.sh" text.wav >"$folder/out" 2>&1 || fail "text was taken for audio"
grep -q 'text.wav' "$folder/out" || fail "the message does not name the file"
! "$source_root/demo.sh" missing.wav >"$folder/out" 2>&1 || fail "a missing file was played"
grep -q 'missing.wav' "$folder/out" || fail "the message does not name the missing file"

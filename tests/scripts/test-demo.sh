#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The demo: without arguments, with a relative path from another folder, with a file that is not audio, and
# with the page, which is ended as by Ctrl-C.
set -euo pipefail
source_root=$1 build_root=$2
[ "$build_root" = "$source_root/build" ] || { echo "the demo builds in build/; this is $build_root"; exit 77; }
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
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

"$source_root/demo.sh" --help | grep -q -e --page || fail "no help"
mkfifo printed
"$source_root/demo.sh" --page --listen 127.0.0.1:0 >printed 2>out &
server=$!
read -r line <printed || fail "the server does not start"
url=$(grep -oE 'http://127.0.0.1:[0-9]+/' <<<"$line") || fail "no address: $line"
[ "$(curl -sS "${url}healthz")" = ok ] || fail "the server does not answer"
curl -sS -o page.html -w '%{http_code} %{content_type}\n' "$url" | grep -q '^200 text/html' || fail "no page"
grep -q '<html' page.html || fail "the page is no page"
curl -sS --data-binary "@a tone.wav" "${url}api/analyze" | grep -q '"emotion"' || fail "a file has no answer"
kill -INT "$server"
wait "$server" || fail "the server ends with status $?"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the emotion of speech with the shipped model, window by window.
# usage: ./demo.sh [FILE|URI]            default: spoken words of alsa-utils, or synthesised speech
#        ./demo.sh --page [OPTION...]    the same in a browser: starts emotion-server with these options
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
speech=$(mktemp --suffix .wav)
trap 'rm -f "$log" "$speech"' EXIT

usage() { sed -n '3,5s/^# //p' "$0"; }
case ${1:-} in
--help) usage && exit ;;
--page) ;;
*)
  if [ $# -gt 1 ] || [[ "${1:-}" == -* ]]; then
    usage >&2
    exit 2
  fi
  ;;
esac
echo "Setting up (packages, build)..." >&2
"$here/setup.sh" >"$log" 2>&1 || {
  cat "$log" >&2
  echo "demo.sh: the set-up failed; see above" >&2
  exit 1
}

if [ "${1:-}" = --page ]; then
  rm -f "$log" "$speech"
  # Not by meson devenv, which would kill the server before its last answers when Ctrl-C ends it.
  GST_PLUGIN_PATH=$here/build/gst-plugin GST_REGISTRY=$here/build/registry.bin \
    EMOTIONDETECT_MODEL_PATH=$here/models exec "$here/build/server/emotion-server" "${@:2}"
fi

# Joins the words, repeated once, into $speech: 16 words of 1.3 to 1.5 s.
join_words() {
  local pipeline="concat name=all ! audioconvert ! wavenc ! filesink location=$speech" word
  for word in "$@" "$@"; do
    pipeline+=" filesrc location=$word ! wavparse ! audioconvert ! audioresample \
      ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! all."
  done
  # shellcheck disable=SC2086  # the pipeline must split into words
  gst-launch-1.0 -q $pipeline
}

source=${1:-}
if [ -z "$source" ]; then
  shopt -s nullglob
  words=(/usr/share/sounds/alsa/{Front,Rear,Side}_*.wav)
  if [ ${#words[@]} -ge 8 ]; then
    join_words "${words[@]}"
    echo "The spoken words of Debian's alsa-utils, joined (/usr/share/sounds/alsa):"
  else
    espeak-ng -s 140 -w "$speech" "This is a synthetic voice, and it feels nothing at all. \
      Somebody taught it to speak, but nobody taught it to be happy, or sad, or angry. \
      Listen to what the detector makes of it: the words do not matter, only the way they sound. \
      Kids are talking by the door. Dogs are sitting by the door."
    echo "Speech synthesised on the spot by espeak-ng:"
  fi
  source=$speech
elif [[ "$source" != *://* ]]; then
  source=$(realpath -m -- "$source")
fi
echo "uridecodebin ! audioconvert ! emotiondetect ! fakesink"
cd "$here"
meson devenv -C build -w "$here" emotion-monitor "$source"

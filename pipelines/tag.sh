#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copies the sound of a file to a FLAC file that has its emotion as a comment (EMOTION=...), besides the tags that it had.
# The comments come before the sound, so that it is heard first, and then copied. The songs of a chained Ogg have one
# each: EMOTION=sad,happy.
# usage: tag.sh FILE|URI OUT.flac

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 2)) || usage
decode "$1"
emotion=$(show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect ! fakesink |
  sed -n 's/.*type=(string)summary.* emotion=(string)\([^,]*\),.*/\1/p' | paste -sd ,)
[ -n "$emotion" ] || { echo "tag.sh: $1 has no sound to hear" >&2; exit 1; }
gst-launch-1.0 -q "${source[@]}" ! audioconvert ! taginject tags="extended-comment=\"EMOTION=$emotion\"" \
  ! flacenc ! filesink location="$2.part"
mv -- "$2.part" "$2"
echo "$emotion"

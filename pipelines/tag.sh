#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copies the audio of a file to a FLAC file, with its emotion as an additional comment (EMOTION=...). Comments precede
# the audio, so the file is read twice: to analyse it, and to copy it. A chained Ogg has one emotion per song, as in
# EMOTION=sad,happy.
# usage: tag.sh FILE|URI OUT.flac

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 2)) || usage
decode "$1"
emotion=$(show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect ! fakesink |
  sed -n 's/.*type=(string)summary.* emotion=(string)\([^,]*\),.*/\1/p' | paste -sd ,)
[ -n "$emotion" ] || { echo "tag.sh: $1: no audio to analyse" >&2; exit 1; }
gst-launch-1.0 -q "${source[@]}" ! audioconvert ! taginject tags="extended-comment=\"EMOTION=$emotion\"" \
  ! flacenc ! filesink location="$2.part"
mv -- "$2.part" "$2"
echo "$emotion"

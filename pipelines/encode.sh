#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Encodes a file as Opus and tells its emotion on the way. The encoder is on the other branch of a tee, and each has a
# queue, so that neither waits for the other.
# usage: encode.sh FILE|URI OUT.ogg

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 2)) || usage
decode "$1"
show "${source[@]}" ! audioconvert ! audioresample ! tee name=tee \
  tee. ! queue ! emotiondetect ! fakesink \
  tee. ! queue ! opusenc ! oggmux ! filesink location="$2.part"
mv -- "$2.part" "$2"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Encodes a file as Opus and prints its emotion at the same time. Encoder and element are on two branches of a tee, each
# with its own queue, so that neither waits for the other.
# usage: encode.sh FILE|URI OUT.ogg

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 2)) || usage
decode "$1"
show "${source[@]}" ! audioconvert ! audioresample ! tee name=tee \
  tee. ! queue ! emotiondetect ! fakesink \
  tee. ! queue ! opusenc ! oggmux ! filesink location="$2.part"
mv -- "$2.part" "$2"

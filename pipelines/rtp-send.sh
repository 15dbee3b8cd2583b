#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sends speech as Opus over RTP, in real time, to rtp-receive.sh.
# usage: rtp-send.sh HOST PORT [FILE|URI]     (default: the microphone)

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 2 && $# <= 3)) || usage
source=(autoaudiosrc)
(($# == 2)) || decode "$3"
gst-launch-1.0 -q -e "${source[@]}" ! queue ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=96 \
  ! udpsink host="$1" port="$2"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Receives speech as Opus over RTP (see rtp-send.sh) and prints its emotion. Ctrl-C stops it and prints a summary.
# With do-lost=true the jitter buffer reports late packets as lost, and they become silence at once. If the sender omits
# pauses (opusenc dtx=true), "audiorate skip-to-first=true" after opusdec fills them with silence.
# usage: rtp-receive.sh PORT [ADDRESS]     address to listen on (default: 127.0.0.1)

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1 && $# <= 2)) || usage
caps=application/x-rtp,media=audio,clock-rate=48000,encoding-name=OPUS,payload=96
show udpsrc address="${2:-127.0.0.1}" port="$1" caps="$caps" ! rtpjitterbuffer do-lost=true ! rtpopusdepay \
  ! opusdec ! audioconvert ! emotiondetect ! fakesink

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The emotion of speech that comes as Opus over RTP, as rtp-send.sh sends it. Ctrl-C ends it with a summary.
# With do-lost=true the jitter buffer reports lost packets when they are late, and they are silence at once. From a sender
# that leaves out pauses (opusenc dtx=true), "audiorate skip-to-first=true" after opusdec puts the silence in its place.
# usage: rtp-receive.sh PORT [ADDRESS]     the address to listen at; without: 127.0.0.1

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1 && $# <= 2)) || usage
caps=application/x-rtp,media=audio,clock-rate=48000,encoding-name=OPUS,payload=96
show udpsrc address="${2:-127.0.0.1}" port="$1" caps="$caps" ! rtpjitterbuffer do-lost=true ! rtpopusdepay \
  ! opusdec ! audioconvert ! emotiondetect ! fakesink

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays a file and analyses the microphone at the same time. WebRTC's echo canceller removes the playback from the
# microphone signal, so that the emotion is that of the person in the room. Needs gstreamer1.0-plugins-bad.
# usage: echo-cancel.sh FILE|URI [MICROPHONE [LOUDSPEAKER]]     elements (default: autoaudiosrc, autoaudiosink)

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1 && $# <= 3)) || usage
decode "$1"
rate=audio/x-raw,rate=48000
# shellcheck disable=SC2086  # an element and its properties
show ${2:-autoaudiosrc} ! queue ! audioconvert ! audioresample ! $rate ! webrtcdsp probe=played \
  ! audioconvert ! emotiondetect ! fakesink \
  "${source[@]}" ! audioconvert ! audioresample ! $rate ! webrtcechoprobe name=played \
  ! audioconvert ! queue ! ${3:-autoaudiosink}

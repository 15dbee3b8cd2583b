#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays files with GStreamer's own player, unchanged: the element comes in with the audio sink, and its property
# last-emotion is told when it changes. Needs gstreamer1.0-plugins-base-apps.
# usage: gst-play.sh [gst-play-1.0's OPTIONS...] FILE|URI...
# environment: SINK     where the sound goes; without: autoaudiosink

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1)) || usage
require_element
gst-play-1.0 --verbose --audiosink="emotiondetect ! ${SINK:-autoaudiosink}" "$@" |
  sed -unE "s/.*: last-emotion = (.*)/\1/p"

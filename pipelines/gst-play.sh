#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays files with gst-play-1.0. The element is inserted before the audio sink, and its property last-emotion is printed
# on each change. Needs gstreamer1.0-plugins-base-apps.
# usage: gst-play.sh [gst-play-1.0's OPTIONS...] FILE|URI...
# environment: SINK     audio sink (default: autoaudiosink)

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1)) || usage
require_element
gst-play-1.0 --verbose --audiosink="emotiondetect ! ${SINK:-autoaudiosink}" "$@" |
  sed -unE "s/.*: last-emotion = (.*)/\1/p"

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the emotion of the audio of an HLS stream, an MPEG transport stream or a video, as fast as it arrives. Needs
# gstreamer1.0-plugins-bad, and gstreamer1.0-libav for AAC.
# usage: hls.sh FILE|URI

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 1)) || usage
decode "$1"
show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect ! fakesink

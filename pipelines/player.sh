#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays an audio or video file or URI and prints the emotion of its audio: the element is the audio filter of playbin.
# usage: player.sh FILE|URI [PROPERTY=VALUE...]     properties of playbin, for example volume=0.5

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1)) || usage
uri=$(to_uri "$1")
show playbin uri="$uri" audio-filter=emotiondetect "${@:2}"

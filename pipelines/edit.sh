#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Analyses a part of a file with GStreamer Editing Services: the element is an effect on the clip. Needs
# libges-1.0-0.
# usage: edit.sh FILE|URI START DURATION     START and DURATION in seconds

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 3)) || usage
uri=$(to_uri "$1")
# With a decimal point the number is in seconds, without one in nanoseconds.
LC_ALL=C printf -v part 'inpoint=%.9f duration=%.9f' "$2" "$3" || usage
timeline="ges:+track audio +clip \"${uri//%/%25}\" $part +effect emotiondetect"
show urisourcebin uri="$timeline" ! audioconvert ! fakesink

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the emotion of a file or URI, window by window, as fast as possible.
# usage: file.sh FILE|URI [PROPERTY=VALUE...]     properties of emotiondetect

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# >= 1)) || usage
decode "$1"
show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect "${@:2}" ! fakesink

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The emotions of both sides of a call that was recorded with one on each channel; the field "channel" tells which.
# usage: stereo-call.sh FILE|URI

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 1)) || usage
decode "$1"
show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect channel-mode=separate message-mode=change ! fakesink

#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints the emotions of both sides of a recorded call, one per stereo channel; the field "channel" has its number.
# usage: stereo-call.sh FILE|URI

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 1)) || usage
decode "$1"
show "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! emotiondetect channel-mode=separate message-mode=change ! fakesink

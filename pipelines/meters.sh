#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Measures emotion, level and spectrum in one pipeline, once per second, and prints the messages of all three elements.
# usage: meters.sh FILE|URI

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# == 1)) || usage
decode "$1"
show_messages "emotiondetect|level|spectrum" "${source[@]}" ! "${unplaced[@]}" ! audioconvert ! level interval=1000000000 \
  ! spectrum interval=1000000000 bands=8 ! emotiondetect ! fakesink
